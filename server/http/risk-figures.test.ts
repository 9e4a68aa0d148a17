// The figures of the risk page over HTTP, on a real database: what is held is told beside the limit that applies, the bars add up, what has no
// bars is named and never shown as zero; reports are kept once, read back as page, CSV and PDF.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, RiskFiguresJson, RiskReportJson, RiskReportLineJson, Role } from '../contract/index.ts';
import { readCsv } from '../core/csv.ts';
import { decimal, price } from '../core/decimal.ts';
import { closesOf, dailyBars } from '../testing/daily-bars.ts';
import { createTestApp } from '../testing/http-app.ts';
import { pdfText } from '../testing/pdf-text.ts';

/** Two of them move against each other; of DARK nobody knows any bars. */
const moves = Array.from({ length: 120 }, (_, i) => ((i % 7) - 3) / 200);
const bars: Readonly<Record<string, ReturnType<typeof dailyBars>>> = {
  AAPL: dailyBars(closesOf(moves)),
  XOM: dailyBars(closesOf(moves.map((move) => -move / 2))),
};
const prices: Readonly<Record<string, string>> = { AAPL: '150', XOM: '100', DARK: '10' };

let test: Awaited<ReturnType<typeof createTestApp>>;
let accountId = '';
const bearer: Partial<Record<Role, string>> = {};

beforeAll(async () => {
  test = await createTestApp(
    {},
    {
      facts: { dailyBars: (symbol) => bars[symbol] ?? null, session: () => null },
      quote: async (_account, symbol) =>
        prices[symbol]
          ? { symbol, bid: price(prices[symbol]), ask: price(prices[symbol]), at: new Date('2026-11-20T17:00:00Z') }
          : null,
    },
  );
  for (const role of ['trader', 'analyst', 'viewer'] as const) bearer[role] = await test.tokens.issue(role, role);
  const [row] = await test.sql<{ id: string }[]>`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (gen_random_uuid(), '=paper', 'alpaca', 'embedded', 'paper', 'key', 'sealed') returning id`;
  accountId = row!.id;
  await hold(accountId);
  const imported = await test.app.request(`${test.baseUrl}/api/v1/instruments/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer.trader}`, 'content-type': 'text/csv' },
    body: 'symbol,name,sector,industry\nAAPL,Apple,Information Technology,Hardware\nXOM,Exxon,Energy,Oil\n',
  });
  expect(imported.status).toBe(200);
});
afterAll(() => test.close());

/** 100 AAPL of two strategies, 50 XOM short, 200 DARK; 90,000 in cash. */
async function hold(account: string): Promise<void> {
  await test.sql.begin(async (tx) => {
    await tx`insert into account_balances (account_id, book, balance) values (${account}, 'cash', 90000)
      on conflict (account_id, book) do update set balance = 90000`;
    await tx`insert into positions (account_id, symbol, quantity, cost, updated_at) values
      (${account}, 'AAPL', 100, 14000, now()), (${account}, 'XOM', -50, -5100, now()), (${account}, 'DARK', 200, 2000, now())`;
    await tx`insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at) values
      (${account}, 'momentum', 'AAPL', 60, 8400, now()), (${account}, '@trend', 'AAPL', 40, 5600, now()),
      (${account}, 'momentum', 'XOM', -50, -5100, now()), (${account}, 'momentum', 'DARK', 200, 2000, now())`;
  });
}

async function ask(path: string, role: Role = 'viewer', init: RequestInit = {}): Promise<Response> {
  return test.app.request(`${test.baseUrl}/api/v1/risk/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${bearer[role]}` },
  });
}
const figures = async () => {
  const response = await ask('figures');
  expect(response.status).toBe(200);
  return ((await response.json()) as RiskFiguresJson).portfolios.find((one) => one.id === accountId)!;
};
const gauge = async (key: string) => (await figures()).gauges.find((one) => one.key === key);

