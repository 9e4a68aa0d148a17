import { describe, expect, it } from 'vitest';
import { money, text } from '../decimal.ts';
import { fromAmount } from './amounts.ts';
import { contributions } from './contributions.ts';
import { holdPortfolio, portfolioVolatility, profitsWith } from './portfolio.ts';
import { portfolioRisk } from './portfolio-risk.ts';
import { type ReturnTable, returnTable } from './return-table.ts';
import { expectAllNear, expectNear, golden, goldenHeld, goldenOrder, goldenTable } from './testing/golden.ts';
import { sampleDeviation } from './volatility.ts';

const table = goldenTable();
const small = returnTable(['A', 'B'], 3, Float64Array.of(0.1, -0.1, 0.2, 0.05, 0.05, 0.05));
const of = (...held: readonly (readonly [string, string])[]) =>
  held.map(([symbol, value]) => ({ symbol, value: money(value) }));

function hold(over: ReturnTable = table, held = goldenHeld()) {
  const answer = holdPortfolio(over, held);
  if (!answer.ok) throw new Error(`no history of ${answer.error.symbols}`);
  return answer.value;
}
function withOrder(...args: Parameters<typeof profitsWith>): Float64Array {
  const answer = profitsWith(...args);
  if (!answer.ok) throw new Error(`no history of ${answer.error.symbols}`);
  return answer.value;
}

describe('a portfolio', () => {
  const { portfolio } = golden;
  it('earned, before and after an order, what numpy says', () => {
    expectAllNear(hold().profits, portfolio.profits, 1e-9);
    expectAllNear(withOrder(hold(), goldenOrder()), portfolio.profitsAfter, 1e-9);
  });
  it('moves as much as numpy says its covariances do', () => {
    expectNear(sampleDeviation(hold().profits), portfolio.deviation);
    expectNear(sampleDeviation(withOrder(hold(), goldenOrder())), portfolio.deviationAfter);
    expectNear(portfolioVolatility(hold().profits, money(portfolio.equity), 252), portfolio.volatility);
  });
  it.each([
    ['before', portfolio.before, () => hold().profits],
    ['after', portfolio.after, () => withOrder(hold(), goldenOrder())],
  ])('has the figures of numpy and scipy %s an order, in money', (_, tails, profits) => {
    const risk = portfolioRisk(profits(), { confidences: tails.map(({ confidence }) => confidence) })!;
    expectNear(fromAmount(risk.deviation), sampleDeviation(profits())!);
    for (const [i, tail] of tails.entries()) {
      const { confidence, historical, parametric } = risk.losses[i]!;
      expect(confidence).toBe(tail.confidence);
      expectNear(fromAmount(historical!.valueAtRisk), tail.historicalVar);
      expectNear(fromAmount(historical!.expectedShortfall), tail.historicalEs);
      expectNear(fromAmount(parametric.valueAtRisk), tail.parametricVar);
      expectNear(fromAmount(parametric.expectedShortfall), tail.parametricEs);
    }
  });
  it('has the contributions that numpy says', () => {
    const found = contributions(hold())!;
    expect(found.map(({ symbol }) => symbol)).toEqual(golden.table.symbols);
    expectAllNear(
      found.map(({ marginal }) => marginal),
      portfolio.marginal,
      0,
    );
    expectAllNear(
      found.map(({ component }) => fromAmount(component)),
      portfolio.component,
      0,
    );
  });
  it('looks ahead by the square root of time', () => {
    const day = portfolioRisk(hold().profits, { confidences: [0.95] })!;
    const month = portfolioRisk(hold().profits, { confidences: [0.95], horizonDays: 21 })!;
    const grown = fromAmount(day.losses[0]!.historical!.valueAtRisk) * Math.sqrt(21);
    expectNear(fromAmount(month.losses[0]!.historical!.valueAtRisk), grown, 1e-15);
    expect(text(month.deviation)).toBe(text(day.deviation));
  });
});

