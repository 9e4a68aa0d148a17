// Invariants, whatever is traded, in whatever order it is told, taken back, charged in coins or handed over:
// 1. The trades that are kept are those that a fold over all moves makes, in every figure.
// 2. What the fold says is open is what the books say the strategy holds.
// 3. The balances that are kept are the sums of the entries, and the decision sees the trades that are kept.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Big, decimal, money, price, quantity, text } from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';
import { roundTrips, type TradeFill } from '../../../pipeline/projections/shadow/round-trips.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { brokerFill, seedOrders } from '../../../testing/seeded-orders.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createActivityReader } from '../decision-store/activity.ts';
import { createLedgerStore } from '../ledger-store/ledger-store.ts';
import { foldStale } from './trade-history.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What the test itself keeps of a move; `sent` breaks ties as the order of telling does. */
interface Told extends TradeFill {
  readonly executionId: string | null;
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      side: fc.constantFrom<Side>('buy', 'sell'),
      shares: fc.integer({ min: 1, max: 9 }),
      cents: fc.integer({ min: 100, max: 9000 }),
      feeCents: fc.integer({ min: 0, max: 30 }),
      /** Some are told minutes after they happened. */
      lateMinutes: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 9 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bust' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('given' as const),
      shares: fc.integer({ min: -4, max: 4 }).filter((n) => n !== 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('coin fee' as const), shares: fc.constant(1) }) },
);

it('keeps the trades that a fold over everything makes', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 22 }), async (steps) => {
      const box = await seedOrders(database);
      const ledger = createLedgerStore({ sql: database.sql, clock: box.clock, random: systemRandom });
      await ledger.open(box.accountId, { cash: money('100000'), holdings: [] }, box.clock.now());
      const told: Told[] = [];
      const book = async (reference: string, shares: string, worth: string, fee: boolean) => {
        const line = { symbol: 'AAPL', quantity: null };
        const owned = { ...line, book: 'securities' as const, strategy: 'default' };
        await ledger.correct(box.accountId, {
          reference,
          at: box.clock.now(),
          sentence: 'A test moved shares.',
          lines: [
            { ...owned, amount: money(worth), quantity: quantity(shares) },
            fee
              ? { ...line, book: 'fees', amount: money(decimal(worth).neg()) }
              : {
                  ...line,
                  book: 'securities',
                  amount: money(decimal(worth).neg()),
                  quantity: quantity(decimal(shares).neg()),
                },
          ],
        });
        told.push({
          ...{ accountId: box.accountId, symbol: 'AAPL', signalId: null, executionId: null, at: box.clock.now() },
          side: decimal(shares).gt('0') ? 'buy' : 'sell',
          quantity: quantity(decimal(shares).abs()),
          price: price('0'),
          fee: money(fee ? '0' : worth),
        });
      };
      for (const [i, one] of steps.entries()) {
        await box.clock.advance(60_000);
        if (one.kind === 'fill') {
          const ids = await box.accept(String(one.shares), one.side);
          const fill = brokerFill(ids.brokerOrderId, String(one.shares), String(one.shares), {
            side: one.side,
            price: price(decimal(String(one.cents)).div('100')),
            fee: money(decimal(String(one.feeCents)).div('100')),
            at: new Date(box.clock.now().getTime() - one.lateMinutes * 60_000 - (one.lateMinutes && 7 * i)),
          });
          expect(await box.store.recordFill(box.accountId, fill, 'stream')).toBe('recorded');
          // The same by another way changes nothing.
          expect(await box.store.recordFill(box.accountId, fill, 'poll')).toBe('already_known');
          told.push({ ...fill, accountId: box.accountId, signalId: ids.signalId });
        } else if (one.kind === 'bust') {
          const fills = told.filter((move) => move.executionId !== null);
          const busted = fills[one.which % Math.max(1, fills.length)];
          if (busted === undefined) continue;
          told.splice(told.indexOf(busted), 1);
          const { executionId } = busted;
          const correction = {
            ...brokerFill(executionId!.split('/')[0]!, text(busted.quantity), text(busted.quantity)),
            ...{ side: busted.side, price: busted.price, executionId: `${executionId}/bust`, at: box.clock.now() },
            corrects: { kind: 'bust' as const, executionId: executionId! },
          };
          expect(await box.store.recordCorrection(box.accountId, correction, null, 'stream')).toBe('recorded');
        } else if (one.kind === 'given') await book(`given ${i}`, String(one.shares), String(one.shares * 50), false);
        else await book(`coin fee ${i}`, '-1', '-50', true);
      }

      const sorted = told.toSorted((a, b) => a.at.getTime() - b.at.getTime());
      const wanted = roundTrips(sorted).map((trip) => [
        trip.side,
        text(trip.quantity),
        text(trip.pnl),
        trip.signalId,
        trip.openedAt,
        trip.closedAt,
      ]);
      const kept = async () =>
        (
          await database.sql`
            select side, quantity, profit, signal_id, opened_at, closed_at from closed_trades
            where account_id = ${box.accountId} order by closed_at, seq`
        ).map((row) => [
          row.side,
          text(decimal(row.quantity)),
          text(decimal(row.profit)),
          row.signal_id,
          row.opened_at,
          row.closed_at,
        ]);
      expect(await kept()).toEqual(wanted);

      const [fold] = await database.sql`select side, held from trade_folds where account_id = ${box.accountId}`;
      const [lot] = await database.sql`
        select quantity from strategy_positions where account_id = ${box.accountId} and strategy = 'default'`;
      const signed = fold?.side === 'sell' ? decimal(fold.held).neg() : decimal(fold?.held ?? '0');
      expect(text(signed)).toBe(text(decimal(lot?.quantity ?? '0')));

      const sums = await database.sql`
        select book, sum(amount)::text as balance from ledger_entries where account_id = ${box.accountId}
        group by book order by book`;
      const balances = await database.sql`
        select book, balance::text from account_balances where account_id = ${box.accountId} order by book`;
      const plain = (rows: readonly { book?: string; balance?: string }[]) =>
        rows.map(({ book: name, balance }) => [name, text(decimal(balance!))]);
      expect(plain(balances)).toEqual(plain(sums));

      const reader = createActivityReader({ session: () => null });
      const now = box.clock.now();
      for (let again = 0; again < 2; again++) {
        const seen = reader.read(box.accountId, now, await Promise.all(reader.ask(database.sql, box.accountId, now)));
        expect(seen.trades.map((trade) => text(trade.profit)).reverse()).toEqual(wanted.map((trip) => trip[2]));
      }

      // As after the migration, which knows only that there is something to fold.
      await database.sql`delete from closed_trades where account_id = ${box.accountId}`;
      await database.sql`update trade_folds set stale = true, side = null, held = 0 where account_id = ${box.accountId}`;
      if (fold) expect(await foldStale(database.sql)).toBe(1);
      expect(await kept()).toEqual(wanted);
      const all = wanted.reduce<Big>((sum, trip) => sum.plus(String(trip[2])), decimal('0'));
      const seen = reader.read(box.accountId, now, await Promise.all(reader.ask(database.sql, box.accountId, now)));
      expect(text(seen.trades.reduce<Big>((sum, trade) => sum.plus(trade.profit), decimal('0')))).toBe(text(all));
    }),
    { numRuns: 15 },
  );
});
