// The search by a real OpenSearch node, over documents as the search copy makes them of the same rows: it finds what PostgreSQL finds,
// whatever is typed; and it says so when it cannot answer in time.
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readTerms } from '../../../core/full-text/terms.ts';
import type { StoredEvent } from '../../../core/model/event.ts';
import type { SearchEngineQueries } from '../../../core/ports/search-queries.ts';
import { searchFolder } from '../../../main/search.ts';
import { searchConformance, seedSearched } from '../../../testing/conformance/search.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import {
  firstStartTimeoutMs,
  type SearchNode,
  startSearchNode,
  whyNoSearchNode,
} from '../../../testing/opensearch/node.ts';
import { createDatabaseSearch } from '../../database/read-store/search.ts';
import { createSearchStore } from '../../database/search-store/search-store.ts';
import { createSearchClient } from './client.ts';
import { createOpenSearchQueries } from './query.ts';
import { createSearchIndex } from './search-index.ts';
import { setUpSearch } from './setup.ts';

const reason = whyNoSearchNode();

describe('the search by OpenSearch', () => {
  let node: SearchNode;
  let database: TestDatabase;
  let client: ReturnType<typeof createSearchClient>;

  beforeEach((context) => {
    if (reason !== null) context.skip(reason);
  });
  beforeAll(async () => {
    if (reason !== null) return;
    database = await createTestDatabase();
    await seedSearched(database.sql);
    node = await startSearchNode();
    client = createSearchClient({ url: node.url });
    await setUpSearch(client, searchFolder);
    const rows = await database.sql<StoredEvent[]>`
      select seq::text, id, at, kind, signal_id as "signalId", order_id as "orderId", account_id as "accountId", data
      from events order by seq`;
    // Signals without an event of theirs are in the copy as well.
    const told = await database.sql<{ id: string }[]>`select id from trading_signals order by received_at`;
    const accepted = told.map(({ id }, n) => ({ ...rows[0]!, id, seq: String(1000 + n), signalId: id }));
    const documents = await createSearchStore({ sql: database.sql, baseUrl: 'https://box.example' }).documents([
      ...rows,
      ...accepted,
    ]);
    const wanted = documents.filter(({ alias, id }) => alias !== 'trading-events' || rows.some((row) => row.id === id));
    const index = createSearchIndex(client);
    expect(await index.write({ number: 1, live: true }, wanted)).toMatchObject({ again: [], refused: [] });
    await index.refresh(1);
  }, firstStartTimeoutMs);
  afterAll(async () => {
    await client?.close();
    await node?.stop();
    await database?.drop();
  });

  searchConformance('OpenSearch', async () => ({ engine: createOpenSearchQueries(client), close: async () => {} }));

  const ids = async (engine: SearchEngineQueries, typed: string) =>
    (await engine.find({ terms: readTerms(typed), kinds: ['signal', 'event'], limit: 50 })).items.map(
      (item) => item.id,
    );

  it('finds what PostgreSQL finds, whatever is typed', async () => {
    const postgresql = createDatabaseSearch({ sql: database.sql });
    const openSearch = createOpenSearchQueries(client);
    const bodies = await database.sql<{ body: string }[]>`select raw_body as body from trading_signals`;
    const real = [
      ...bodies.map(({ body }) => body),
      'AAPL would be 23.4 % of equity, the limit is 20 %.',
      'RISK_MAX_POSITION',
    ];
    const piece = fc
      .tuple(fc.constantFrom(...real), fc.nat(60), fc.nat(12))
      .map(([text, start, length]) => text.slice(start, start + length));
    const noise = fc.oneof(
      fc.constantFrom('"', '/', '*', '?', '\\', ':', '~2', '^3', '[a TO b]', ' AND ', ' -', '(', '_exists_:x', '%'),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    let finding = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 3, arbitrary: piece }, { weight: 1, arbitrary: noise }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (pieces) => {
          const typed = pieces
            .join(' ')
            .replace(/\p{Cc}/gu, ' ')
            .slice(0, 200);
          if (readTerms(typed).length === 0) return;
          const expected = await ids(postgresql, typed);
          if (expected.length > 0) finding++;
          expect(await ids(openSearch, typed), JSON.stringify(typed)).toEqual(expected);
        },
      ),
      { numRuns: 150, examples: [[['_M']], [['_mean']]] },
    );
    expect(finding).toBeGreaterThan(15);
  }, 60_000);

  it('takes the longest search there can be', async () => {
    const openSearch = createOpenSearchQueries(client);
    const letters = Array.from(
      { length: 100 },
      (_, i) => String.fromCodePoint(0x3041 + (i % 80)) + (i > 79 ? 'x' : ''),
    );
    expect(await ids(openSearch, letters.join(' ').slice(0, 200))).toEqual([]);
    expect(await ids(openSearch, `"${Array.from({ length: 99 }, (_, i) => i % 10).join(' ')}"`)).toEqual([]);
  });

  it('fails in its time when the node does not answer', async () => {
    node.freeze();
    try {
      const quick = createOpenSearchQueries(client, { timeoutMs: 150 });
      await expect(ids(quick, 'aapl')).rejects.toThrow();
    } finally {
      node.thaw();
    }
    expect(await ids(createOpenSearchQueries(client), 'aapl')).not.toEqual([]);
  });

  it('does nothing for somebody who has gone', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    const asked = createOpenSearchQueries(client).find({
      terms: readTerms('aapl'),
      kinds: ['signal'],
      limit: 1,
      signal,
    });
    await expect(asked).rejects.toThrow('gone');
  });

  it('fails when there is no copy yet, so that PostgreSQL is asked', async () => {
    await client.indices.delete({ index: 'trading-events-g1-*' });
    await expect(ids(createOpenSearchQueries(client), 'aapl')).rejects.toThrow('no such index');
  });
});
