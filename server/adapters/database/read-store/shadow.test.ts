// Invariant: whatever was traded before a window, and whatever was held when it began, the trades and the drift of the signals decided in it
// are those that all fills give; a trade that the venue took back is none.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Big, decimal, money, price, quantity, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { Side } from '../../../core/model/signal.ts';
import { tradesInBoth } from '../../../pipeline/projections/shadow/drift.ts';
import { roundTrips, type TradeFill } from '../../../pipeline/projections/shadow/round-trips.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { strategyDrift } from './shadow.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Move {
  readonly side: Side;
  readonly size: number;
  readonly cents: number;
  readonly worse: number;
  readonly symbol: string;
  readonly busted: boolean;
}
const halfDay = 43_200_000;
const timeOf = (n: number): Date => new Date(Date.UTC(2026, 0, 5) + n * halfDay);

/** Each move as a signal of its own, filled in production and in its shadow; answers with what counts of it. */
async function trade(strategy: string, moves: readonly Move[]): Promise<Record<Mode, TradeFill[]>> {
  const { sql } = database;
  const fills: Record<Mode, TradeFill[]> = { production: [], paper: [] };
  const accounts = { production: systemRandom.id(), paper: systemRandom.id() };
  for (const mode of ['production', 'paper'] as const) {
    await sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${accounts[mode]}, ${accounts[mode]}, 'alpaca', 'embedded', ${mode}, 'key', 'sealed')`;
  }
  for (const [n, move] of moves.entries()) {
    const signalId = systemRandom.id();
    const at = timeOf(n);
    const { side, symbol } = move;
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, strategy, parsed)
      values (${signalId}, 'tradingview', ${at}, 'approved', '{}', '{}', ${strategy}, '{"riskAmount": "50"}')`;
    for (const mode of ['production', 'paper'] as const) {
      const [decisionId, orderId] = [systemRandom.id(), systemRandom.id()];
      const accountId = accounts[mode];
      const paid = text(decimal(String(move.cents + (mode === 'production' ? move.worse : 0))).div('100'));
      const size = String(move.size);
      const busted = move.busted && mode === 'production';
      await sql`
        insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, shadow, started_at, decided_at)
        values (${decisionId}, ${signalId}, ${accountId}, ${mode}, '[]', 'entry', 'approved', '[]', ${mode === 'paper'}, ${at}, ${at})`;
      await sql`
        insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, symbol, side, type,
          order_class, time_in_force, quantity, reference_price, status, filled_quantity, filled_cost, created_at, updated_at)
        values (${orderId}, ${accountId}, ${decisionId}, ${signalId}, ${strategy}, ${mode}, 'entry', ${orderId}, ${symbol}, ${side},
          'market', 'simple', 'day', ${size}, ${paid}, 'filled', ${busted ? '0' : size}, ${busted ? '0' : paid}::numeric * ${size},
          ${at}, ${at})`;
      await sql`
        insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, fee,
          cumulative_quantity, source, executed_at, recorded_at)
        values (${systemRandom.id()}, ${orderId}, ${accountId}, ${orderId}, ${symbol}, ${side}, ${size}, ${paid}, '0.01', ${size},
          'stream', ${at}, ${at})`;
      if (busted) {
        await sql`
          insert into execution_corrections (id, order_id, account_id, kind, execution_id, previous_execution_id, symbol, side,
            quantity, price, realized_pnl, source, corrected_at, recorded_at)
          values (${systemRandom.id()}, ${orderId}, ${accountId}, 'bust', ${`bust ${orderId}`}, ${orderId}, ${symbol}, ${side},
            ${size}, ${paid}, '0', 'stream', ${at}, ${at})`;
        continue;
      }
      const fill = { accountId, symbol, side, at, signalId, fee: money('0.01') };
      fills[mode].push({ ...fill, quantity: quantity(size), price: price(paid) });
      const signed = side === 'buy' ? size : `-${size}`;
      await sql`
        with own as (
          insert into strategy_positions as held (account_id, strategy, symbol, quantity, cost, updated_at)
          values (${accountId}, ${strategy}, ${symbol}, ${signed}, '0', ${at})
          on conflict (account_id, strategy, symbol) do update set quantity = held.quantity + excluded.quantity)
        insert into positions as held (account_id, symbol, quantity, cost, updated_at)
        values (${accountId}, ${symbol}, ${signed}, '0', ${at})
        on conflict (account_id, symbol) do update set quantity = held.quantity + excluded.quantity`;
    }
  }
  return fills;
}

