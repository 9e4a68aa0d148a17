// A template through the real intake, over HTTP on a real PostgreSQL: its text becomes the signal that it says, the same text once within the
// window and an id for ever, another text is refused with its code; and what the source was set to stays with each alert.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { openProofDesk, type ProofDesk } from '../testing/proof-desk.ts';

const clock = new ManualClock();
let database: TestDatabase;
let desk: ProofDesk;

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await openProofDesk(database.url, clock, []);
});
afterAll(async () => {
  await desk?.close();
  await database?.drop();
});

async function source(name: string, template: string | null, dialect: string | null, strategy: string | null = null) {
  const reading = template === null ? null : { template, targetUnit: null, volumeUnit: null };
  const token = await desk.tokens.issue(name, name, { dialect, strategy, reading }, 'a person');
  return {
    id: (await desk.tokens.find(token))!.id,
    async send(text: string) {
      const url = `http://127.0.0.1:${desk.port}/hooks/${name}/${token}`;
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text });
      const body = (await answer.json()) as { id?: string; code?: string };
      return { ...body, status: answer.status };
    },
  };
}
const stored = async (id: string | undefined) => {
  const [row] = await database.sql`select status, parsed, read_as, strategy from trading_signals where id = ${id!}`;
  return row!;
};

test('a text becomes what its template says, for the strategy of its source, and the same text is the same alert', async () => {
  const template = '{action} {quantity} {ticker} under {limit}, out at {stop}{orderType=limit}';
  const from = await source('desk', template, 'template', 'momentum');
  const text = 'Buy 12 NSE:M&M under 2500.5, out at 2400';
  const taken = await from.send(text);
  expect(taken.status).toBe(202);
  expect(await stored(taken.id)).toMatchObject({
    status: 'accepted',
    strategy: 'momentum',
    parsed: {
      action: 'buy',
      ticker: 'M&M',
      quantity: '12',
      limitPrice: '2500.5',
      stopLoss: '2400',
      orderType: 'limit',
    },
    read_as: { dialect: 'template', strategy: 'momentum', reading: { template } },
  });
  expect(await from.send(text)).toMatchObject({ status: 200, id: taken.id });
});

test('an id that the template takes is the alert, whatever else the text says', async () => {
  const from = await source('numbered', '#{id} {action} {ticker}', 'template');
  const first = await from.send('#7 sell AAPL');
  await clock.advance(86_400_000);
  expect(await from.send('#7 sell MSFT')).toMatchObject({ status: 200, id: first.id });
  expect((await from.send('#8 sell AAPL')).status).toBe(202);
});

test('what does not fit is refused and kept, and is never taken for another dialect', async () => {
  const from = await source('strict', '{action} {ticker} at {price}', 'template');
  for (const text of [
    'hello',
    '{"signal":"BUY","ticker":"AAPL","risk":100}',
    'order buy @ 1 filled on AAPL. New strategy position is 1',
  ])
    expect(await from.send(text)).toMatchObject({ status: 400, code: 'INTAKE_MALFORMED' });
  expect(await from.send('buy AAPL at noon')).toMatchObject({ status: 400, code: 'INTAKE_INVALID' });
});

test('by shape, a template comes before the dialects, and they read the rest; a template that is changed is read by from then on', async () => {
  const from = await source('open', 'Cross of {ticker} {action=buy}', null);
  const crossed = await from.send('Cross of AAPL');
  const plain = await from.send('{"signal":"EXIT","ticker":"AAPL"}');
  expect([crossed.status, plain.status]).toEqual([202, 202]);
  await desk.tokens.change(from.id, {
    reading: { template: 'Cross of {ticker} {action=sell}', targetUnit: null, volumeUnit: null },
  });
  const later = await from.send('Cross of  MSFT');
  expect((await stored(crossed.id)).parsed).toMatchObject({ action: 'buy', ticker: 'AAPL' });
  expect((await stored(later.id)).parsed).toMatchObject({ action: 'sell', ticker: 'MSFT' });
  expect((await stored(crossed.id)).read_as.reading.template).toContain('action=buy');
  // Of a source that is set to nothing, nothing is kept.
  const bare = await source('bare', null, null);
  expect((await stored((await bare.send('{"signal":"EXIT","ticker":"KO"}')).id)).read_as).toBeNull();
});
