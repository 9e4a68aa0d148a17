// Invariants: what an account did is read under the account's lock, and is what the tables say; what is not there is null or nothing.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decimal, money, text } from '../../../core/decimal.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { openDecisionDesk } from '../../../testing/decision-desk.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createActivityReader, startOfSessions } from './activity.ts';

let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
let accountId: string;
beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  accountId = await desk.account();
});

/** It is Friday, 20 November 2026, 10:00 in New York; the week began on Monday the 16th. */
const now = new Date('2026-11-20T15:00:00Z');
const unknown: Pick<MarketFacts, 'session'> = { session: () => null };
const seen = async (market = unknown) => {
  const reader = createActivityReader(market);
  return reader.read(accountId, now, await Promise.all(reader.ask(desk.sql, accountId, now)));
};
const snapshot = (at: string, equity: string) => desk.sql`
  insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
  values (${accountId}, ${at}, ${equity}, '0', ${equity}, '0', '0')`;
const trade = (openedAt: string, closedAt: string, symbol = 'AAPL', profit = '5') => desk.sql`
  insert into closed_trades (account_id, strategy, symbol, side, quantity, profit, opened_at, closed_at)
  values (${accountId}, 'momentum', ${symbol}, 'buy', '1', ${profit}, ${openedAt}, ${closedAt})`;

it('is nothing where there is nothing', async () => {
  expect(await seen()).toEqual({
    ...{ entries: [], trades: [], equityAtWeekStart: null, peakEquity: null, paidIn: null, dayTrades: 0 },
  });
});

it('has the marks of equity: the first of the week, the highest, and the first with what was paid in since', async () => {
  // The account’s books were opened with 100,000 at the desk’s time, which is now.
  await snapshot('2026-11-20T15:00:01Z', '100100');
  await snapshot('2026-11-20T15:00:02Z', '104000.5');
  await snapshot('2026-11-20T15:00:03Z', '103000');
  expect(await seen()).toMatchObject({
    ...{ equityAtWeekStart: money('100100'), peakEquity: money('104000.5'), paidIn: money('100100') },
  });
  await desk.clock.advance(60_000);
  await desk.pay(accountId, '2500');
  await desk.pay(accountId, '-500');
  expect(text((await seen()).paidIn!)).toBe('102100');
  // One that is older, whenever it comes, is the first; what was paid in after it counts.
  await snapshot('2026-11-13T15:00:00Z', '90');
  expect(text((await seen()).paidIn!)).toBe('102090');
  expect(text((await seen()).equityAtWeekStart!)).toBe('100100');
  await snapshot('2026-11-16T05:00:00Z', '91');
  expect(text((await seen()).equityAtWeekStart!)).toBe('91');
});

it('has the entries of the day by decision, not its exits, nor what took an order’s place', async () => {
  const order = async (at: string, change: Record<string, string | number | null> = {}) => {
    const signalId = await desk.signal();
    const decisionId = systemRandom.id();
    await desk.sql`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, started_at, decided_at)
      values (${decisionId}, ${signalId}, ${accountId}, 'paper', '[]', 'entry', 'approved', '[]', ${at}, ${at})`;
    const id = systemRandom.id();
    const row = {
      ...{
        id,
        account_id: accountId,
        decision_id: decisionId,
        signal_id: signalId,
        strategy: 'momentum',
        mode: 'paper',
      },
      ...{ role: 'entry', client_order_id: id, symbol: 'AAPL', side: 'buy', type: 'market', order_class: 'simple' },
      ...{ time_in_force: 'day', quantity: '10', reference_price: '150.5', status: 'approved', created_at: at },
      ...{ updated_at: at, step: 0, ...change },
    };
    await desk.sql`insert into orders ${desk.sql(row)}`;
    return { id, decisionId };
  };
  const first = await order('2026-11-20T05:00:00Z');
  await order('2026-11-20T04:59:59Z');
  await order('2026-11-20T14:00:00Z', { role: 'exit' });
  await order('2026-11-20T14:00:00Z', { replaces_id: first.id, decision_id: null });
  const split = await order('2026-11-20T14:30:00Z', { symbol: 'KO' });
  await order('2026-11-20T14:30:00Z', { symbol: 'KO', decision_id: split.decisionId, step: 1 });
  const { entries } = await seen();
  expect(entries.map((one) => [one.symbol, one.strategy, text(one.value), one.at.toISOString()])).toEqual([
    ['KO', 'momentum', '3010', '2026-11-20T14:30:00.000Z'],
    ['AAPL', 'momentum', '1505', '2026-11-20T05:00:00.000Z'],
  ]);
  // Just after midnight the last hour is longer than the day.
  const reader = createActivityReader(unknown);
  const night = new Date('2026-11-20T05:20:00Z');
  const late = reader.read(accountId, night, await Promise.all(reader.ask(desk.sql, accountId, night)));
  expect(late.entries).toHaveLength(3);
});

