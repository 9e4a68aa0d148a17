// Invariants: what a strategy trades in production is decided once more on paper, after it; nothing that becomes of the shadow changes
// what becomes of the alert, and neither is ever decided twice.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk, StubMarket } from '../testing/decision-desk.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let paper: string;
let live: string;
beforeEach(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
  paper = await desk.account('paper', 'a paper account');
  live = await desk.account('production', 'the live account');
  await desk.settings.change('mode.master', 'production', 'ada');
  await desk.settings.changeStrategy('breakout', { mode: 'production' }, 'ada');
});
afterEach(() => desk.close());

const signal = (change = {}) => desk.signal({ requestedMode: 'production', strategy: 'breakout', ...change });
/** In the order in which they were made. */
const decisions = (signalId: string) => desk.sql`
  select d.account_id = ${live} as live, d.shadow, d.mode, d.outcome, d.code, trim_scale(d.quantity)::text as quantity,
    (select count(*)::int from orders o where o.decision_id = d.id) as orders
  from decisions d where d.signal_id = ${signalId} order by d.decided_at, d.shadow`;
const status = async (signalId: string) => (await desk.status(signalId))!.status;

it('is decided beside production, on paper, of the same size', async () => {
  const id = await signal();
  await desk.process(id);
  const [real, shadow] = await decisions(id);
  expect(real).toMatchObject({ live: true, shadow: false, mode: 'production', outcome: 'approved', orders: 1 });
  expect(shadow).toMatchObject({ live: false, shadow: true, mode: 'paper', outcome: 'approved', orders: 1 });
  expect(shadow!.quantity).toBe(real!.quantity);
  expect(await status(id)).toBe('approved');
  await desk.process(id);
  expect(await decisions(id)).toHaveLength(2);
});

it('takes the weight of the account it goes beside', async () => {
  await desk.settings.changeStrategy('breakout', { settings: { routes: [{ account: live, weight: '0.5' }] } }, 'ada');
  const half = await signal();
  await desk.process(half);
  const [real, shadow] = await decisions(half);
  expect([real!.shadow, shadow!.shadow, shadow!.quantity === real!.quantity]).toEqual([false, true, true]);
});

it('has no say: the alert is denied where production is, and approved though its shadow is denied', async () => {
  const market = new StubMarket(desk.clock);
  await desk.limit('max-order-value', { maxValue: '1' }, { kind: 'account', name: paper });
  const approved = await signal({ ticker: 'KO' });
  await desk.process(approved, { marketData: () => market });
  expect((await decisions(approved)).map(({ shadow, outcome }) => [shadow, outcome])).toEqual([
    [false, 'approved'],
    [true, 'denied'],
  ]);
  expect(await desk.status(approved)).toMatchObject({ status: 'approved', code: null });

  await desk.limits.remove('max-order-value', { kind: 'account', name: paper }, 1, {
    author: 'ada',
    reason: 'the test is over',
  });
  await desk.limit('max-order-value', { maxValue: '1' }, { kind: 'account', name: live });
  const denied = await signal({ ticker: 'PEP' });
  await desk.process(denied, { marketData: () => market });
  expect((await decisions(denied)).map(({ shadow, outcome }) => [shadow, outcome])).toEqual([
    [false, 'denied'],
    [true, 'approved'],
  ]);
  expect(await status(denied)).toBe('denied');
});

it('does not hold up production while its own market cannot be asked, and follows when it can', async () => {
  const id = await signal();
  const down = new StubMarket(desk.clock);
  down.down = true;
  const marketData = (accountId: string) => (accountId === paper ? down : desk.market);
  expect(await desk.process(id, { marketData })).toMatchObject({ kind: 'again' });
  expect(await decisions(id)).toMatchObject([{ live: true, outcome: 'approved' }]);
  expect(await status(id)).toBe('approved');
  // The process died here: another goes on with what is left.
  expect(await desk.process(id)).toEqual({ kind: 'done' });
  expect(await decisions(id)).toMatchObject([{ live: true }, { shadow: true, mode: 'paper' }]);
});

it('is not where the strategy wants none, or while anybody says paper', async () => {
  const onPaper = await signal({ requestedMode: 'paper' });
  await desk.process(onPaper);
  expect(await decisions(onPaper)).toMatchObject([{ live: false, shadow: false, mode: 'paper' }]);
  await desk.settings.changeStrategy('breakout', { settings: { shadow: false } }, 'ada');
  const alone = await signal({ ticker: 'KO' });
  await desk.process(alone);
  expect(await decisions(alone)).toMatchObject([{ live: true, shadow: false }]);
});
