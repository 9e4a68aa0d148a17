// What trading came to, over HTTP and on a real database: payments are no profit, paper and production are never added up, what there is too
// little of is said and not reckoned, and the CSV holds the trades that the figures are of.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PerformanceJson, Problem } from '../contract/index.ts';
import { readCsv } from '../core/csv.ts';
import { createTestApp } from '../testing/http-app.ts';
import { seedPerformance } from '../testing/seeded-performance.ts';

let test: Awaited<ReturnType<typeof createTestApp>>;
let viewer = '';
const ids = { paper: '', second: '', live: '', fresh: '' };

/** Weekdays from Monday the 5th of January 2026: the market moves up two days and down on the third. */
const days = Array.from({ length: 140 }, (_, n) => new Date(Date.UTC(2026, 0, 5 + n)))
  .filter((day) => day.getUTCDay() % 6 !== 0)
  .map((day) => day.toISOString().slice(0, 10));

beforeAll(async () => {
  test = await createTestApp();
  viewer = await test.tokens.issue('viewer', 'viewer');
  const seed = seedPerformance(test.sql);
  ids.paper = await seed.account('paper one', 'paper');
  ids.second = await seed.account('paper two', 'paper');
  ids.live = await seed.account('real', 'production');
  ids.fresh = await seed.account('=fresh', 'paper');
  let equity = 100_000;
  await seed.closes(
    ids.paper,
    days.map((day, n) => {
      equity += n === 0 ? 0 : n % 3 === 0 ? -300 : 250;
      if (n === 30) equity += 50_000;
      return { day, equity: String(equity), ...(n === 30 && { paidIn: '50000' }) };
    }),
  );
  await seed.closes(ids.second, [
    { day: days[10]!, equity: '20000' },
    { day: days[11]!, equity: '20100' },
  ]);
  await seed.closes(ids.live, [
    { day: days[0]!, equity: '5000' },
    { day: days[1]!, equity: '4000' },
  ]);
  await seed.trades(ids.paper, [
    {
      strategy: 'swing',
      symbol: 'KO',
      profit: '120.50',
      openedAt: '2026-01-06T15:00:00Z',
      closedAt: '2026-01-07T15:00:00Z',
    },
    {
      strategy: 'swing',
      symbol: 'XOM',
      profit: '-60',
      openedAt: '2026-01-08T20:00:00Z',
      closedAt: '2026-01-09T15:00:00Z',
    },
    {
      strategy: '=scalp',
      symbol: 'KO',
      profit: '-20',
      openedAt: '2026-01-09T15:00:00Z',
      closedAt: '2026-01-12T15:00:00Z',
    },
  ]);
  await seed.trades(ids.live, [
    {
      strategy: 'swing',
      symbol: 'KO',
      profit: '-1000',
      openedAt: '2026-01-06T15:00:00Z',
      closedAt: '2026-01-06T19:00:00Z',
    },
  ]);
});
afterAll(() => test.close());

const ask = (path: string) =>
  test.app.request(`${test.baseUrl}/api/v1/performance${path}`, { headers: { authorization: `Bearer ${viewer}` } });
