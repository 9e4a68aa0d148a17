// Invariants: what a strategy has in an account can be ended by its alerts, wherever its entries go by now; nothing is ever entered in an
// account that it has no route to; an alert that says paper reaches no production account.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quantity } from '../core/decimal.ts';
import type { Mode } from '../core/model/mode.ts';
import { signalActions } from '../core/model/signal.ts';
import type { StrategyHolding, TradingAccount } from '../core/ports/decision-store.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { tradeSignal } from '../testing/risk-context.ts';
import { withExits } from './exit-destinations.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let kept: string;
let left: string;
beforeEach(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
  kept = await desk.account('paper', 'kept');
  left = await desk.account('paper', 'left');
  await routes(kept);
});
afterEach(() => desk.close());

const strategy = 'momentum';
const routes = (...accounts: string[]) =>
  desk.settings.changeStrategy(
    strategy,
    { settings: { routes: accounts.map((account) => ({ account, weight: '1' })) } },
    'ada',
  );
const bare = { entryPrice: null, stopLoss: null, takeProfit: null } as const;
const alert = (action: (typeof signalActions)[number], change = {}) =>
  desk.signal({ ...bare, action, side: null, riskAmount: null, ticker: 'KO', ...change });
const sell = (change = {}) => desk.signal({ ...bare, side: 'sell', ticker: 'KO', ...change });
interface Told {
  account: string;
  outcome: string;
  intent: string;
  mode: Mode;
  shadow: boolean;
  quantity: string;
  code: string | null;
}
async function decide(signalId: string): Promise<Told[]> {
  expect(await desk.process(signalId)).toEqual({ kind: 'done' });
  return told(signalId);
}
const told = (signalId: string) => desk.sql<Told[]>`
  select a.name as account, d.outcome, d.intent, d.mode, d.shadow, trim_scale(d.quantity)::text as quantity, d.code
  from decisions d join accounts a on a.id = d.account_id where d.signal_id = ${signalId} order by d.shadow, a.name`;
const ordersOf = (signalId: string) => desk.sql<{ account: string; role: string; side: string; quantity: string }[]>`
  select a.name as account, o.role, o.side, trim_scale(o.quantity)::text as quantity
  from orders o join accounts a on a.id = o.account_id where o.signal_id = ${signalId} order by a.name, o.step`;
const jobs = (queue: string) => desk.sql<{ data: Record<string, unknown> }[]>`
  select data from pgboss.job where name = ${queue}`;
const sold = { account: 'left', role: 'exit', side: 'sell', quantity: '80' };