describe('the figures', () => {
  it('tell what is held beside the limit that applies, by symbol, sector and strategy', async () => {
    const { symbols, sectors, strategies, equity } = await figures();
    // 90,000 + 15,000 - 5,000 + 2,000.
    expect(equity).toBe('102000');
    expect(symbols.map(({ name, gross, net }) => [name, gross, net])).toEqual([
      ['AAPL', '15000', '15000'],
      ['XOM', '5000', '-5000'],
      ['DARK', '2000', '2000'],
    ]);
    expect(symbols[0]).toMatchObject({
      ...{ ofEquity: '0.147059', sector: 'Information Technology', atCost: false },
      limit: { rule: 'max-position', ofEquity: '0.2', value: '20400', use: '0.735294', state: 'within' },
    });
    expect(sectors.map(({ name, gross }) => [name, gross])).toEqual([
      ['Information Technology', '15000'],
      ['Energy', '5000'],
      ['Unknown', '2000'],
    ]);
    expect(strategies!.map(({ name, gross }) => [name, gross])).toEqual([
      ['momentum', '16000'],
      ['@trend', '6000'],
    ]);
  });
  it('tell gross, net and leverage', async () => {
    expect(await gauge('gross')).toMatchObject({
      ...{ value: '22000', ofEquity: '0.215686' },
      limit: { rule: 'max-exposure', value: '102000', state: 'within' },
    });
    expect(await gauge('net')).toMatchObject({ value: '12000', limit: null });
    expect(await gauge('leverage')).toMatchObject({ value: '0.2157', limit: { rule: 'max-leverage', value: '2' } });
  });
  it('name what has no bars, and say how much is in the figures', async () => {
    const { losses, correlations } = await figures();
    expect(losses.missing).toEqual([{ symbol: 'DARK', worth: '2000', why: expect.stringContaining('no daily bars') }]);
    expect(losses.covered).toBe('0.909091');
    expect(losses.sentence).toContain('DARK is not in them');
    expect(losses.rows).toHaveLength(6);
    for (const row of losses.rows) expect(decimal(row.valueAtRisk!).gt('0')).toBe(true);
    expect(correlations.symbols).toEqual(['AAPL', 'XOM']);
    expect(correlations.cells[0]![1]).toBe('-1');
    expect(correlations.missing.map(({ symbol }) => symbol)).toEqual(['DARK']);
  });
});

describe('a report', () => {
  it('is made by whoever may, replaced while the day goes on, and listed', async () => {
    expect((await ask('reports', 'analyst', { method: 'POST' })).status).toBe(403);
    for (let i = 0; i < 2; i++) expect((await ask('reports', 'trader', { method: 'POST' })).status).toBe(200);
    const { items } = (await (await ask('reports')).json()) as { items: RiskReportLineJson[] };
    expect(items).toMatchObject([{ final: false, madeBy: 'trader', breaches: 0 }]);
  });
  it('is read back as it was made, and as CSV and PDF', async () => {
    const made = (await (await ask('reports', 'trader', { method: 'POST' })).json()) as RiskReportJson;
    expect(await (await ask(`reports/${made.day}`)).json()).toEqual(made);

    const csv = await ask(`reports/${made.day}.csv`);
    expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="risk-report-${made.day}-so-far.csv"`);
    const [head, ...rows] = readCsv(await csv.text());
    const column = (name: string) => head!.fields.indexOf(name);
    const read = rows.map(({ fields }) => fields);
    const gross = read.filter((row) => row[0] === 'symbol' && row[column('figure')] === 'gross exposure');
    expect(gross.map((row) => [row[column('item')], row[column('value')]])).toEqual([
      ['AAPL', '15000'],
      ['XOM', '5000'],
      ['DARK', '2000'],
    ]);
    expect(gross[0]![1]).toBe("'=paper");
    expect(read.some((row) => row[column('item')] === "'@trend")).toBe(true);
    expect(read.flat().filter((cell) => /^[=+@]/.test(cell) || /^-(?![\d.]+$)/.test(cell))).toEqual([]);

    const pdf = await ask(`reports/${made.day}.pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const told = pdfText(new Uint8Array(await pdf.arrayBuffer()));
    for (const one of [`Risk report of ${made.day}`, '102,000.00', '15,000.00', '\u22125,000.00', '14.71 %', '@trend'])
      expect(told).toContain(one);
    expect(told).toContain('Not in these figures: DARK, worth 2,000.00');
  });
  it('that does not exist is said so, and a day that is none', async () => {
    expect((await ask('reports/2020-01-02')).status).toBe(404);
    const { status, detail } = (await (await ask('reports/2026-02-30.csv')).json()) as Problem;
    expect([status, detail]).toEqual([400, expect.stringContaining('expected a day that exists')]);
  });
});
