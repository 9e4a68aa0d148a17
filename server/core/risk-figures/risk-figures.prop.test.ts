// Invariants: figures scale with money; they do not shrink as confidence grows; expected shortfall is never less than value at risk; the
// portfolio of one symbol has that symbol's figures; an order and its opposite leave everything as it was; correlations lie in [-1, 1] and
// go both ways; a factor of covariances gives the variances back; contributions add up; Kelly and drawdown stay within their bounds; and
// no figure is ever NaN or infinite.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Big, money } from '../decimal.ts';
import { fromAmount, toAmount } from './amounts.ts';
import { covarianceFactor } from './cholesky.ts';
import { contributions } from './contributions.ts';
import { correlation } from './correlation.ts';
import { covarianceMatrix } from './covariance.ts';
import { drawdowns, maximumDrawdown } from './drawdown.ts';
import { historicalExpectedShortfall, parametricExpectedShortfall } from './expected-shortfall.ts';
import { kellyOfTrades } from './kelly.ts';
import { simulatedExpectedShortfall, simulatedValueAtRisk } from './monte-carlo.ts';
import { inverseNormal } from './normal.ts';
import { holdPortfolio, profitsWith } from './portfolio.ts';
import { returnTable } from './return-table.ts';
import { losingStreak } from './streak.ts';
import { historicalValueAtRisk, parametricValueAtRisk } from './value-at-risk.ts';
import { sampleDeviation, weightedDeviation } from './volatility.ts';

// To a millionth, as prices are decimals: what happens to doubles at the edge of their range is looked at on its own.
const aReturn = fc.integer({ min: -900_000, max: 3_000_000 }).map((millionths) => millionths / 1e6);
const anyDouble = fc.double({ min: -1e150, max: 1e150, noNaN: true });
const series = (minLength: number, maxLength = 120) => fc.array(aReturn, { minLength, maxLength });
const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const horizonDays = fc.integer({ min: 1, max: 250 });
const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((cents) => (cents / 100).toFixed(2));
/** Several symbols over the same rows, some of which may be constant or the same. */
const table = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 40 }))
  .chain(([symbols, rows]) => {
    const column = fc.oneof(
      { weight: 4, arbitrary: fc.array(aReturn, { minLength: rows, maxLength: rows }) },
      fc.constantFrom(0, 0.01).map((value) => new Array<number>(rows).fill(value)),
      fc.constant(Array.from({ length: rows }, (_, row) => (row % 3) / 100)),
    );
    return fc.array(column, { minLength: symbols, maxLength: symbols });
  })
  .map((columns) => {
    const symbols = columns.map((_, i) => `S${i}`);
    return returnTable(symbols, columns[0]!.length, Float64Array.from(columns.flat()));
  });
const held = fc.array(fc.tuple(fc.nat({ max: 5 }), amount), { maxLength: 8 });
const exposures = (of: readonly (readonly [number, string])[], symbols: number) =>
  of.map(([i, value]) => ({ symbol: `S${i % symbols}`, value: money(value) }));

const near = (a: number, b: number, scale = Math.max(Math.abs(a), Math.abs(b))) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * scale);
function unwrapped<T>(answer: { ok: true; value: T } | { ok: false }): T {
  if (!answer.ok) throw new Error('no history');
  return answer.value;
}

