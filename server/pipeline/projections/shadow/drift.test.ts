// The golden figures are reckoned by golden/drift.py, with exact fractions and nothing of this code.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Big, decimal, money, price, quantity, text, zeroMoney } from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';
import { driftOf, pairOrders, type ShadowedOrder, tradesInBoth } from './drift.ts';
import { type RoundTrip, roundTrips, type TradeFill } from './round-trips.ts';
import { median, percentile, slippageBps } from './slippage.ts';

interface Golden {
  signals: { id: string; risk: string }[];
  orders: Record<'production' | 'paper', (Record<string, string> & { firstFillAt: number | null; step: number })[]>;
  fills: Record<'production' | 'paper', (Record<string, string> & { at: number })[]>;
  expected: Record<string, string | number>;
}
const golden = JSON.parse(readFileSync(new URL('golden/drift.json', import.meta.url), 'utf8')) as Golden;

const ordersOf = (place: 'production' | 'paper'): ShadowedOrder[] =>
  golden.orders[place].map((order) => ({
    signalId: order.signalId!,
    step: order.step,
    role: order.role as ShadowedOrder['role'],
    symbol: order.symbol!,
    side: order.side as Side,
    filledQuantity: quantity(order.filledQuantity!),
    averagePrice:
      order.firstFillAt === null ? null : price(decimal(order.filledCost!).div(decimal(order.filledQuantity!))),
    firstFillAt: order.firstFillAt === null ? null : new Date(order.firstFillAt),
    final: true,
  }));
const fillsOf = (place: 'production' | 'paper'): TradeFill[] =>
  golden.fills[place].map((fill) => ({
    accountId: place,
    symbol: fill.symbol!,
    side: fill.side as Side,
    quantity: quantity(fill.quantity!),
    price: price(fill.price!),
    fee: money(fill.fee!),
    at: new Date(fill.at),
    signalId: fill.signalId!,
  }));
const risks = new Map(golden.signals.map(({ id, risk }) => [id, money(risk)]));

describe('drift between production and paper', () => {
  it('is what an independent reckoning says', () => {
    const drift = driftOf(
      pairOrders(ordersOf('production'), ordersOf('paper')),
      tradesInBoth({ production: roundTrips(fillsOf('production')), paper: roundTrips(fillsOf('paper')) }),
      (id) => risks.get(id) ?? null,
    );
    const shown = Object.fromEntries(
      Object.entries(drift).map(([name, value]) => [
        name,
        typeof value === 'object' && value ? text(value as Big) : value,
      ]),
    );
    expect(shown).toEqual(golden.expected);
  });

  it('leaves out what one account’s rules denied, and what may still be filled', () => {
    const [real] = ordersOf('production');
    const unfilled: ShadowedOrder = { ...real!, averagePrice: null, firstFillAt: null, filledQuantity: quantity('0') };
    expect(pairOrders([real!], [])).toEqual({ pairs: [], missedInProduction: [], missedOnPaper: [] });
    expect(pairOrders([real!], [{ ...unfilled, final: false }]).missedOnPaper).toEqual([]);
    expect(pairOrders([real!], [unfilled]).missedOnPaper).toEqual([real]);
    expect(pairOrders([unfilled], [real!]).missedInProduction).toEqual([unfilled]);
  });

  it('is nothing, and says so, where there is nothing to compare', () => {
    const nothing = driftOf(pairOrders([], []), [], () => null);
    expect(nothing).toMatchObject({ pairs: 0, medianBps: null, p95Bps: null, trades: 0, differenceInR: null });
  });
});

describe('slippage', () => {
  it('is positive when money was lost by it, bought or sold', () => {
    expect(text(slippageBps('buy', price('100.10'), price('100')))).toBe('10');
    expect(text(slippageBps('sell', price('100.10'), price('100')))).toBe('-10');
    expect(() => slippageBps('buy', price('1'), price('0'))).toThrow('cannot be compared');
  });

  it('takes the middle, and the nearest rank', () => {
    const of = (...values: string[]) => values.map((value) => decimal(value));
    expect(text(median(of('3', '1', '2'))!)).toBe('2');
    expect(text(median(of('4', '1', '2', '3'))!)).toBe('2.5');
    expect(text(percentile(of('5', '1', '4', '2', '3'), 0.5)!)).toBe('3');
    expect(text(percentile(of('1', '2'), 0.95)!)).toBe('2');
  });
});

