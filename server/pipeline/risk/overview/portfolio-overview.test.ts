// The figures of the risk page: losses as numpy and scipy have them, to the cent; what has no bars is named and never zero; limits at their
// boundary; drawdown on its steps.
import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { everything, type StoredLimit } from '../../../core/model/risk-limit.ts';
import type { RiskPortfolio } from '../../../core/model/risk-overview.ts';
import { golden, goldenCloses } from '../../../core/risk-figures/testing/golden.ts';
import { closesOf, dailyBars, marketOf } from '../../../testing/daily-bars.ts';
import { openOrder, position } from '../../../testing/risk-context.ts';
import { createLimitBook } from '../limit-book.ts';
import { loadRules } from '../load-rules.ts';
import { type PortfolioBooks, portfolioOverview, together } from './portfolio-overview.ts';
import { type Stake, stakesOf } from './stakes.ts';

const rules = await loadRules();
const at = new Date('2026-11-20T17:00:00.000Z');

const stake = (symbol: string, value: string): Stake => ({
  symbol,
  value: money(value),
  entering: false,
  atCost: false,
});
const books = (change: Partial<PortfolioBooks> = {}): PortfolioBooks => ({
  ...{ kind: 'account', id: 'account', name: 'Paper', mode: 'paper', enabled: true },
  ...{ cash: money('40000'), equity: money('60000'), stakes: [], byStrategy: [] },
  ...{ equityAtDayStart: money('60000'), equityAtWeekStart: null, paidIn: null },
  marks: { peak: money('60000'), peakAt: at, curve: [] },
  ...change,
});
const limit = (
  rule: string,
  parameters: StoredLimit['parameters'],
  change: Partial<StoredLimit> = {},
): StoredLimit => ({
  ...{
    rule,
    scope: everything,
    on: true,
    severity: 'deny',
    parameters,
    version: 1,
    author: 'ada',
    reason: 'a test',
    at,
  },
  ...change,
});
const look = (
  change: Partial<PortfolioBooks>,
  { bars = {}, limits = [] }: { bars?: Parameters<typeof marketOf>[0]; limits?: StoredLimit[] } = {},
): RiskPortfolio =>
  portfolioOverview(books(change), [], {
    rules,
    book: createLimitBook(rules, limits),
    market: marketOf(bars),
    sectorOf: (symbol) => ({ AAPL: 'Information Technology', XOM: 'Energy' })[symbol] ?? 'Unknown',
  });