describe('figures of one series', () => {
  it('scale with it', () => {
    fc.assert(
      fc.property(
        series(2),
        confidence,
        horizonDays,
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        (x, c, h, k) => {
          const options = { confidence: c, horizonDays: h };
          const scaled = x.map((value) => k * value);
          const size = k * Math.max(...x.map(Math.abs)) * Math.sqrt(h);
          for (const figure of [historicalValueAtRisk, historicalExpectedShortfall]) {
            const [one, many] = [figure(x, options), figure(scaled, options)];
            if (one === null) expect(many).toBeNull();
            else near(many!, k * one, size);
          }
          near(sampleDeviation(scaled)!, k * sampleDeviation(x)!, size);
          near(weightedDeviation(scaled)!, k * weightedDeviation(x)!, size);
        },
      ),
    );
  });
  it('do not shrink as confidence grows, and shortfall is never less than value at risk', () => {
    fc.assert(
      fc.property(series(1, 300), fc.tuple(confidence, confidence), horizonDays, aReturn, (x, pair, days, average) => {
        const [low, high] = pair.sort((a, b) => a - b) as [number, number];
        const [less, more] = [low, high].map((c) => ({ confidence: c, horizonDays: days }));
        const deviation = sampleDeviation(x) ?? 0;
        for (const [valueAtRisk, shortfall] of [
          [(o: typeof less) => historicalValueAtRisk(x, o!), (o: typeof less) => historicalExpectedShortfall(x, o!)],
          [
            (o: typeof less) => parametricValueAtRisk(deviation, o!, average),
            (o: typeof less) => parametricExpectedShortfall(deviation, o!, average),
          ],
          [
            (o: typeof less) => simulatedValueAtRisk(x, o!)?.value ?? null,
            (o: typeof less) => simulatedExpectedShortfall(x, o!)?.value ?? null,
          ],
        ] as const) {
          const [a, b] = [valueAtRisk(less), valueAtRisk(more)];
          // A history that reaches the tail at the higher confidence reaches it at the lower.
          if (b !== null) expect(b).toBeGreaterThanOrEqual(a!);
          const [tailA, tailB] = [shortfall(less), shortfall(more)];
          if (a !== null) expect(tailA).toBeGreaterThanOrEqual(a);
          if (tailB !== null) expect(tailB).toBeGreaterThanOrEqual(tailA! - 1e-12 * Math.abs(tailA!));
          for (const figure of [a, b, tailA, tailB]) if (figure !== null) expect(figure).toSatisfy(Number.isFinite);
        }
      }),
    );
  });
  it('of the normal distribution grow with probability', () => {
    const p = fc.double({ min: 1e-300, max: 1 - 2 ** -53, noNaN: true });
    fc.assert(
      fc.property(p, p, (a, b) => {
        if (a < b) expect(inverseNormal(a)).toBeLessThanOrEqual(inverseNormal(b));
      }),
    );
  });
});

describe('any numbers', () => {
  it('that are the largest two, and opposite, have a deviation above both, and its figure', () => {
    const deviation = sampleDeviation([-1e150, 1e150])!;
    expect(deviation).toBeGreaterThan(1e150);
    expect(parametricValueAtRisk(deviation, { confidence: 0.5 })).toSatisfy(Number.isFinite);
  });
  it('have figures that are finite, or none', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyDouble, anyDouble), { maxLength: 40 }), confidence, (both, c) => {
        const [x, y] = [both.map(([a]) => a), both.map(([, b]) => b)];
        const found = [
          sampleDeviation(x),
          weightedDeviation(x),
          correlation(x, y)?.value ?? null,
          historicalValueAtRisk(x, { confidence: c }),
          historicalExpectedShortfall(x, { confidence: c }),
          parametricValueAtRisk(sampleDeviation(x) ?? 0, { confidence: c }),
        ];
        for (const figure of found) if (figure !== null) expect(figure).toSatisfy(Number.isFinite);
      }),
    );
  });
});

describe('a correlation', () => {
  it('lies in [-1, 1], goes both ways, and does not hang on scale or level', () => {
    const pairs = fc.array(fc.tuple(aReturn, aReturn), { maxLength: 60 });
    fc.assert(
      fc.property(pairs, (both) => {
        const [x, y] = [both.map(([a]) => a), both.map(([, b]) => b)];
        const found = correlation(x, y);
        expect(correlation(y, x)).toEqual(found);
        if (found === null) return;
        expect(Math.abs(found.value)).toBeLessThanOrEqual(1);
        expect(correlation(x, x)!.value).toBeCloseTo(1, 12);
        const turned = correlation(
          x.map((value) => -4 * value),
          y,
        );
        near(turned!.value, -found.value, 1);
      }),
    );
  });
});