describe('an account that a strategy has shares in, and no route to any more', () => {
  beforeEach(() => desk.hold(left, 'KO', '80', '4800'));

  it.each(['exit', 'flatten'] as const)('is reached by %s, and says that it is for exits only', async (action) => {
    const id = await alert(action);
    expect(await decide(id)).toMatchObject([
      { account: 'kept', outcome: 'denied', code: 'RISK_NOTHING_TO_CLOSE' },
      { account: 'left', outcome: 'approved', intent: 'exit', quantity: '80', shadow: false },
    ]);
    expect(await ordersOf(id)).toEqual([sold]);
    expect(await desk.status(id)).toMatchObject({ status: 'approved', code: null });
    const [row] = await desk.sql`select destinations from trading_signals where id = ${id}`;
    expect(row!.destinations).toEqual([
      { accountId: kept, weight: '1', shadow: false },
      { accountId: left, weight: '1', shadow: false, exitOnly: true },
    ]);
  });

  it('is sold to by an alert that shorts elsewhere, and left alone by one that buys or adds', async () => {
    await desk.settings.changeStrategy(strategy, { settings: { allowShort: true } }, 'ada');
    const down = await sell();
    expect(await decide(down)).toMatchObject([
      { account: 'kept', outcome: 'approved', intent: 'entry' },
      { account: 'left', outcome: 'approved', intent: 'exit', quantity: '80' },
    ]);
    expect((await ordersOf(down)).filter((order) => order.account === 'left')).toEqual([sold]);
    for (const id of [await desk.signal({ ticker: 'KO' }), await alert('add', { quantity: quantity('5') })]) {
      expect((await decide(id)).map((one) => one.account)).toEqual(['kept']);
    }
  });

  it('has the exit of a reversal, and not its entry', async () => {
    await desk.settings.changeStrategy(strategy, { settings: { allowShort: true } }, 'ada');
    const id = await alert('reverse', { quantity: quantity('40') });
    expect((await decide(id)).at(-1)).toMatchObject({ account: 'left', outcome: 'approved', intent: 'exit' });
    expect(await ordersOf(id)).toEqual([sold]);
    const [row] = await desk.sql`select sizing from decisions where signal_id = ${id} and account_id = ${left}`;
    expect(row!.sizing.sentence).toContain('momentum has no route to this account now');
  });

  it('is not shorted when its shares are gone before the alert’s turn comes', async () => {
    await desk.settings.changeStrategy(strategy, { settings: { allowShort: true } }, 'ada');
    const id = await sell();
    const gone: typeof desk.decisions = {
      ...desk.decisions,
      async decide(...asked) {
        await desk.sql`
          with own as (update strategy_positions set quantity = 0, cost = 0 where account_id = ${left})
          update positions set quantity = 0, cost = 0 where account_id = ${left}`;
        return desk.decisions.decide(...asked);
      },
    };
    await desk.process(id, { decisions: gone });
    expect((await told(id)).at(-1)).toMatchObject({
      account: 'left',
      outcome: 'denied',
      code: 'RISK_NOTHING_TO_CLOSE',
    });
    expect((await ordersOf(id)).map((order) => order.account)).toEqual(['kept']);
  });

  it('is reached though no account is left to enter in, and by the alert that was taken up again after a crash', async () => {
    await desk.sql`update accounts set enabled = false where id = ${kept}`;
    await routes('00000000-0000-4000-8000-000000000001');
    const id = await alert('exit');
    const dying = { ...desk.decisions, decide: () => Promise.reject(new Error('the process was killed')) };
    await expect(desk.process(id, { decisions: dying })).rejects.toThrow('killed');
    expect(await decide(id)).toMatchObject([{ account: 'left', outcome: 'approved', quantity: '80' }]);
  });

  it('is not, when the alert names an account, or another strategy has the shares, or it was put away', async () => {
    expect((await decide(await alert('exit', { account: 'kept' }))).map((one) => one.account)).toEqual(['kept']);
    const others = await alert('exit', { strategy: 'other' });
    expect(await decide(others)).toMatchObject([{ outcome: 'denied', code: 'RISK_NOTHING_TO_CLOSE' }]);
    await desk.sql`update accounts set archived_at = ${desk.clock.now()}, enabled = false where id = ${left}`;
    expect((await decide(await alert('exit'))).map((one) => one.account)).toEqual(['kept']);
  });

  it('has its stops moved', async () => {
    await desk.sql`
      insert into orders (id, account_id, strategy, mode, role, client_order_id, symbol, side, type, order_class, time_in_force,
        quantity, stop_price, reference_price, status, created_at, updated_at)
      values (gen_random_uuid(), ${left}, ${strategy}, 'paper', 'stop_loss', 'stop', 'KO', 'sell', 'stop', 'simple', 'gtc',
        80, 55, 55, 'accepted', ${desk.clock.now()}, ${desk.clock.now()})`;
    expect((await decide(await alert('breakeven'))).at(-1)).toMatchObject({ account: 'left', outcome: 'approved' });
    expect((await jobs('order.replace')).map(({ data }) => data.change)).toEqual([{ stopPrice: '60' }]);
  });
});

it('has its open entry cancelled where it is, and shares that come of it closed with the weight they were entered with', async () => {
  await desk.settings.changeStrategy(strategy, { settings: { routes: [{ account: left, weight: '0.5' }] } }, 'ada');
  const entry = await desk.signal({ ticker: 'KO', entryPrice: null });
  await decide(entry);
  const [order] = await desk.sql`select id from orders where signal_id = ${entry}`;
  await routes(kept);
  const cancel = await alert('cancel');
  expect((await decide(cancel)).at(-1)).toMatchObject({ account: 'left', outcome: 'approved', intent: 'adjust' });
  expect((await jobs('order.cancel')).map(({ data }) => data.orderId)).toEqual([order!.id]);

  await desk.hold(left, 'KO', '30', '4500');
  await desk.sql`update orders set status = 'cancelled' where id = ${order!.id}`;
  const part = await alert('exit', { quantity: quantity('20') });
  expect((await decide(part)).at(-1)).toMatchObject({ account: 'left', outcome: 'approved', quantity: '10' });
});

