// Invariant: a figure is what the pure functions make of the same bars, whatever was kept from decisions before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, price, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import { commonReturns } from '../../core/risk-figures/alignment.ts';
import { closeSeries, dailyCloses } from '../../core/risk-figures/close-series.ts';
import { correlationOfCloses } from '../../core/risk-figures/correlation.ts';
import { holdPortfolio, profitsWith } from '../../core/risk-figures/portfolio.ts';
import { worstFirst } from '../../core/risk-figures/tail.ts';
import { sampleDeviation } from '../../core/risk-figures/volatility.ts';
import { marketZone } from '../../core/zoned-day.ts';
import { closesOf, dailyBars, marketOf } from '../../testing/daily-bars.ts';
import { accountView, openOrder, position, riskContext, sizedEntry } from '../../testing/risk-context.ts';
import { correlationWithHeld, mostWithin, portfolioHistory, portfolioWith } from './portfolio-figures.ts';

const moves = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 30, maxLength: 60 });
const account = accountView({
  positions: [position('MSFT', '30', '12000'), position('TSLA', '-50', '5000'), position('IBM', '0', '0')],
  openOrders: [
    openOrder({ symbol: 'NVDA', remaining: quantity('10'), referencePrice: price('250') }),
    openOrder({ symbol: 'XOM', side: 'sell', remaining: quantity('4'), referencePrice: price('100') }),
  ],
});
const worth = { MSFT: '12000', TSLA: '-5000', NVDA: '2500', XOM: '-400' };

function expected(bars: Readonly<Record<string, readonly Bar[]>>, days: number, added: string) {
  const series = Object.entries(bars).map(([symbol, own]) => closeSeries(symbol, dailyCloses(own, marketZone)));
  const { table } = commonReturns(series, { days, atLeast: 1 });
  const held = holdPortfolio(
    table!,
    Object.entries(worth).map(([symbol, value]) => ({ symbol, value: money(value) })),
  );
  if (!held.ok) throw new Error('has no history');
  const after = profitsWith(held.value, { symbol: 'AAPL', value: money(added) });
  if (!after.ok) throw new Error('has no history');
  return { rows: table!.rows, sorted: worstFirst(after.value), deviation: sampleDeviation(after.value)! };
}

const near = (got: number, wanted: number) =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-8 * (1 + Math.abs(wanted)));

describe('the figures of a portfolio', () => {
  it('are those of the table of common days, whether all trade on the same days or not', () => {
    const skips = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.tuple(moves, moves, moves, moves, moves),
        fc.oneof(fc.constant([0, 0, 0, 0, 0]), skips),
        fc.integer({ min: 20, max: 70 }),
        fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
        (all, skipped, days, side) => {
          const symbols = ['MSFT', 'AAPL', 'NVDA', 'XOM', 'TSLA'];
          const bars = Object.fromEntries(
            symbols.map((symbol, i) => [symbol, dailyBars(closesOf(all[i]!), skipped[i])]),
          );
          const context = riskContext({ account: { ...account }, market: marketOf(bars), sized: sizedEntry({ side }) });
          const history = portfolioHistory(context, { days, atLeast: 20 });
          if (!history.known) throw new Error(history.what);
          for (const [shares, value] of [
            ['50', '7500'],
            ['0', '0'],
          ] as const) {
            const got = portfolioWith(history, quantity(shares));
            const wanted = expected(bars, days, side === 'buy' ? value : `-${value}`);
            expect(history.rows).toBe(wanted.rows);
            near(got.deviation, wanted.deviation);
            expect(got.days).toBe(wanted.rows);
            for (const confidence of [0.99, 0.9, 0.5])
              for (const [row, profit] of got.worst(confidence).entries()) near(profit, wanted.sorted[row]!);
            expect(got.worst(0.5)).toHaveLength(Math.floor((wanted.rows - 1) / 2) + 1);
          }
          const own = closeSeries('AAPL', dailyCloses(bars.AAPL!, marketZone));
          let sum = 0;
          for (const [symbol, value] of Object.entries(worth)) {
            const other = closeSeries(symbol, dailyCloses(bars[symbol]!, marketZone));
            sum += (correlationOfCloses(own, other, days)?.value ?? Number.NaN) * Number(value);
          }
          const correlated = correlationWithHeld(context, { days, atLeast: 20 });
          if (correlated.known) near(correlated.value, ((side === 'buy' ? 1 : -1) * sum) / 19_900);
          else expect(sum).toBeNaN();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are not known without bars, of what is held or of the order, and say whose are missing', () => {
    const bars = dailyBars(closesOf(new Array(30).fill(0.01)));
    const asked = { days: 250, atLeast: 20 };
    const history = (known: Readonly<Record<string, readonly Bar[]>>) =>
      portfolioHistory(riskContext({ account: { ...account }, market: marketOf(known) }), asked);
    expect(history({ AAPL: bars, MSFT: bars })).toMatchObject({ what: 'the daily bars of TSLA and 2 more' });
    const rest = { MSFT: bars, TSLA: bars, NVDA: bars, XOM: bars };
    expect(history(rest)).toMatchObject({ what: 'the daily bars of AAPL' });
    expect(history({ ...rest, AAPL: bars.slice(0, 1) })).toMatchObject({ what: 'the daily bars of AAPL' });
    expect(history({ ...rest, AAPL: [...bars, bars[0]!] })).toMatchObject({ what: 'the daily bars of AAPL' });
    expect(history({ ...rest, AAPL: bars.slice(-20) })).toMatchObject({
      what: 'enough history (19 of 20 days in common)',
    });
    expect(history({ ...rest, AAPL: bars.slice(-21) })).toMatchObject({ known: true, rows: 20 });
  });

  it('are made anew when bars come, and when prices move', () => {
    const [calm, wild] = [dailyBars(closesOf(new Array(30).fill(0))), dailyBars(closesOf(new Array(30).fill(0.05)))];
    const of = (bars: readonly Bar[], prices = new Map([['AAPL', price('150')]])) => {
      const held = accountView({ positions: [position('AAPL', '10', '1000')] });
      const history = portfolioHistory(riskContext({ account: held, prices, market: marketOf({ AAPL: bars }) }), {
        days: 250,
        atLeast: 20,
      });
      return history.known ? portfolioWith(history, zeroQuantity).worst(0.5)[0]! : Number.NaN;
    };
    expect(of(calm)).toBe(0);
    near(of(wild), 75);
    near(of(wild, new Map([['AAPL', price('300')]])), 150);
  });
});

describe('the most of an order that keeps a limit', () => {
  it('is the last lot that does', () => {
    const context = riskContext({ sized: sizedEntry({ quantity: quantity('50') }) });
    const most = (limit: number) => mostWithin(context, limit, (shares) => Number(shares.toFixed()) * 2);
    expect([most(98), most(97.9), most(2), most(1.9)].map((one) => one?.toFixed() ?? null)).toEqual([
      '49',
      '48',
      '1',
      null,
    ]);
    expect(mostWithin(context, 100, () => null)).toBeNull();
  });
});
