// Invariants: what a person imported wins over what ships and survives each start; it is taken over whole; given back, what ships holds again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sectorNames } from '../../../core/instruments/sectors.ts';
import type { Instrument } from '../../../core/model/instrument.ts';
import type { InstrumentStore } from '../../../core/ports/instruments.ts';
import { BadCursor } from '../../../core/ports/paging.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { createInstrumentStore } from './instrument-store.ts';
import { loadInstruments } from './load-shipped.ts';

const head = 'symbol,name,sector,industry,source\n';
const shipped = `${head}AAPL,Apple Inc.,Information Technology,Hardware,s-and-p-500-companies
BRK.B,Berkshire,Financials,Multi-Sector Holdings,s-and-p-500-companies
BTC/USD,Bitcoin,Crypto,Coin,signalbox
XOM,Exxon,Energy,Integrated Oil & Gas,s-and-p-500-companies\n`;
const clock = new ManualClock();
const committed = vi.fn();
let database: TestDatabase;
let folder: string;
let file: string;
let store: InstrumentStore;
let before = '0';

const load = async (csv: string): Promise<number> => {
  await writeFile(file, csv);
  return loadInstruments(database.sql, file);
};
const of = (symbol: string, sector = 'Energy', industry = 'Wind'): Instrument => ({
  symbol,
  name: `${symbol} Co.`,
  sector,
  industry,
});
const events = () => database.sql`select kind, data from events where seq > ${before} order by xid, seq`;
const all = async () => (await store.list({ limit: 100 })).items;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'signalbox-instruments-'));
  file = join(folder, 'instruments.csv');
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.sql`delete from instruments`;
  await load(shipped);
  store = await createInstrumentStore({ sql: database.sql, clock, committed });
  committed.mockClear();
  const [row] = await database.sql`select coalesce(max(seq), 0)::text as seq from events`;
  before = row!.seq;
});

describe('sector and industry', () => {
  it.each(['BRK.B', 'BRK/B', 'BRK-B', 'brk.b'])('of %s are those of BRK.B', async (symbol) => {
    expect(store.classify(symbol)).toEqual({
      symbol: 'BRK.B',
      sector: 'Financials',
      industry: 'Multi-Sector Holdings',
    });
    expect((await store.find(symbol))?.symbol).toBe('BRK.B');
  });

  it('of pairs are those of coins, listed or not', () => {
    for (const symbol of ['BTC/USD', 'BTCUSD', 'BTC-USD'])
      expect(store.classify(symbol)).toEqual({ symbol: 'BTC/USD', sector: 'Crypto', industry: 'Coin' });
    expect(store.classify('NEWCOIN/USD')).toEqual({ symbol: 'NEWCOIN/USD', sector: 'Crypto', industry: 'Coin' });
  });

  it('of what nobody classified are a bucket of their own', async () => {
    expect(store.classify('NOPE')).toEqual({ symbol: 'NOPE', sector: 'Unknown', industry: 'Unknown' });
    expect(store.classify('EUR/USD').sector).toBe('Unknown');
    expect(await store.find('NOPE')).toBeNull();
  });

  it('follow an import at once, and another process’s when told', async () => {
    const other = await createInstrumentStore({ sql: database.sql, clock });
    await store.import([of('NOPE')], 'ada');
    expect(store.classify('NOPE')).toMatchObject({ sector: 'Energy', industry: 'Wind' });
    expect(other.classify('NOPE').sector).toBe('Unknown');
    await other.refresh();
    expect(other.classify('NOPE').sector).toBe('Energy');
    expect(other.industries()).toContain('Wind');
  });
});

