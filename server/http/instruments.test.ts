// Invariants: a file with one bad line changes nothing; every fault is named by line and column; what was imported can be taken back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstrumentImportJson, InstrumentJson, InstrumentPageJson, Problem } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';
import { importBytes } from './routes/instruments.ts';

const head = 'symbol,name,sector,industry\n';
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const send = (body: string | Uint8Array<ArrayBuffer>, { path = '', type = 'text/csv; charset=utf-8' } = {}) =>
  api.request(`/api/v1/instruments/import${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.tokens.trader}`, 'content-type': type },
    body,
  });
const get = async <T>(path: string): Promise<T> =>
  (await api.as('viewer', `/api/v1/instruments${path}`)).json() as Promise<T>;
const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

describe('an import', () => {
  it('shows what it would do, then does it, and is listed as what a person said', async () => {
    const csv = `${head}BRK/B,Berkshire,Financial Services,Multi-Sector Holdings\nNEW,"Newly, Inc.",Energy,Wind\n`;
    const preview = await send(csv, { path: '?preview=true' });
    expect([preview.status, await preview.json()]).toEqual([
      200,
      {
        imported: false,
        added: 2,
        changed: 0,
        same: 0,
        changes: [
          {
            symbol: 'BRK.B',
            kind: 'added',
            before: null,
            after: { name: 'Berkshire', sector: 'Financials', industry: 'Multi-Sector Holdings' },
          },
          {
            symbol: 'NEW',
            kind: 'added',
            before: null,
            after: { name: 'Newly, Inc.', sector: 'Energy', industry: 'Wind' },
          },
        ],
      } satisfies InstrumentImportJson,
    ]);
    expect((await get<InstrumentPageJson>('?q=newly')).items).toEqual([]);
    expect(await (await send(csv)).json()).toMatchObject({ imported: true, added: 2 });
    const page = await get<InstrumentPageJson>('?q=newly&sector=energy&imported=true');
    expect(page.items).toEqual([expect.objectContaining({ symbol: 'NEW', source: 'import', shipped: null })]);
    expect(page.sectors).toContainEqual({ sector: 'Energy', count: 1, imported: 1 });
    expect(await get<InstrumentJson>('/BRK-B')).toMatchObject({ symbol: 'BRK.B', sector: 'Financials' });
    const told = async () => {
      const answer = await api.as('analyst', '/api/v1/events?kind=instruments.imported');
      return ((await answer.json()) as { items: unknown[] }).items;
    };
    // What other tests have under way on the same server may keep an event from being read for a moment.
    await expect.poll(told).toHaveLength(1);
  });

  it('with bad lines is refused with each of them, and nothing is taken over', async () => {
    const response = await send(`${head}GOOD,Good,Energy,Wind\nBAD,,Enrgy,Wind\n"=1+1",Worse,Energy,Wind\n`);
    const problem = await problemOf(response);
    expect([response.status, problem.code, problem.detail]).toEqual([
      400,
      'IMPORT_REFUSED',
      '2 lines are wrong. Nothing was taken over.',
    ]);
    expect(problem.fields?.map(({ field, code }) => [field, code])).toEqual([
      ['line 3, name', 'MISSING'],
      ['line 3, sector', 'NOT_A_SECTOR'],
      ['line 4, symbol', 'FORMULA'],
    ]);
    expect((await get<InstrumentJson>('/GOOD')).source).toBe('none');
  });

  it('of another kind of file names the first faults only', async () => {
    const problem = await problemOf(await send(`${head}${'A,A,Nowhere,Wind\n'.repeat(300)}`));
    expect(problem.fields).toHaveLength(100);
    expect(problem.detail).toContain('300 lines are wrong. The first 100 of 599 faults are named.');
  });

  it.each([
    ['is no CSV', `${head}A,A,Energy,Wind\n`, 'application/json', 415, 'NOT_CSV'],
    [
      'is not UTF-8',
      new Uint8Array([...new TextEncoder().encode(head), 0x41, 0xff, 0xfe]),
      'text/csv',
      400,
      'NOT_UTF8',
    ],
    ['is too large', `${head}${'x'.repeat(importBytes)}`, 'text/csv', 413, 'TOO_LARGE'],
  ])('that %s is refused', async (_name, body, type, status, code) => {
    const response = await send(body, { type });
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code]);
  });

  it('may be larger than any other body', async () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => `L${i},${'a long name '.repeat(8)},Utilities,Water`);
    const csv = `${head}${rows.join('\n')}`;
    expect(csv.length).toBeGreaterThan(512 * 1024);
    const answer = (await (await send(csv)).json()) as InstrumentImportJson;
    expect([answer.added, answer.changes.length]).toEqual([6_000, 1_000]);
  });
});

describe('one instrument', () => {
  it('that nobody classified is in its own bucket', async () => {
    expect(await get<InstrumentJson>('/NOPE')).toEqual({
      symbol: 'NOPE',
      name: null,
      sector: 'Unknown',
      industry: 'Unknown',
      source: 'none',
      importedAt: null,
      importedBy: null,
      shipped: null,
    });
    for (const path of ['/DOGEUSD', '/DOGE%2FUSD', '/DOGE-USD'])
      expect(await get<InstrumentJson>(path)).toMatchObject({ symbol: 'DOGE/USD', sector: 'Crypto' });
  });

  it('is given back by whoever may trade, once', async () => {
    await send(`${head}MINE,Mine,Energy,Wind\n`);
    const restored = await api.as('trader', '/api/v1/instruments/MINE', { method: 'DELETE' });
    expect([restored.status, await restored.json()]).toEqual([200, expect.objectContaining({ sector: 'Unknown' })]);
    const again = await api.as('trader', '/api/v1/instruments/MINE', { method: 'DELETE' });
    expect([again.status, (await problemOf(again)).detail]).toEqual([
      404,
      'There is no import of MINE. Nothing was changed.',
    ]);
  });

  it('is listed by pages', async () => {
    const first = await get<InstrumentPageJson>('?limit=1');
    const second = await get<InstrumentPageJson>(`?limit=1&cursor=${first.next}`);
    expect(second.items[0]!.symbol > first.items[0]!.symbol).toBe(true);
    expect((await api.as('viewer', '/api/v1/instruments?cursor=x')).status).toBe(400);
  });
});