it('is the same by what was filled since the window began as by everything', async () => {
  const move = fc.record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    size: fc.integer({ min: 1, max: 3 }),
    cents: fc.integer({ min: 5000, max: 6000 }),
    worse: fc.integer({ min: -50, max: 50 }),
    symbol: fc.constantFrom('KO', 'PEP'),
    busted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  let [compared, across] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 12, maxLength: 24 }), fc.nat(12), async (moves, cut) => {
      const strategy = systemRandom.id();
      const fills = await trade(strategy, moves);
      const since = timeOf(cut);
      const trips = (mode: Mode) => roundTrips(fills[mode]);
      const inWindow = (mode: Mode) => trips(mode).filter((trip) => trip.openedAt >= since);
      const both = tradesInBoth({ production: inWindow('production'), paper: inWindow('paper') });
      const total = (amounts: readonly Big[]) => text(amounts.reduce((sum, one) => sum.plus(one), decimal('0')));
      const drift = await strategyDrift(database.sql, strategy, since);
      expect(drift).toMatchObject({
        trades: both.length,
        productionPnl: total(both.map(({ real }) => real.pnl)),
        paperPnl: total(both.map(({ paper }) => paper.pnl)),
        pairs: moves.slice(cut).filter((one) => !one.busted).length,
      });
      expect(drift.results.map((one) => one.signalId).sort()).toEqual(both.map(({ real }) => real.signalId).sort());
      const last = drift.results.at(-1);
      expect([last?.productionPnl ?? '0', last?.paperPnl ?? '0']).toEqual([drift.productionPnl, drift.paperPnl]);
      compared += both.length;
      across += trips('production').filter((trip) => trip.openedAt < since && trip.closedAt >= since).length;
    }),
    { numRuns: 12, seed: 5 },
  );
  expect(Math.min(compared, across)).toBeGreaterThan(5);
}, 60_000);

it('holds the shadow against the first of several production accounts, whose weight it has', async () => {
  const strategy = systemRandom.id();
  const move = { side: 'buy' as const, size: 2, cents: 5000, worse: 10, symbol: 'KO', busted: false };
  await trade(strategy, [move, { ...move, side: 'sell', cents: 5100, worse: -10 }]);
  const { sql } = database;
  // The second one: everything of the first once more, twice as dear to leave.
  const [second] = await sql<{ id: string }[]>`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (gen_random_uuid(), ${systemRandom.id()}, 'alpaca', 'embedded', 'production', 'key', 'sealed') returning id`;
  await sql`
    with decided as (
      insert into decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'account_id', ${second!.id}::text))).*
      from decisions d join trading_signals s on s.id = d.signal_id where s.strategy = ${strategy} and not d.shadow returning id, signal_id),
    sent as (
      insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'account_id', ${second!.id}::text,
        'decision_id', decided.id, 'client_order_id', gen_random_uuid()))).*
      from orders o join decided on decided.signal_id = o.signal_id where o.mode = 'production' returning *)
    insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, cumulative_quantity, source,
      executed_at, recorded_at)
    select gen_random_uuid(), id, account_id, id, symbol, side, quantity, filled_cost / quantity / 2, quantity, 'stream', created_at, created_at
    from sent`;
  const [first] = await sql<{ id: string }[]>`
    select distinct account_id as id from orders where strategy = ${strategy} and mode = 'production' and account_id <> ${second!.id}`;
  const destinations = [first!, second!].map(({ id }) => ({ accountId: id, weight: '1', shadow: false }));
  await sql`update trading_signals set destinations = ${sql.json(destinations)} where strategy = ${strategy}`;
  const { trades, results } = await strategyDrift(sql, strategy, timeOf(0));
  expect(trades).toBe(1);
  // (50.90 - 50.10) x 2 and (51 - 50) x 2, less two fees of a cent.
  expect(results.map(({ productionPnl, paperPnl }) => [productionPnl, paperPnl])).toEqual([['1.58', '1.98']]);
});