describe('an import', () => {
  it('wins over what ships, tells so, and keeps what ships beside', async () => {
    const told = await store.import([of('AAPL', 'Consumer Discretionary', 'Phones'), of('NEW')], 'ada');
    expect(told.map((one) => [one.after.symbol, one.kind, one.before?.sector])).toEqual([
      ['AAPL', 'changed', 'Information Technology'],
      ['NEW', 'added', undefined],
    ]);
    expect(await store.find('AAPL')).toEqual({
      ...of('AAPL', 'Consumer Discretionary', 'Phones'),
      source: 'import',
      importedAt: clock.now(),
      importedBy: 'ada',
      shipped: { name: 'Apple Inc.', sector: 'Information Technology', industry: 'Hardware' },
    });
    expect(committed).toHaveBeenCalledOnce();
    expect(await events()).toEqual([
      {
        kind: 'instruments.imported',
        data: {
          by: 'ada',
          instruments: 2,
          added: 1,
          changed: 1,
          changes: [
            {
              symbol: 'AAPL',
              from: { sector: 'Information Technology', industry: 'Hardware' },
              to: { sector: 'Consumer Discretionary', industry: 'Phones' },
            },
            { symbol: 'NEW', from: null, to: { sector: 'Energy', industry: 'Wind' } },
          ],
        },
      },
    ]);
  });

  it('survives a restart and an update of what ships', async () => {
    await store.import([of('AAPL', 'Consumer Discretionary', 'Phones'), of('NEW')], 'ada');
    expect(await load(shipped.replace('Hardware', 'Computers').replace(/XOM.*\n/, ''))).toBe(3);
    const after = await createInstrumentStore({ sql: database.sql, clock });
    expect(after.classify('AAPL')).toMatchObject({ sector: 'Consumer Discretionary', industry: 'Phones' });
    expect(after.classify('NEW').sector).toBe('Energy');
    expect(after.classify('XOM').sector).toBe('Unknown');
    expect((await after.find('AAPL'))?.shipped?.industry).toBe('Computers');
  });

  it('of what ships no longer has nothing under it, and of what begins to ship has', async () => {
    await store.import([of('XOM'), of('NEW')], 'ada');
    await load(`${shipped.replace(/XOM.*\n/, '')}NEW,New Inc.,Utilities,Water,signalbox\n`);
    expect(await store.find('XOM')).toMatchObject({ source: 'import', shipped: null });
    expect(await store.find('NEW')).toMatchObject({
      sector: 'Energy',
      shipped: { name: 'New Inc.', sector: 'Utilities', industry: 'Water' },
    });
  });

  it('twice keeps what ships, not what was imported first', async () => {
    await store.import([of('AAPL', 'Energy')], 'ada');
    const [again] = await store.import([of('AAPL', 'Utilities')], 'bob');
    expect(again).toMatchObject({ kind: 'changed', before: { sector: 'Energy' } });
    expect(await store.find('AAPL')).toMatchObject({
      importedBy: 'bob',
      shipped: { sector: 'Information Technology' },
    });
  });

  it('that the database refuses takes nothing over', async () => {
    const rows = [of('GOOD'), { ...of('BAD'), name: null as unknown as string }];
    await expect(store.import(rows, 'ada')).rejects.toThrow('null');
    expect(await store.find('GOOD')).toBeNull();
    expect(await events()).toEqual([]);
    expect(committed).not.toHaveBeenCalled();
  });

  it('is only shown by a preview', async () => {
    const rows = [
      of('AAPL'),
      { symbol: 'XOM', name: 'Exxon', sector: 'Energy', industry: 'Integrated Oil & Gas' },
      of('NEW'),
    ];
    expect((await store.preview(rows)).map((one) => one.kind)).toEqual(['changed', 'same', 'added']);
    expect(await store.find('NEW')).toBeNull();
    expect(await events()).toEqual([]);
  });

  it('of many at once, from two sides, leaves every symbol as one of them said', async () => {
    const other = await createInstrumentStore({ sql: database.sql, clock });
    const many = (sector: string) => Array.from({ length: 300 }, (_, i) => of(`S${i}`, sector));
    await Promise.all([
      store.import(many('Energy'), 'ada'),
      other.import(many('Utilities').toReversed(), 'bob'),
      load(shipped),
    ]);
    const sectors = new Set((await all()).filter((one) => one.symbol.startsWith('S')).map((one) => one.sector));
    expect(sectors.size).toBe(1);
    expect(await events()).toHaveLength(2);
    const [last] = (await events()).slice(-1);
    expect(last!.data.changes).toHaveLength(200);
  });
});

describe('what was imported', () => {
  it('is given back to what ships', async () => {
    await store.import([of('BRK.B')], 'ada');
    expect(await store.restore('BRK-B', 'bob')).toMatchObject({
      sector: 'Financials',
      source: 's-and-p-500-companies',
    });
    expect(store.classify('BRK.B').sector).toBe('Financials');
    expect((await events()).at(-1)).toEqual({
      kind: 'instruments.restored',
      data: {
        symbol: 'BRK.B',
        by: 'bob',
        from: { sector: 'Energy', industry: 'Wind' },
        to: { sector: 'Financials', industry: 'Multi-Sector Holdings' },
      },
    });
  });

  it('is unknown again where nothing ships', async () => {
    await store.import([of('NEW')], 'ada');
    expect(await store.restore('NEW', 'ada')).toBe('gone');
    expect(store.classify('NEW').sector).toBe('Unknown');
  });

  it('is asked of what nobody imported: nothing happens', async () => {
    expect(await store.restore('AAPL', 'ada')).toBeNull();
    expect(await store.restore('NOPE', 'ada')).toBeNull();
    expect(await events()).toEqual([]);
  });
});

describe('the list', () => {
  it('is searched by words of any column, and by any notation', async () => {
    const found = async (text: string) => (await store.list({ limit: 10, text })).items.map((one) => one.symbol);
    expect(await found('apple hard')).toEqual(['AAPL']);
    expect(await found('FINANC')).toEqual(['BRK.B']);
    expect(await found('brk-b')).toEqual(['BRK.B']);
    expect(await found('%')).toEqual([]);
    expect(await found('nothing of it')).toEqual([]);
  });

  it('is filtered by sector and by whose word it is, and counted', async () => {
    await store.import([of('XOM'), of('NEW')], 'ada');
    const symbols = async (query: object) => (await store.list({ limit: 10, ...query })).items.map((one) => one.symbol);
    expect(await symbols({ sector: 'Energy' })).toEqual(['NEW', 'XOM']);
    expect(await symbols({ imported: true })).toEqual(['NEW', 'XOM']);
    expect(await store.sectors()).toContainEqual({ sector: 'Energy', count: 2, imported: 2 });
    expect(await store.sectors()).toContainEqual({ sector: 'Financials', count: 1, imported: 0 });
    expect((await store.sectors()).map((one) => one.sector)).toEqual([...sectorNames]);
  });

  it('has pages that miss nothing and repeat nothing', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ limit: 3, cursor });
      seen.push(...page.items.map((one) => one.symbol));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['AAPL', 'BRK.B', 'BTC/USD', 'XOM']);
    await expect(store.list({ limit: 3, cursor: 'made up' })).rejects.toThrow(BadCursor);
  });
});

describe('the file that ships', () => {
  it.each([
    ['a line that cannot be read', `${head}NEW,Name,Energy\n`, 'line 2'],
    ['a source that is none', `${head}NEW,Name,Energy,Wind,import\n`, 'line 2, source'],
  ])('with %s is named, and changes nothing', async (_name, csv, sentence) => {
    await expect(load(csv)).rejects.toThrow(sentence);
    expect((await all()).map((one) => one.symbol)).toEqual(['AAPL', 'BRK.B', 'BTC/USD', 'XOM']);
  });
});