describe('a portfolio', () => {
  it('of one symbol has the figures of that symbol', () => {
    fc.assert(
      fc.property(series(2), confidence, fc.integer({ min: 1, max: 1e9 }), (x, c, cents) => {
        const value = money((cents / 100).toFixed(2));
        const { profits } = unwrapped(
          holdPortfolio(returnTable(['A'], x.length, Float64Array.from(x)), [{ symbol: 'A', value }]),
        );
        for (const figure of [historicalValueAtRisk, historicalExpectedShortfall]) {
          const [own, its] = [figure(x, { confidence: c }), figure(profits, { confidence: c })];
          if (own === null) expect(its).toBeNull();
          else near(its!, own * fromAmount(value));
        }
        near(sampleDeviation(profits)!, sampleDeviation(x)! * fromAmount(value), fromAmount(value));
      }),
    );
  });
  it('with an order is the portfolio that holds it, and with its opposite the one that was', () => {
    fc.assert(
      fc.property(table, held, fc.nat({ max: 5 }), amount, (returns, of, which, value) => {
        const already = exposures(of, returns.symbols.length);
        const before = unwrapped(holdPortfolio(returns, already));
        const order = { symbol: `S${which % returns.symbols.length}`, value: money(value) };
        const candidate = unwrapped(profitsWith(before, order));
        const after = unwrapped(holdPortfolio(returns, [...already, order]));
        const back = unwrapped(profitsWith(after, { ...order, value: money(order.value.neg()) }));
        candidate.forEach((profit, row) => {
          near(profit, after.profits[row]!, 1e6);
          near(back[row]!, before.profits[row]!, 1e6);
        });
      }),
    );
  });
  it('is the sum of its contributions', () => {
    fc.assert(
      fc.property(table, held, (returns, of) => {
        const portfolio = unwrapped(holdPortfolio(returns, exposures(of, returns.symbols.length)));
        const parts = contributions(portfolio);
        const deviation = sampleDeviation(portfolio.profits)!;
        if (parts === null) {
          expect(deviation).toBe(0);
          return;
        }
        const scale = parts.reduce((sum, { component }) => sum + Math.abs(fromAmount(component)), deviation);
        // What is left of profits that cancel each other is rounding, and has no parts.
        const gross = portfolio.exposures.reduce((sum, one) => sum + Math.abs(one), 0);
        if (deviation < 1e-9 * gross) return;
        near(
          parts.reduce((sum, { component }) => sum + fromAmount(component), 0),
          deviation,
          scale,
        );
        near(
          parts.reduce((sum, { share }) => sum + share, 0),
          1,
          scale / deviation,
        );
      }),
    );
  });
});

describe('a factor of covariances', () => {
  it('gives every variance back, of any table', () => {
    fc.assert(
      fc.property(table, (returns) => {
        const covariances = covarianceMatrix(returns)!;
        const { values, repaired } = covarianceFactor(covariances);
        const size = returns.symbols.length;
        expect(repaired).toBeGreaterThanOrEqual(0);
        for (let i = 0; i < size; i++) {
          let variance = 0;
          for (let k = 0; k <= i; k++) variance += values[i * size + k]! ** 2;
          near(variance, covariances.values[i * size + i]!);
          for (let k = i + 1; k < size; k++) expect(values[i * size + k]).toBe(0);
        }
      }),
    );
  });
});

describe('an account', () => {
  const equity = fc.array(
    amount.map((value) => money(value)),
    { minLength: 1, maxLength: 60 },
  );
  it('is never above its peak, and deepest at its maximum drawdown', () => {
    fc.assert(
      fc.property(equity, fc.integer({ min: 1, max: 1000 }), (values, k) => {
        const all = drawdowns(values);
        const maximum = maximumDrawdown(values);
        expect(maximum === null).toBe(values.every((value) => value.lte('0')));
        const scaled = drawdowns(values.map((value) => money(value.times(String(k)))));
        all.forEach((one, i) => {
          expect(one === null).toBe(scaled[i] === null);
          if (one === null) return;
          expect(one.amount.gte('0')).toBe(true);
          expect(one.fraction.lte(maximum!.fraction)).toBe(true);
          expect(scaled[i]!.fraction.minus(one.fraction).abs().lte('1e-19')).toBe(true);
        });
      }),
    );
  });
  it('is never told by Kelly to take more than the cap, and nothing after more losses than wins in money', () => {
    const trades = fc.array(amount, { maxLength: 40 });
    const options = { fraction: new Big('0.5'), cap: new Big('0.1'), atLeast: 5 };
    fc.assert(
      fc.property(trades, (profits) => {
        const closed = profits.map((profit, i) => ({ closedAt: new Date(i), profit: money(profit) }));
        const found = kellyOfTrades(closed, options);
        const streak = losingStreak(closed);
        expect(streak.length).toBeLessThanOrEqual(profits.length);
        if (found === null) return;
        expect(found.applied.gte('0') && found.applied.lte('0.1')).toBe(true);
        const total = closed.reduce((sum, { profit }) => sum.plus(profit), new Big('0'));
        expect(found.applied.gt('0')).toBe(total.gt('0'));
        const scaled = kellyOfTrades(
          closed.map((trade) => ({ ...trade, profit: money(trade.profit.times('7')) })),
          options,
        );
        expect(scaled!.applied.minus(found.applied).abs().lte('1e-12')).toBe(true);
      }),
    );
  });
  it('gets back the double that was made an amount', () => {
    fc.assert(
      fc.property(aReturn, (value) => {
        expect(fromAmount(toAmount(value))).toBe(value + 0);
      }),
    );
  });
});
