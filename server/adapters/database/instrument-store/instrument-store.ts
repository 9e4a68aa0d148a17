import type postgres from 'postgres';
import { coinBucket, sectorNames, unknown } from '../../../core/instruments/sectors.ts';
import { instrumentSymbol, isCoin } from '../../../core/instruments/symbols.ts';
import type { Classification, Instrument, InstrumentRecord, InstrumentSource } from '../../../core/model/instrument.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type {
  InstrumentChange,
  InstrumentQuery,
  InstrumentStore,
  SectorCount,
} from '../../../core/ports/instruments.ts';
import { BadCursor, type Page } from '../../../core/ports/paging.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { allOf } from '../read-store/paging.ts';

export interface InstrumentStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** Answers that are remembered: more symbols than anybody holds or asks for. */
const answersKept = 10_000;
/** Symbols that an event names; of more it tells how many there were. */
const symbolsTold = 200;

interface Row extends Instrument {
  source: InstrumentSource;
  importedAt: Date | null;
  importedBy: string | null;
  shipped: (Omit<Instrument, 'symbol'> & { source: InstrumentSource }) | null;
}

/** Instruments in PostgreSQL, behind a snapshot of their sectors that is read before this returns. */
export async function createInstrumentStore({
  sql,
  clock,
  committed,
}: InstrumentStoreOptions): Promise<InstrumentStore> {
  let bySymbol = new Map<string, Classification>();
  let industryNames: readonly string[] = [];
  /** For symbols in another notation, and for those that are not in the table. */
  const answered = new Map<string, Classification>();
  // One read at a time: a slow one that began earlier must not overwrite what a later one saw.
  let reading: Promise<void> = Promise.resolve();
  const read = async () => {
    const rows = await sql<Classification[]>`select symbol, sector, industry from instruments`;
    bySymbol = new Map(rows.map(({ symbol, sector, industry }) => [symbol, { symbol, sector, industry }]));
    answered.clear();
    industryNames = [...new Set(rows.map(({ industry }) => industry))].sort();
  };
  const refresh = (): Promise<void> => {
    reading = reading.then(read, read);
    return reading;
  };
  await refresh();

  const columns = sql`symbol, name, sector, industry, source, imported_at as "importedAt", imported_by as "importedBy", shipped`;
  const find = async (symbol: string): Promise<InstrumentRecord | null> => {
    const [row] = await sql<Row[]>`select ${columns} from instruments where symbol = ${instrumentSymbol(symbol)}`;
    return row ? recordOf(row) : null;
  };

  return {
    classify(symbol) {
      // A decision asks for everything that is held, several times.
      const known = bySymbol.get(symbol) ?? answered.get(symbol);
      if (known) return known;
      const canonical = instrumentSymbol(symbol);
      const bucket = isCoin(canonical) ? coinBucket : { sector: unknown, industry: unknown };
      const answer = bySymbol.get(canonical) ?? { symbol: canonical, ...bucket };
      if (answered.size >= answersKept) answered.clear();
      answered.set(symbol, answer);
      return answer;
    },
    refresh,
    industries: () => industryNames,
    find,

    list: (query) => list(sql, columns, query),

    async sectors() {
      const rows = await sql<SectorCount[]>`
        select sector, count(*)::int as count, (count(*) filter (where source = 'import'))::int as imported
        from instruments group by sector`;
      const counted = new Map(rows.map((row) => [row.sector, row]));
      return sectorNames.map((sector) => counted.get(sector) ?? { sector, count: 0, imported: 0 });
    },

    preview: async (rows) => changesOf(rows, await standing(sql, rows)),

    async import(rows, by) {
      const now = clock.now();
      const changes = await sql.begin(async (tx) => {
        // Two imports of the same symbols, or a start that reads the shipped file meanwhile, come one after the other.
        await tx`lock table instruments in share row exclusive mode`;
        const told = changesOf(rows, await standing(tx, rows));
        await tx`
          insert into instruments (symbol, name, sector, industry, source, imported_at, imported_by)
          select symbol, name, sector, industry, 'import', ${now}, ${by}
          from jsonb_to_recordset(${tx.json(told.map(({ after }) => ({ ...after })))}::jsonb)
            as rows (symbol text, name text, sector text, industry text)
          on conflict (symbol) do update set name = excluded.name, sector = excluded.sector, industry = excluded.industry,
            source = excluded.source, imported_at = excluded.imported_at, imported_by = excluded.imported_by,
            shipped = case when instruments.source = 'import' then instruments.shipped else jsonb_build_object(
              'name', instruments.name, 'sector', instruments.sector, 'industry', instruments.industry,
              'source', instruments.source) end`;
        const count = (kind: InstrumentChange['kind']) => told.filter((one) => one.kind === kind).length;
        const moved = told.filter((one) => one.kind !== 'same');
        await appendEvents(tx, [
          {
            kind: 'instruments.imported',
            data: {
              by,
              instruments: told.length,
              added: count('added'),
              changed: count('changed'),
              changes: moved.slice(0, symbolsTold).map(({ before, after }) => ({
                symbol: after.symbol,
                from: before && { sector: before.sector, industry: before.industry },
                to: { sector: after.sector, industry: after.industry },
              })),
            },
          },
        ]);
        return told;
      });
      committed?.();
      await refresh();
      return changes;
    },

    async restore(text, by) {
      const symbol = instrumentSymbol(text);
      const done = await sql.begin(async (tx) => {
        await tx`lock table instruments in share row exclusive mode`;
        const [row] = await tx<Row[]>`
          select ${columns} from instruments where symbol = ${symbol} and source = 'import'`;
        if (!row) return false;
        if (row.shipped) {
          const { name, sector, industry, source } = row.shipped;
          await tx`
            update instruments set name = ${name}, sector = ${sector}, industry = ${industry}, source = ${source},
              imported_at = null, imported_by = null, shipped = null
            where symbol = ${symbol}`;
        } else await tx`delete from instruments where symbol = ${symbol}`;
        const to = row.shipped && { sector: row.shipped.sector, industry: row.shipped.industry };
        const data = { symbol, by, from: { sector: row.sector, industry: row.industry }, to };
        await appendEvents(tx, [{ kind: 'instruments.restored', data }]);
        return true;
      });
      if (!done) return null;
      committed?.();
      await refresh();
      return (await find(symbol)) ?? 'gone';
    },
  };
}