describe('round trips', () => {
  const fill = (side: Side, size: string, at: string, n = 0): TradeFill => ({
    accountId: 'a',
    symbol: 'KO',
    side,
    quantity: quantity(size),
    price: price(at),
    fee: zeroMoney,
    at: new Date(n),
    signalId: `s${n}`,
  });

  it('closes one trade and opens the next where a fill goes through nothing', () => {
    const trips = roundTrips([fill('buy', '10', '60'), fill('sell', '15', '61', 1), fill('buy', '5', '60', 2)]);
    expect(trips.map(({ side, signalId, pnl, quantity: size }) => [side, signalId, text(pnl), text(size)])).toEqual([
      ['buy', 's0', '10', '10'],
      ['sell', 's1', '5', '5'],
    ]);
  });

  it('are those opened since a moment, by the fills since then and what was held before, as by all fills', () => {
    const fills = fc.array(
      fc.record({
        side: fc.constantFrom<Side>('buy', 'sell'),
        size: fc.integer({ min: 1, max: 9 }),
        cents: fc.integer({ min: 100, max: 9000 }),
        accountId: fc.constantFrom('a', 'b'),
        symbol: fc.constantFrom('KO', 'PEP'),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fills, fc.nat(40), (moves, cut) => {
        const all = moves.map((move, n) => ({
          ...fill(move.side, String(move.size), text(decimal(String(move.cents)).div('100')), n),
          accountId: move.accountId,
          symbol: move.symbol,
          fee: money('0.01'),
        }));
        const held = ['a', 'b'].flatMap((accountId) =>
          ['KO', 'PEP'].map((symbol) => ({
            accountId,
            symbol,
            quantity: quantity(
              all
                .slice(0, cut)
                .filter((one) => one.accountId === accountId && one.symbol === symbol)
                .reduce(
                  (sum, one) => (one.side === 'buy' ? sum.plus(one.quantity) : sum.minus(one.quantity)),
                  zeroMoney as Big,
                ),
            ),
          })),
        );
        const shown = (trips: RoundTrip[]) =>
          trips.map((trip) => ({ ...trip, pnl: text(trip.pnl), quantity: text(trip.quantity) }));
        // The fill that opened it came at its number: a trade that went through nothing is opened by the fill that closed the last.
        const since = roundTrips(all).filter((trip) => trip.openedAt.getTime() >= cut);
        expect(shown(roundTrips(all.slice(cut), held))).toEqual(shown(since));
      }),
    );
  });

  it('adds up to the cash that moved, whatever was traded, once all is closed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            side: fc.constantFrom<Side>('buy', 'sell'),
            size: fc.integer({ min: 1, max: 50 }),
            cents: fc.integer({ min: 100, max: 9000 }),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        (moves) => {
          const fills = moves.map((m, n) => fill(m.side, String(m.size), text(decimal(String(m.cents)).div('100')), n));
          const held = fills.reduce(
            (sum, f) => (f.side === 'buy' ? sum.plus(f.quantity) : sum.minus(f.quantity)),
            decimal('0'),
          );
          if (!held.eq('0')) fills.push(fill(held.gt('0') ? 'sell' : 'buy', text(held.abs()), '50', 99));
          const cash = fills.reduce((sum, f) => {
            const value = f.price.times(f.quantity);
            return f.side === 'sell' ? sum.plus(value) : sum.minus(value);
          }, decimal('0'));
          const total = roundTrips(fills).reduce((sum, trip) => sum.plus(trip.pnl), decimal('0'));
          expect(text(total)).toBe(text(cash));
        },
      ),
    );
  });
});