describe('what was changed between paper and production', () => {
  let live: string;
  beforeEach(async () => {
    live = await desk.account('production', 'live');
    await desk.settings.change('mode.master', 'production', 'ada');
  });

  it('closes on paper what paper has, once its strategy trades production', async () => {
    await routes(live);
    await desk.settings.changeStrategy(strategy, { mode: 'production', settings: { shadow: false } }, 'ada');
    await desk.hold(left, 'KO', '80', '4800');
    expect(await decide(await alert('exit', { requestedMode: 'production' }))).toMatchObject([
      { account: 'left', mode: 'paper', outcome: 'approved', quantity: '80' },
      { account: 'live', mode: 'production', outcome: 'denied' },
    ]);
  });

  it('closes in production what production has, once its strategy or the master switch is on paper, and never for an alert on paper', async () => {
    await routes(live);
    await desk.settings.changeStrategy(strategy, { mode: 'paper' }, 'ada');
    await desk.hold(live, 'KO', '80', '4800');
    expect((await decide(await alert('exit'))).map((one) => one.account)).toEqual(['kept']);
    const exit = await alert('exit', { requestedMode: 'production' });
    expect(await decide(exit)).toMatchObject([
      { account: 'kept', mode: 'paper', outcome: 'denied' },
      { account: 'live', mode: 'production', outcome: 'approved', quantity: '80' },
    ]);
    expect(await ordersOf(exit)).toEqual([{ ...sold, account: 'live' }]);
    await desk.settings.change('mode.master', 'paper', 'ada');
    expect((await decide(await alert('exit', { requestedMode: 'production' }))).at(-1)).toMatchObject({
      account: 'live',
      outcome: 'approved',
    });
  });

  it('closes in the account that a person names, with the master switch on paper too, but never for an alert on paper', async () => {
    await desk.hold(live, 'KO', '80', '4800');
    await desk.settings.change('mode.master', 'paper', 'ada');
    const named = (requestedMode: Mode) => alert('exit', { account: 'live', requestedMode });
    expect(await decide(await named('paper'))).toMatchObject([
      { account: 'live', outcome: 'denied', code: 'RISK_MODE' },
    ]);
    const exit = await named('production');
    expect(await decide(exit)).toMatchObject([{ account: 'live', mode: 'production', outcome: 'approved' }]);
    expect(await ordersOf(exit)).toEqual([{ ...sold, account: 'live' }]);
    const entry = await desk.signal({ ticker: 'KO', account: 'live', requestedMode: 'production' });
    expect(await decide(entry)).toMatchObject([{ outcome: 'denied', code: 'RISK_MODE' }]);
  });

  it('closes the shares of a shadow where they are, when another account has become the shadow, or none is wanted', async () => {
    await routes(live);
    await desk.settings.changeStrategy(strategy, { mode: 'production' }, 'ada');
    const entry = await desk.signal({ ticker: 'KO', requestedMode: 'production' });
    await decide(entry);
    await desk.sql`update orders set status = 'filled' where signal_id = ${entry}`;
    await desk.hold(kept, 'KO', '80', '4800');
    await desk.hold(live, 'KO', '80', '4800');
    const older = await desk.account('paper', 'an older one, back again');
    await desk.sql`update accounts set created_at = '2026-01-01' where id = ${older}`;
    const exit = await alert('exit', { requestedMode: 'production' });
    expect(await decide(exit)).toMatchObject([
      { account: 'live', shadow: false, outcome: 'approved' },
      { account: 'an older one, back again', shadow: true, outcome: 'denied' },
      { account: 'kept', shadow: true, outcome: 'approved', quantity: '80' },
    ]);
    await desk.settings.changeStrategy(strategy, { settings: { shadow: false } }, 'ada');
    await desk.sql`update orders set status = 'cancelled' where signal_id = ${exit}`;
    expect((await decide(await alert('exit', { requestedMode: 'production' }))).at(-1)).toMatchObject({
      account: 'kept',
      shadow: true,
      outcome: 'approved',
    });
  });
});

describe('the accounts beside the routes', () => {
  it('are for exits only, hold something, and are not production for an alert on paper', () => {
    const mode = fc.constantFrom<Mode>('paper', 'production');
    const amount = fc.integer({ min: -50, max: 50 }).map(String);
    const anyAccount = fc.record({
      mode,
      held: amount,
      entering: amount,
      routed: fc.boolean(),
      shadow: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(anyAccount, { maxLength: 6 }),
        fc.constantFrom(...signalActions),
        mode,
        (given, action, requestedMode) => {
          const accounts = given.map(
            (one, at): TradingAccount => ({ accountId: `${at}`, name: `${at}`, mode: one.mode, enabled: true }),
          );
          const holdings = given.map(
            ({ held, entering, shadow }, at): StrategyHolding => ({
              ...{ accountId: `${at}`, held, entering, shadow, weight: '0.5' },
              entries: entering === '0' ? 0 : 1,
            }),
          );
          const routed = given.flatMap((one, at) =>
            one.routed ? [{ accountId: `${at}`, weight: '1', shadow: false }] : [],
          );
          const side = action === 'buy' || action === 'sell' ? action : null;
          const to = withExits(tradeSignal({ action, side, requestedMode }), routed, holdings, accounts);
          expect(to.filter((one) => one.exitOnly === undefined)).toEqual(routed);
          expect(new Set(to.map((one) => one.accountId)).size).toBe(to.length);
          for (const [at, one] of given.entries()) {
            const reached = to.some((destination) => destination.accountId === `${at}`);
            const may = one.mode === 'paper' || requestedMode === 'production';
            if (!one.routed && !may) expect(reached).toBe(false);
            if (!one.routed && action === 'add') expect(reached).toBe(false);
            if (may && action === 'exit' && one.held !== '0') expect(reached).toBe(true);
          }
        },
      ),
    );
  });
});