async function figures(query: string): Promise<PerformanceJson> {
  const response = await ask(`?from=2026-01-01&to=2026-05-31&${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as PerformanceJson;
}

describe('performance of an account', () => {
  it('takes what was paid in for no profit', async () => {
    const { equity, curve, figures: found, drawdown, months, underWater } = await figures(`account=${ids.paper}`);
    const ups = days.length - 1 - Math.floor((days.length - 1) / 3);
    const profit = ups * 250 - (days.length - 1 - ups) * 300;
    expect(equity).toMatchObject({ first: '100000', paidIn: '50000', profit: String(profit) });
    expect(curve.at(-1)!.value).toBe(String(150_000 + profit));
    // Had the payment been a profit, the period would have earned half as much again.
    expect(Number(found.total.value)).toBeLessThan(0.1);
    expect(Number(found.sharpe.value)).toBeGreaterThan(1);
    expect(Number(found.calmar.value)).toBeGreaterThan(1);
    expect(drawdown).toMatchObject({ fraction: expect.stringMatching(/^0\.00/), peakDay: expect.any(String) });
    expect(Number(underWater!.share)).toBeGreaterThan(0.3);
    expect(months.map(({ year, month }) => `${year}-${month}`)).toEqual([
      '2026-1',
      '2026-2',
      '2026-3',
      '2026-4',
      '2026-5',
    ]);
  });

  it('says what its trades came to, apart by strategy, symbol, hour and weekday', async () => {
    const { trades, groups, newest, bins, exposure } = await figures(`account=${ids.paper}`);
    expect(trades).toMatchObject({
      trades: 3,
      wins: 1,
      losses: 2,
      profit: '40.5',
      won: '120.5',
      lost: '80',
      expectancy: '13.5',
    });
    expect(trades.profitFactor).toBe('1.50625');
    expect(trades.current).toEqual({ kind: 'losses', length: 2 });
    expect(groups.strategy.map(({ key, figures: { profit } }) => [key, profit])).toEqual([
      ['swing', '60.5'],
      ['=scalp', '-20'],
    ]);
    expect(groups.hour.map(({ key }) => key)).toEqual(['10', '15']);
    expect(groups.weekday.map(({ key }) => key)).toEqual(['Tue', 'Thu', 'Fri']);
    expect(newest.map(({ profit }) => profit)).toEqual(['-20', '-60', '120.5']);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(Number(exposure)).toBeGreaterThan(0);
  });

  it('says how much is missing instead of a figure that means nothing', async () => {
    const few = await figures(`account=${ids.second}`);
    expect(few.figures.total.value).toBe('0.005');
    expect(few.figures.sharpe).toEqual({ value: null, missing: { why: 'few_returns', has: 1, needs: 20 } });
    expect(few.figures.yearly.missing).toMatchObject({ why: 'few_days', needs: 90 });
    const none = await figures(`account=${ids.fresh}`);
    expect(none).toMatchObject({ equity: null, curve: [], months: [], exposure: null, trades: { trades: 0 } });
    expect(none.figures.total.missing).toEqual({ why: 'few_returns', has: 0, needs: 1 });
  });

  it('of one strategy is what its trades earned, and has no ratio of equity that is not its own', async () => {
    const swing = await figures(`account=${ids.paper}&strategy=swing`);
    expect(swing.curveOf).toBe('profit');
    expect(swing.curve).toEqual([
      { day: '2026-01-07', value: '120.5', drawdown: '0' },
      { day: '2026-01-09', value: '60.5', drawdown: '60' },
    ]);
    expect(swing.figures.sharpe.missing?.why).toBe('one_strategy');
    expect(swing.trades.trades).toBe(2);
  });
});

describe('paper and production', () => {
  it('are never added up', async () => {
    const paper = await figures('mode=paper');
    expect(paper.accountId).toBeNull();
    expect(paper.trades.trades).toBe(3);
    // The second account joined with 20,000, which nobody earned.
    expect(paper.equity!.paidIn).toBe('70000');
    const real = await figures('mode=production');
    expect(real.trades).toMatchObject({ trades: 1, profit: '-1000' });
    expect(real.equity).toMatchObject({ last: '4000' });
    const mixed = await ask(`?mode=production&account=${ids.paper}`);
    expect(mixed.status).toBe(400);
    expect(((await mixed.json()) as Problem).detail).toContain(
      'paper one trades paper, and the two are never added up',
    );
  });
  it('go by the account, and else by the master switch', async () => {
    expect((await figures('')).mode).toBe('paper');
    expect((await figures(`account=${ids.live}`)).mode).toBe('production');
  });
});

describe('a question that cannot be answered', () => {
  it.each([
    ['?from=2026-02-30', 'expected a day that exists'],
    ['?from=2026-05-01&to=2026-04-01', 'expected a day from 2026-05-01 on'],
    ['?from=2000-01-01&to=2026-01-01', 'expected at most 3660 days'],
    ['?mode=both', 'mode'],
  ])('%s is told what was expected', async (query, words) => {
    const response = await ask(query);
    expect(response.status).toBe(400);
    const { detail } = (await response.json()) as Problem;
    expect(detail).toContain(words);
  });
  it('is one about an account that is not there', async () => {
    expect((await ask('?account=00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });
});

it('gives the trades as CSV, in which nothing is a formula', async () => {
  const response = await ask(`/csv?from=2026-01-01&to=2026-05-31&account=${ids.paper}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toContain('trades-paper-2026-01-01-to-2026-05-31.csv');
  const [head, ...rows] = readCsv(await response.text()).map(({ fields }) => fields);
  expect(head).toContain('profit');
  expect(rows.map((fields) => fields[head!.indexOf('profit')])).toEqual(['-20', '-60', '120.5']);
  expect(rows[0]![head!.indexOf('strategy')]).toBe("'=scalp");
  expect(rows[0]![head!.indexOf('account')]).toBe('paper one');
});
