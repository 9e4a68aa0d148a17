import { type Client, errors } from '@opensearch-project/opensearch';
import {
  type Generation,
  type SearchAlias,
  type SearchDocument,
  type SearchIndex,
  searchAliases,
  type WriteResult,
} from '../../../core/ports/search-index.ts';
import { reasonOf, sendBulk, together } from './bulk.ts';

/** A request's size at most, roughly, and how many are on their way at the same time. */
const bulkBytes = 750_000;
const bulksAtOnce = 2;
const writesBetweenLooks = 200;

/** The index a document lives in: `trading-signals-g1-2026.11`. */
export const indexName = (generation: number, alias: SearchAlias, part: string): string =>
  `${alias}-g${generation}-${part}`;
const patternsOf = (generation: number): string => searchAliases.map((alias) => `${alias}-g${generation}-*`).join(',');
const aliasOf = (index: string): SearchAlias | undefined =>
  searchAliases.find((alias) => index.startsWith(`${alias}-g`));

/** The search copy in OpenSearch. Templates must be there before the first document: see setup.ts. */
export function createSearchIndex(client: Client): SearchIndex {
  /** Indices known to be there; looked for anew now and then, as somebody may remove one. */
  const made = new Set<string>();
  let writes = 0;

  /**
   * An index is made before its first document, and with its alias in the same step: a search never misses one that is live, and
   * never sees one that is being built.
   */
  async function ensure({ number, live }: Generation, documents: readonly SearchDocument[]): Promise<void> {
    const wanted = new Map(documents.map(({ alias, part }) => [indexName(number, alias, part), alias]));
    for (const [index, alias] of wanted) {
      if (made.has(index)) continue;
      try {
        await client.indices.create({ index, body: live ? { aliases: { [alias]: {} } } : {} });
      } catch (error) {
        const exists =
          error instanceof errors.ResponseError && JSON.stringify(error.body).includes('resource_already_exists');
        if (!exists) throw error;
        // Made before this process began, perhaps by one that was stopped in the middle of a change of generations.
        if (live) await client.indices.updateAliases({ body: { actions: [{ add: { index, alias } }] } });
      }
      made.add(index);
    }
  }

  const indicesOf = async (pattern: string): Promise<string[]> => {
    const { body } = await client.indices.getAlias({
      index: pattern,
      ignore_unavailable: true,
      allow_no_indices: true,
    });
    return Object.keys(body);
  };

  return {
    async write(generation, documents, signal) {
      if (++writes % writesBetweenLooks === 0) made.clear();
      try {
        await ensure(generation, documents);
      } catch (error) {
        return { again: documents, problem: reasonOf(error), refused: [] };
      }
      const queue = inChunks(documents);
      const results: WriteResult[] = [];
      const work = async () => {
        for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
          if (signal?.aborted) results.push({ again: chunk, problem: 'stopped', refused: [] });
          else {
            const indexOf = ({ alias, part }: SearchDocument) => indexName(generation.number, alias, part);
            const result = await sendBulk(client, indexOf, chunk);
            // Somebody may have removed an index: look again before the next attempt.
            if (result.again.length > 0) made.clear();
            results.push(result);
          }
        }
      };
      await Promise.all(Array.from({ length: bulksAtOnce }, work));
      return together(...results);
    },

    async putLive(generation) {
      const all = await indicesOf(searchAliases.map((alias) => `${alias}-g*`).join(','));
      const mine = new RegExp(`-g${generation}-`);
      const actions = all.flatMap((index): object[] => {
        const alias = aliasOf(index);
        if (alias === undefined) return [];
        return mine.test(index) ? [{ add: { index, alias } }] : [{ remove: { index, alias, must_exist: false } }];
      });
      if (actions.length > 0) await client.indices.updateAliases({ body: { actions: actions as never } });
    },

    async remove(generation) {
      const gone = await indicesOf(patternsOf(generation));
      if (gone.length > 0) await client.indices.delete({ index: gone.join(','), ignore_unavailable: true });
      for (const index of gone) made.delete(index);
    },

    async refresh(generation) {
      await client.indices.refresh({ index: patternsOf(generation), allow_no_indices: true, ignore_unavailable: true });
    },
  };
}

/** Documents in pieces of about a request's size. */
function inChunks(documents: readonly SearchDocument[]): SearchDocument[][] {
  const chunks: SearchDocument[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    if (bytes + document.json.length > bulkBytes) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)!.push(document);
    bytes += document.json.length + 150;
  }
  return chunks;
}