describe('the losses of a day', () => {
  const held = Object.entries(golden.portfolio.held).map(([symbol, value]) => stake(symbol, value));
  const bars = Object.fromEntries(
    Object.keys(golden.portfolio.held).map((symbol) => [
      symbol,
      goldenCloses(symbol).map(({ date, close }) => ({
        ...{ at: new Date(`${date}T12:00:00Z`), open: close, high: close, low: close, close },
        volume: quantity('1'),
      })),
    ]),
  );
  const { losses } = look({ stakes: held }, { bars });

  it.each([0.95, 0.99])('are those of numpy and scipy at %s, to the cent', (confidence) => {
    const expected = golden.portfolio.before.find((one) => one.confidence === confidence)!;
    const row = (method: string) =>
      losses.rows.find((one) => one.method === method && one.confidence === String(confidence))!;
    const cents = (value: number) => String(Math.round(value * 100) / 100);
    expect(row('historical')).toMatchObject({
      valueAtRisk: cents(expected.historicalVar),
      expectedShortfall: cents(expected.historicalEs),
      missing: null,
    });
    expect(row('parametric')).toMatchObject({
      valueAtRisk: cents(expected.parametricVar),
      expectedShortfall: cents(expected.parametricEs),
    });
    // Drawn from the same covariances: within four of its own standard errors of the parametric one.
    const drawn = row('simulated');
    for (const [figure, is] of [
      ['valueAtRisk', expected.parametricVar],
      ['expectedShortfall', expected.parametricEs],
    ] as const) {
      expect(Math.abs(Number(drawn[figure]) - is)).toBeLessThan(4 * Number(drawn.standardError![figure]));
    }
  });
  it('cover all that is held, over the days that all of it has', () => {
    const { dates } = golden.table;
    expect(losses).toMatchObject({ days: 250, from: dates[0], until: dates.at(-1), covered: '1', missing: [] });
    expect(Number(losses.volatility)).toBeCloseTo(golden.portfolio.volatility, 6);
  });
  it('are the same whenever they are made', () => {
    expect(look({ stakes: held }, { bars }).losses).toEqual(losses);
  });
  it('are of what has bars, and name what has none', () => {
    const { KO, ...without } = bars;
    expect(KO).toBeDefined();
    const partly = look({ stakes: held }, { bars: without });
    expect(partly.losses.missing).toEqual([
      { symbol: 'KO', worth: '8012.25', why: expect.stringContaining('no daily bars') },
    ]);
    expect(partly.losses.covered).toBe('0.867177');
    expect(partly.losses.sentence).toContain('KO is not in them');
    expect(partly.symbols.find(({ name }) => name === 'KO')!.riskShare).toBeNull();
  });
  it('are not known, and not zero, where nothing has enough bars', () => {
    const short = { AAPL: dailyBars(closesOf([0.01, -0.01])) };
    const { losses: none } = look({ stakes: [stake('AAPL', '1000'), stake('KO', '500')] }, { bars: short });
    expect(none.rows).toHaveLength(6);
    for (const row of none.rows) {
      expect([row.valueAtRisk, row.expectedShortfall, row.valueAtRiskOfEquity]).toEqual([null, null, null]);
      expect(row.missing).toContain('AAPL, KO');
    }
    expect(none).toMatchObject({
      covered: '0',
      volatility: null,
      sentence: expect.stringContaining('not a risk of zero'),
    });
    expect(none.missing.map(({ symbol }) => symbol)).toEqual(['AAPL', 'KO']);
  });
  it('are none of nothing', () => {
    expect(look({}).losses).toMatchObject({
      rows: [],
      missing: [],
      covered: null,
      sentence: expect.stringContaining('Nothing is held'),
    });
  });
  it('beside a limit are what its rule would look at: not known where a symbol has no bars', () => {
    const limits = [limit('historical-var', { maxShareOfEquity: '0.04', confidence: '0.99' })];
    const gauge = (one: RiskPortfolio) => one.gauges.find(({ key }) => key === 'historical-var');
    expect(gauge(look({ stakes: held }, { bars, limits }))).toMatchObject({
      value: '2017.45',
      limit: { value: '2400', state: 'near', use: '0.840606' },
    });
    expect(gauge(look({ stakes: [...held, stake('DARK', '1')] }, { bars, limits }))).toMatchObject({
      ...{ value: null, missing: expect.stringContaining('DARK') },
      limit: { state: 'unknown', use: null },
    });
    expect(gauge(look({ stakes: held }, { bars }))).toBeUndefined();
  });
});

describe('a bar', () => {
  it.each([
    ['11999.99', 'near'],
    ['12000', 'near'],
    ['12000.01', 'over'],
    ['9599.99', 'within'],
    ['9600', 'near'],
  ])('of %s with a limit of 12,000 is %s', (value, state) => {
    expect(look({ stakes: [stake('AAPL', value)] }).symbols[0]!.limit).toMatchObject({ value: '12000', state });
  });
  it('has the strictest of the limits that are held for it, with its scope', () => {
    const scope = { kind: 'symbol', name: 'AAPL' } as const;
    const limits = [
      limit('max-position', { maxShareOfEquity: '0.1' }, { scope }),
      limit('max-exposure', { maxShareOfEquity: '0.05' }, { scope, severity: 'warn' }),
    ];
    expect(
      look({ stakes: [stake('AAPL', '1'), stake('XOM', '1')] }, { limits }).symbols.map((one) => one.limit),
    ).toMatchObject([
      { rule: 'max-exposure', scope: 'the symbol AAPL', severity: 'warn', value: '3000' },
      { rule: 'max-position', scope: 'everything', value: '12000' },
    ]);
  });
  it('has none where its rule is off, or somebody exempted it', () => {
    const scope = { kind: 'symbol', name: 'AAPL' } as const;
    const limits = [limit('max-position', {}, { scope, on: false })];
    const { symbols, sectors } = look({ stakes: [stake('AAPL', '50000')] }, { limits });
    expect([symbols[0]!.limit, sectors[0]!.limit]).toEqual([null, null]);
  });
  it('of what nobody has classified has the limit of that', () => {
    const limits = [limit('max-sector', { maxShareOfEquity: '0.5', maxUnknownShareOfEquity: '0.1' })];
    const { sectors } = look({ stakes: [stake('AAPL', '1000'), stake('ODD', '7000')] }, { limits });
    expect(sectors.map(({ name, limit: one }) => [name, one!.value, one!.state])).toEqual([
      ['Unknown', '6000', 'over'],
      ['Information Technology', '30000', 'within'],
    ]);
  });
  it('cannot be compared with a share of equity that is not there', () => {
    const { symbols, gauges } = look({ equity: money('0'), stakes: [stake('AAPL', '1000')] });
    expect(symbols[0]).toMatchObject({ ofEquity: null, limit: { state: 'unknown', value: null, use: null } });
    expect(gauges.find(({ key }) => key === 'leverage')).toMatchObject({ value: null, limit: { state: 'unknown' } });
  });
  it('counts open entries, and what has no price at cost', () => {
    const made = stakesOf(
      [position('AAPL', '10', '1000'), position('XOM', '-5', '-400')],
      [openOrder({ symbol: 'AAPL', remaining: quantity('4'), referencePrice: price('120') })],
      new Map([['AAPL', price('110')]]),
    );
    expect(look(made).symbols).toMatchObject([
      { name: 'AAPL', long: '1580', entering: '480', gross: '1580', atCost: false },
      { name: 'XOM', short: '400', net: '-400', gross: '400', atCost: true },
    ]);
    expect(look(made).unpriced).toEqual(['XOM']);
  });
});

