import { z } from 'zod';
import {
  type InstrumentImportJson,
  type InstrumentJson,
  instrument,
  instrumentImport,
  instrumentPage,
  instrumentQuery,
  plainText,
} from '../../contract/index.ts';
import { type InstrumentFault, readInstruments } from '../../core/instruments/read-instruments.ts';
import { sectorNamed } from '../../core/instruments/sectors.ts';
import type { InstrumentRecord } from '../../core/model/instrument.ts';
import type { InstrumentChange } from '../../core/ports/instruments.ts';
import type { App, HttpParts } from '../parts.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { createRoute, describeRoute } from '../route.ts';

/** Bytes of a file that is imported; the limit of other bodies is smaller. */
export const importBytes = 2 * 1024 * 1024;
export const importPath = '/api/v1/instruments/import';

/** Changes that an answer shows. */
const changesShown = 1_000;
/** Faults that a refusal names; a file of another kind has one a line. */
const faultsShown = 100;

/** Sectors and industries: what ships, and what a person says instead. */
export function instrumentRoutes(app: App, { instruments }: HttpParts): void {
  const tag = 'Instruments';
  const bySymbol = z.object({ symbol: plainText(40).meta({ description: 'In any notation', example: 'BRK-B' }) });

  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/instruments',
        tag,
        summary: 'Tickers with their sectors and industries, in the order of their symbols',
        answer: instrumentPage,
      }),
      request: { query: instrumentQuery },
    }),
    async (c) => {
      const { q, sector, imported, limit, cursor } = c.req.valid('query');
      const named = sector === undefined ? undefined : (sectorNamed(sector) ?? sector);
      const [page, sectors] = await Promise.all([
        instruments.list({ text: q, sector: named, imported: imported === 'true', limit, cursor }),
        instruments.sectors(),
      ]);
      return c.json({ items: page.items.map(shown), next: page.next, sectors: [...sectors] }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'post',
        path: importPath,
        tag,
        summary: 'Take over a CSV file of symbol,name,sector,industry: all of it, or nothing when a line is wrong',
        answer: instrumentImport,
      }),
      request: {
        query: z.object({
          preview: z
            .enum(['true', 'false'])
            .optional()
            .meta({ description: 'true: say what it would do, and take nothing over' }),
        }),
        body: { content: { 'text/csv': { schema: z.string() } }, required: true },
      },
    }),
    async (c) => {
      if (!/^text\/csv\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
        throw new HttpProblem(
          415,
          'NOT_CSV',
          'The request cannot be used',
          'Expected a body of the type text/csv. Nothing was taken over.',
        );
      const read = readInstruments(textOf(await c.req.arrayBuffer()), { industries: instruments.industries() });
      if (read.kind === 'faults') throw refused(read.faults);
      const preview = c.req.valid('query').preview === 'true';
      const changes = preview
        ? await instruments.preview(read.rows)
        : await instruments.import(read.rows, c.get('caller').name);
      return c.json(answer(changes, !preview), 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/instruments/{symbol}',
        tag,
        summary: 'Where a symbol counts, in any notation; one that nobody has classified is Unknown',
        answer: instrument,
      }),
      request: { params: bySymbol },
    }),
    async (c) => {
      const { symbol } = c.req.valid('param');
      const found = await instruments.find(symbol);
      const where = { ...instruments.classify(symbol), name: null, importedAt: null, importedBy: null, shipped: null };
      return c.json(found ? shown(found) : { ...where, source: 'none' as const }, 200);
    },
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'delete',
        path: '/api/v1/instruments/{symbol}',
        tag,
        summary: 'Take back what a person imported: what ships holds again, or the symbol is unknown',
        answer: instrument,
      }),
      request: { params: bySymbol },
    }),
    async (c) => {
      const { symbol } = c.req.valid('param');
      const now = await instruments.restore(symbol, c.get('caller').name);
      if (now === null) throw notFound(`import of ${instruments.classify(symbol).symbol}`);
      const where = { ...instruments.classify(symbol), name: null, importedAt: null, importedBy: null, shipped: null };
      return c.json(now === 'gone' ? { ...where, source: 'none' as const } : shown(now), 200);
    },
  );
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem(
      400,
      'NOT_UTF8',
      'The file cannot be used',
      'Its text is not UTF-8; save it as “CSV UTF-8”. Nothing was taken over.',
    );
  }
}

const shown = ({ importedAt, ...record }: InstrumentRecord): InstrumentJson => ({
  ...record,
  importedAt: importedAt?.toISOString() ?? null,
});

/** Every fault with its line and column; of very many the first. */
function refused(faults: readonly InstrumentFault[]): HttpProblem {
  const lines = new Set(faults.map(({ line }) => line)).size;
  const more = faults.length > faultsShown ? ` The first ${faultsShown} of ${faults.length} faults are named.` : '';
  return new HttpProblem(
    400,
    'IMPORT_REFUSED',
    'The file cannot be used',
    `${lines === 1 ? `Line ${faults[0]!.line} is` : `${lines} lines are`} wrong.${more} Nothing was taken over.`,
    faults.slice(0, faultsShown).map(({ line, column, code, message }) => ({
      field: column === null ? `line ${line}` : `line ${line}, ${column}`,
      code,
      message,
    })),
  );
}

function answer(changes: readonly InstrumentChange[], imported: boolean): InstrumentImportJson {
  const count = (kind: InstrumentChange['kind']): number => changes.filter((one) => one.kind === kind).length;
  const ordered = [...changes.filter((one) => one.kind !== 'same'), ...changes.filter((one) => one.kind === 'same')];
  const described = ({ name, sector, industry }: InstrumentChange['after']) => ({ name, sector, industry });
  return {
    imported,
    added: count('added'),
    changed: count('changed'),
    same: count('same'),
    changes: ordered.slice(0, changesShown).map(({ before, after, kind }) => ({
      symbol: after.symbol,
      kind,
      before: before && described(before),
      after: described(after),
    })),
  };
}
