import type { Log } from '../../../core/ports/log.ts';
import type { SearchIndex } from '../../../core/ports/search-index.ts';
import type { SearchSource } from '../../../core/ports/search-source.ts';

const atOnce = 1000;

/**
 * Sends the documents that the mapping refused again, in case it was mended; those that are taken, or that something newer has
 * replaced, are forgotten. Answers how many were taken, and how many are still refused.
 */
export async function sendRefusedAgain(
  parts: {
    readonly source: SearchSource;
    readonly index: SearchIndex;
    readonly log: Log;
    readonly signal?: AbortSignal;
  },
  generation: number,
): Promise<{ taken: number; left: number }> {
  const { source, index, log } = parts;
  const kept = await source.refused(generation, atOnce);
  if (kept.length === 0) return { taken: 0, left: 0 };
  const documents = kept.map(({ document }) => document);
  const { again, refused } = await index.write({ number: generation, live: true }, documents, parts.signal);
  const still = new Set([...again, ...refused.map(({ document }) => document)]);
  const taken = documents.filter((document) => !still.has(document));
  await source.forgetRefused(generation, taken);
  if (taken.length > 0) log.info({ documents: taken.length }, 'documents that were refused are now in the search copy');
  return { taken: taken.length, left: await source.countRefused(generation) };
}
