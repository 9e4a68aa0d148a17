import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimitStore } from '../adapters/database/limit-store/limit-store.ts';
import { decimal, price, quantity } from '../core/decimal.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
  await desk.account();
});
afterAll(() => desk.close());

const decided = async (change: Parameters<Desk['signal']>[0]) => {
  const id = await desk.signal({ riskAmount: null, takeProfit: null, ...change });
  await desk.process(id);
  const orders = await desk.sql<{ quantity: string }[]>`
    select trim_scale(quantity)::text as quantity from orders where signal_id = ${id} order by step`;
  return { decision: (await desk.decision(id))!, orders: orders.map((order) => order.quantity) };
};

describe('a decision', () => {
  it('is sized by the strategy’s method, by the equity that it is decided on', async () => {
    const sizing = { method: 'percent-risk', parameters: { share: '0.0002' } };
    await desk.settings.changeStrategy('sized', { settings: { sizing } }, 'ada');
    const { decision, orders } = await decided({ strategy: 'sized' });
    expect(orders).toEqual(['10']);
    expect(decision.sizing).toMatchObject({
      ...{ method: 'percent_risk', quantity: '10', inputs: { equity: '100000', share: '0.0002' } },
      sentence: '20 at risk (0.02 % of 100000 equity) / 2 a share (entry 150, stop 148) = 10 shares.',
    });
  });

  it('shares what the limits left between the targets', async () => {
    await createLimitStore({ sql: desk.sql, clock: desk.clock }).set(
      {
        ...{ rule: 'max-order-value', scope: { kind: 'strategy', name: 'targeted' }, on: true, severity: 'reduce' },
        parameters: { maxValue: '1500' },
      },
      0,
      { author: 'ada', reason: 'a test' },
    );
    await desk.settings.refresh();
    const takeProfits = ['155', '160'].map((at) => ({ price: price(at), portion: decimal('0.5') }));
    const signal = { strategy: 'targeted', ticker: 'MSFT', quantity: quantity('40'), takeProfits };
    const { decision, orders } = await decided(signal);
    expect(decision).toMatchObject({ outcome: 'approved', sizing: { quantity: '10' } });
    expect(orders).toEqual(['5', '5']);
  });
});
