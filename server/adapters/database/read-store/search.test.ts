// The search without OpenSearch: what every engine promises, the bounds that keep it from weighing on the database, and that nothing that
// is typed can be a pattern or a statement.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTerms } from '../../../core/full-text/terms.ts';
import { SearchTooSlow } from '../../../core/ports/search-queries.ts';
import { searchConformance, seedSearched, signalId } from '../../../testing/conformance/search.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { createDatabaseSearch } from './search.ts';

searchConformance('PostgreSQL', async () => {
  const database = await createTestDatabase();
  await seedSearched(database.sql);
  return { engine: createDatabaseSearch({ sql: database.sql }), close: () => database.drop() };
});

describe('the search in the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await seedSearched(database.sql);
  });
  afterAll(() => database.drop());
  const kinds = ['signal', 'event'] as const;

  it('looks at the newest rows only, and says that there are more', async () => {
    const engine = createDatabaseSearch({ sql: database.sql, rows: 4 });
    const found = await engine.find({ terms: readTerms('aapl'), kinds: ['signal'], limit: 50 });
    expect(found.items.map((item) => item.id)).toEqual([signalId(1)]);
    expect(found.truncated).toBe(true);
    const all = createDatabaseSearch({ sql: database.sql, rows: 5 });
    expect((await all.find({ terms: readTerms('aapl'), kinds: ['signal'], limit: 50 })).truncated).toBe(false);
  });

  it('finds more than it reads at once', async () => {
    await database.sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs)
      select gen_random_uuid(), 'tradingview', '2026-01-01'::timestamptz + n * interval '1 second', 'refused',
        case when n % 2 = 0 then 'zzz' || n else 'xzzz' || n end, '{}'
      from generate_series(1, 700) as n`;
    const engine = createDatabaseSearch({ sql: database.sql });
    const found = await engine.find({ terms: readTerms('zzz'), kinds: ['signal'], limit: 200 });
    expect(found.items).toHaveLength(200);
    expect(found.items.map((item) => item.at)).toEqual(
      found.items
        .map((item) => item.at)
        .sort()
        .reverse(),
    );
    expect(found.truncated).toBe(true);
  });

  it('does nothing for somebody who has gone', async () => {
    const engine = createDatabaseSearch({ sql: database.sql });
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(engine.find({ terms: readTerms('aapl'), kinds, limit: 5, signal })).rejects.toThrow('gone');
  });

  it('takes whatever is typed', async () => {
    const engine = createDatabaseSearch({ sql: database.sql });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (noise) => {
        const terms = readTerms(`${noise} AAPL ${noise}`.replace(/\p{Cc}/gu, ' '));
        await engine.find({ terms, kinds, limit: 3 });
      }),
      { numRuns: 40 },
    );
  });

  it('is ended when it takes too long, and the connection goes on', async () => {
    await database.sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs)
      select gen_random_uuid(), 'tradingview', now(), 'refused', repeat(md5(n::text) || ' ', 1500), '{}'
      from generate_series(1, 300) as n`;
    const engine = createDatabaseSearch({ sql: database.sql, timeoutMs: 1 });
    await expect(engine.find({ terms: readTerms('nowhere'), kinds: ['signal'], limit: 5 })).rejects.toBeInstanceOf(
      SearchTooSlow,
    );
    expect(await database.sql`show statement_timeout`).toEqual([{ statement_timeout: '10s' }]);
  });
});