it('has the trades of a year, the newest first, and counts those of one day in five sessions', async () => {
  await trade('2025-11-19T15:00:00Z', '2025-11-20T14:59:59Z', 'OLD');
  await trade('2025-11-19T15:00:00Z', '2025-11-20T15:00:00Z', 'EDGE');
  await trade('2026-11-13T15:00:00Z', '2026-11-13T16:00:00Z', 'BEFORE');
  await trade('2026-11-16T14:31:00Z', '2026-11-16T20:59:00Z', 'MONDAY', '-7.5');
  await trade('2026-11-19T15:00:00Z', '2026-11-20T14:40:00Z', 'OVERNIGHT');
  await trade('2026-11-20T14:31:00Z', '2026-11-20T14:35:00Z', 'BTC/USD');
  await trade('2026-11-20T14:31:00Z', '2026-11-20T14:45:00Z', 'TODAY');
  const weekdays: Pick<MarketFacts, 'session'> = {
    session: (at) => ([0, 6].includes(at.getUTCDay()) ? 'closed' : { opensAt: at, closesAt: at }),
  };
  const { trades, dayTrades } = await seen(weekdays);
  expect(trades.map((one) => one.symbol)).toEqual(['TODAY', 'OVERNIGHT', 'BTC/USD', 'MONDAY', 'BEFORE', 'EDGE']);
  expect(text(trades.reduce((sum, one) => sum.plus(one.profit), decimal('0')))).toBe('17.5');
  expect(dayTrades).toBe(2);
  // Without a calendar rather too many are counted.
  expect((await seen()).dayTrades).toBe(3);
});

it('sees a trade that was closed since it looked last, and one that was taken back', async () => {
  const reader = createActivityReader(unknown);
  const look = async () =>
    reader.read(accountId, now, await Promise.all(reader.ask(desk.sql, accountId, now))).trades.length;
  expect(await look()).toBe(0);
  await trade('2026-11-20T14:31:00Z', '2026-11-20T14:45:00Z');
  expect([await look(), await look()]).toEqual([1, 1]);
  await desk.sql`delete from closed_trades where account_id = ${accountId}`;
  expect(await look()).toBe(0);
});

it('is asked for after the account is locked', async () => {
  await snapshot('2026-11-20T14:00:00Z', '100');
  const found = await desk.decisions.signal(await desk.signal());
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const writing = desk.sql.begin(async (tx) => {
    await tx`select from accounts where id = ${accountId} for no key update`;
    locked.resolve();
    await release.promise;
    await tx`
      insert into closed_trades (account_id, strategy, symbol, side, quantity, profit, opened_at, closed_at)
      values (${accountId}, 'momentum', 'AAPL', 'buy', '1', '5', ${now}, ${now})`;
  });
  await locked.promise;
  const bar = { start: new Date('2026-11-20T15:00:00Z'), end: new Date('2026-11-20T15:05:00Z') };
  let count = -1;
  const deciding = desk.decisions.decide(found!, accountId, bar, (view) => {
    count = view.activity.trades.length;
    return null;
  });
  const waits = () => desk.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await waits()).length).toBeGreaterThan(0);
  release.resolve();
  await Promise.all([writing, deciding]);
  expect(count).toBe(1);
});

it('counts sessions back over weekends and holidays', () => {
  // Thursday the 26th is Thanksgiving.
  const market: Pick<MarketFacts, 'session'> = {
    session: (at) =>
      [0, 6].includes(at.getUTCDay()) || at.toISOString().startsWith('2026-11-26')
        ? 'closed'
        : { opensAt: at, closesAt: at },
  };
  const from = (at: string) => startOfSessions(market, new Date(at), 5).toISOString();
  expect(from('2026-11-30T15:00:00Z')).toBe('2026-11-23T05:00:00.000Z');
  expect(from('2026-11-29T15:00:00Z')).toBe('2026-11-20T05:00:00.000Z');
});
