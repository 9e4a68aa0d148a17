import { type Client, errors } from '@opensearch-project/opensearch';
import type { RefusedDocument, SearchDocument, WriteResult } from '../../../core/ports/search-index.ts';

type Item = {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string; readonly caused_by?: { readonly reason: string } };
};

/** Kinds of errors of single documents that pass by themselves: too much to do, a full disk, a closed index, a shard on its way. */
const passing = new Set([
  'cluster_block_exception',
  'es_rejected_execution_exception',
  'opensearch_rejected_execution_exception',
  'rejected_execution_exception',
  'circuit_breaking_exception',
  'index_closed_exception',
  'index_not_found_exception',
  'unavailable_shards_exception',
  'process_cluster_event_timeout_exception',
  'node_closed_exception',
]);

const nothing: WriteResult = { again: [], problem: null, refused: [] };

/**
 * Sends documents in one request, under external versions. A request that is too large for the node is halved until it fits; one
 * document that alone is too large is refused.
 */
export async function sendBulk(
  client: Client,
  indexOf: (document: SearchDocument) => string,
  documents: readonly SearchDocument[],
): Promise<WriteResult> {
  if (documents.length === 0) return nothing;
  const body = documents
    .map(
      (one) =>
        `{"index":{"_index":${JSON.stringify(indexOf(one))},"_id":${JSON.stringify(one.id)},"version":${one.version},"version_type":"external"}}\n${one.json}\n`,
    )
    .join('');
  try {
    // The types want objects; lines that are serialized already are sent as they are.
    const response = await client.bulk({ body: body as never, filter_path: 'items.*.status,items.*.error,errors' });
    const answer = response.body as { errors?: boolean; items?: { index: Item }[] };
    if (answer.errors !== true) return nothing;
    return judge(documents, answer.items ?? []);
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 413) return halve(client, indexOf, documents);
    if (error instanceof errors.ResponseError && error.statusCode === 400 && documents.length > 1) {
      // Something in the whole is malformed: find which, rather than hold up everything behind it.
      return halve(client, indexOf, documents);
    }
    if (error instanceof errors.ResponseError && error.statusCode === 400) {
      return { ...nothing, refused: [{ document: documents[0]!, reason: reasonOf(error) }] };
    }
    return { again: documents, problem: reasonOf(error), refused: [] };
  }
}

async function halve(
  client: Client,
  indexOf: (document: SearchDocument) => string,
  documents: readonly SearchDocument[],
): Promise<WriteResult> {
  if (documents.length === 1) {
    return { ...nothing, refused: [{ document: documents[0]!, reason: 'The node refuses a document of this size.' }] };
  }
  const middle = Math.ceil(documents.length / 2);
  return together(
    await sendBulk(client, indexOf, documents.slice(0, middle)),
    await sendBulk(client, indexOf, documents.slice(middle)),
  );
}

/** What became of each document. 409: it, or something newer, is there. */
function judge(documents: readonly SearchDocument[], items: readonly { index: Item }[]): WriteResult {
  const again: SearchDocument[] = [];
  const refused: RefusedDocument[] = [];
  let problem: string | null = null;
  documents.forEach((document, i) => {
    const item = items[i]?.index;
    if (item === undefined || item.status === 409 || item.status < 300) return;
    const { error, status } = item;
    const reason = error
      ? `${error.reason}${error.caused_by ? `: ${error.caused_by.reason}` : ''}`
      : `status ${status}`;
    if (status === 429 || status >= 500 || (error !== undefined && passing.has(error.type))) {
      again.push(document);
      problem ??= reason;
    } else refused.push({ document, reason });
  });
  return { again, problem, refused };
}

/** The results of parts as one. */
export const together = (...results: readonly WriteResult[]): WriteResult => ({
  again: results.flatMap((one) => one.again),
  problem: results.find((one) => one.problem !== null)?.problem ?? null,
  refused: results.flatMap((one) => one.refused),
});

/** A sentence on what a call to the node failed of. */
export function reasonOf(error: unknown): string {
  if (error instanceof errors.ResponseError) {
    const body = error.body as { error?: { reason?: string } | string } | string | undefined;
    const inner = typeof body === 'object' ? body.error : body;
    const reason = typeof inner === 'object' ? inner.reason : inner;
    return `OpenSearch answered ${error.statusCode}${reason ? `: ${reason}` : ''}`;
  }
  const { message } = error as { message?: string };
  return `OpenSearch cannot be reached: ${message || String(error)}`;
}