async function list(
  sql: postgres.Sql,
  columns: postgres.PendingQuery<postgres.Row[]>,
  { text, sector, imported, limit, cursor }: InstrumentQuery,
): Promise<Page<InstrumentRecord>> {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const patterns = words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const rows = await sql<Row[]>`
    select ${columns} from instruments
    where true ${allOf(sql, [
      words.length > 0
        ? sql`(lower(concat_ws(' ', symbol, name, sector, industry)) like all(${patterns})
            or symbol = ${instrumentSymbol(text!)})`
        : null,
      sector ? sql`sector = ${sector}` : null,
      imported ? sql`source = 'import'` : null,
      cursor === undefined ? null : sql`symbol collate "C" > ${readSymbol(cursor)}`,
    ])}
    order by symbol collate "C" limit ${limit + 1}`;
  const items = rows.slice(0, limit).map(recordOf);
  const last = items.at(-1);
  const next = rows.length > limit && last ? Buffer.from(`symbol ${last.symbol}`).toString('base64url') : null;
  return { items, next };
}

function readSymbol(cursor: string): string {
  const [, symbol] = /^symbol ([A-Z0-9./]+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (!symbol) throw new BadCursor('the cursor is not one of ours');
  return symbol;
}

function recordOf({ shipped, ...row }: Row): InstrumentRecord {
  const { source: _source, ...under } = shipped ?? {};
  return { ...row, shipped: shipped && (under as Omit<Instrument, 'symbol'>) };
}

/** What stands in the table for the symbols of some rows. */
async function standing(sql: Statements, rows: readonly Instrument[]): Promise<ReadonlyMap<string, Instrument>> {
  const found = await sql<Instrument[]>`
    select symbol, name, sector, industry from instruments where symbol = any(${rows.map(({ symbol }) => symbol)}::text[])`;
  return new Map(found.map((row) => [row.symbol, { ...row }]));
}

function changesOf(rows: readonly Instrument[], stood: ReadonlyMap<string, Instrument>): InstrumentChange[] {
  return rows.map(({ symbol, name, sector, industry }) => {
    const after = { symbol, name, sector, industry };
    const before = stood.get(symbol) ?? null;
    const same = before && before.name === name && before.sector === sector && before.industry === industry;
    return { after, before, kind: before === null ? 'added' : same ? 'same' : 'changed' };
  });
}