describe('exposures', () => {
  it('in one symbol add up', () => {
    expect([...hold(small, of(['A', '100'], ['A', '-40'])).profits]).toEqual([...hold(small, of(['A', '60'])).profits]);
  });
  it('without history are named, and nothing is said of the rest', () => {
    const held = of(['A', '100'], ['X', '1'], ['Y', '-1'], ['Z', '5'], ['Z', '-5']);
    expect(holdPortfolio(small, held)).toEqual({ ok: false, error: { symbols: ['X', 'Y'] } });
    expect(profitsWith(hold(small, []), { symbol: 'X', value: money('1') })).toEqual({
      ok: false,
      error: { symbols: ['X'] },
    });
  });
  it('of zero need no history', () => {
    const held = hold(small, of(['A', '100'], ['Z', '5'], ['Z', '-5']));
    expect(withOrder(held, { symbol: 'X', value: money('0') })).toEqual(held.profits);
  });
});

describe('an order', () => {
  it('leaves what is held as it is, and writes where it is told', () => {
    const held = hold(small, of(['A', '100']));
    const before = [...held.profits];
    const into = new Float64Array(3);
    expect(withOrder(held, { symbol: 'B', value: money('100') }, into)).toBe(into);
    expectAllNear(into, [15, -5, 25]);
    expect([...held.profits]).toEqual(before);
    expect(() => profitsWith(held, { symbol: 'B', value: money('1') }, new Float64Array(2))).toThrow(RangeError);
  });
  it('that closes the only position leaves no risk', () => {
    const after = withOrder(hold(small, of(['A', '100'])), { symbol: 'A', value: money('-100') });
    expect(text(portfolioRisk(after, { confidences: [0.5] })!.losses[0]!.historical!.expectedShortfall)).toBe('0');
  });
});

describe('a portfolio of nothing, or of what does not move', () => {
  it('risks nothing, and nothing contributes', () => {
    const { profits } = hold(small, []);
    expect([...profits]).toEqual([0, 0, 0]);
    const risk = portfolioRisk(profits, { confidences: [0.5] })!;
    expect([risk.deviation, risk.losses[0]!.parametric.valueAtRisk].map(text)).toEqual(['0', '0']);
    expect(contributions(hold(small, []))).toBeNull();
    expect(contributions(hold(small, of(['B', '100'])))).toBeNull();
  });
  it('has contributions of zero from what does not move', () => {
    const found = contributions(hold(small, of(['A', '100'], ['B', '100'])))!;
    expect(text(found[1]!.component)).toBe('0');
    expectNear(found[0]!.share, 1);
  });
});

describe('figures that are not known', () => {
  it('are null: of one day, of too short a history, as a share of no equity', () => {
    expect(portfolioRisk([1], { confidences: [0.95] })).toBeNull();
    expect(portfolioRisk([], { confidences: [0.95] })).toBeNull();
    const short = portfolioRisk([-1, 2, 3], { confidences: [0.5, 0.95] })!;
    expect(short.losses.map(({ historical }) => historical === null)).toEqual([false, true]);
    for (const equity of ['0', '-5']) expect(portfolioVolatility(hold().profits, money(equity), 252)).toBeNull();
    expect(portfolioVolatility(Float64Array.of(1), money('5'), 252)).toBeNull();
  });
  it('are refused when they cannot be meant', () => {
    expect(() => portfolioRisk([1, Number.NaN], { confidences: [0.95] })).toThrow(RangeError);
    expect(() => portfolioRisk([1, 2], { confidences: [95] })).toThrow(/confidence/);
    const broken = returnTable(['A'], 2, Float64Array.of(0.1, Number.NaN));
    expect(() => contributions(hold(broken, of(['A', '1'])))).toThrow(RangeError);
    const beside = returnTable(['A', 'B'], 2, Float64Array.of(0.1, 0.2, 0.1, Number.NaN));
    expect(() => contributions(hold(beside, of(['A', '1'])))).toThrow(RangeError);
  });
});
