import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../testing/database.ts';
import { openDecisionDesk } from '../../../testing/decision-desk.ts';
import { forgetFacts } from './forget-facts.ts';
import { unpackFacts } from './pack-facts.ts';

it('deletes what old decisions were made on, and leaves the decisions and the younger ones', async () => {
  const desk = await openDecisionDesk(await createTestDatabase());
  try {
    await desk.account();
    const old = await desk.signal();
    await desk.process(old);
    const between = new Date(desk.clock.now().getTime() + 1);
    await desk.clock.advance(60_000);
    const young = await desk.signal({ ticker: 'MSFT' });
    await desk.process(young);
    expect(await forgetFacts(desk.sql, between)).toBe(1);
    const kept = await desk.sql<{ signalId: string; facts: Uint8Array }[]>`
      select signal_id as "signalId", facts from decision_facts join decisions on id = decision_id`;
    expect(kept.map((row) => row.signalId)).toEqual([young]);
    expect(unpackFacts(kept[0]!.facts)).toMatchObject({ v: 1, weight: '1', result: { outcome: 'approved' } });
    expect(await desk.decision(old)).toMatchObject({ outcome: 'approved' });
  } finally {
    await desk.close();
  }
});