describe('the drawdown', () => {
  const marks = { peak: money('100000'), peakAt: at, curve: [] };
  const on = [limit('drawdown', { steps: ['0.05:0.75', '0.1:0.5', '0.2:0'] })];
  it.each([
    ['95000.01', '1'],
    ['95000', '0.75'],
    ['90000', '0.5'],
    ['80000.01', '0.5'],
    ['80000', '0'],
  ])('at an equity of %s multiplies sizes by %s', (equity, factor) => {
    expect(look({ equity: money(equity), marks }, { limits: on }).drawdown).toMatchObject({ on: true, factor });
  });
  it('tells its steps with the equity of each, and leaves sizes where the rule is off', () => {
    const { drawdown } = look({ equity: money('90000'), marks });
    expect(drawdown).toMatchObject({ on: false, factor: '1', fraction: '0.1', amount: '10000' });
    expect(drawdown!.steps[0]).toEqual({ from: '0.05', factor: '0.75', equity: '95000' });
  });
  it('is not known without a peak', () => {
    const none = { peak: null, peakAt: null, curve: [] };
    expect(look({ marks: none }).drawdown).toMatchObject({ fraction: null, missing: 'no highest equity is on record' });
  });
  it('of a curve is measured from the peak before, within a stretch as well', () => {
    const stretch = (minute: number, last: string, lowest: string, highest: string) => ({
      at: new Date(at.getTime() + minute * 60_000),
      ...{ last: money(last), lowest: money(lowest), highest: money(highest) },
    });
    const curve = [stretch(0, '100', '100', '100'), stretch(1, '110', '90', '120'), stretch(2, '119', '119', '119')];
    const { drawdown } = look({ equity: money('119'), marks: { peak: money('120'), peakAt: at, curve } });
    // From 100 to 90, though the stretch ended above; then from 120 to 119.
    expect(drawdown!.curve.map(({ fraction }) => fraction)).toEqual(['0', '0.1', '0.008333']);
    expect(drawdown!.deepest).toMatchObject({ fraction: '0.1' });
  });
});

it('counts the accounts of a mode together: both sides of a symbol in gross, what is left of them in the losses', () => {
  const one = books({ stakes: [stake('AAPL', '1000')], equity: money('5000'), cash: money('4000') });
  const other = books({ id: 'other', stakes: [stake('AAPL', '-1000')], equity: money('5000'), cash: money('6000') });
  const whole = look(together('paper', 'All', [one, other]));
  expect(whole).toMatchObject({ equity: '10000', cash: '10000', drawdown: null });
  expect(whole.symbols).toMatchObject([{ gross: '2000', net: '0', ofEquity: '0.2', limit: null }]);
  expect(whole.losses.rows).toEqual([]);
});
