import type { Client } from '@opensearch-project/opensearch';
import { foundEvent, foundSignal } from '../../../core/full-text/found.ts';
import { codeSigns, type Term } from '../../../core/full-text/terms.ts';
import type { SearchAlias } from '../../../core/ports/search-index.ts';
import {
  type FoundItem,
  newestFirst,
  type SearchEngineQueries,
  type SearchedKind,
  type SearchRequest,
  SearchTooSlow,
} from '../../../core/ports/search-queries.ts';

export interface OpenSearchQueriesOptions {
  /** For the whole search; whoever asks has another place to look. */
  readonly timeoutMs?: number;
}

/** What a search reads of a document; the templates in opensearch/templates say what each field is. */
type Source = Readonly<Record<string, string | undefined>>;
interface Hit {
  readonly _source: Source;
  readonly sort: (string | number)[];
}
interface Page {
  readonly timed_out: boolean;
  readonly _shards: { readonly failed: number };
  readonly hits: { readonly hits: readonly Hit[] };
}

interface Target {
  readonly alias: SearchAlias;
  /** Analysed by words. */
  readonly texts: readonly string[];
  /** Kept whole, of few different values: looked through letter by letter. */
  readonly codes: readonly string[];
  readonly ids: readonly string[];
  /** What else is read; `order` tells documents of one moment apart. */
  readonly others: readonly string[];
  readonly order: string;
  show(source: Source, terms: readonly Term[]): FoundItem | null;
}

const targets: Readonly<Record<SearchedKind, Target>> = {
  signal: {
    alias: 'trading-signals',
    texts: ['sentence', 'rawBody', 'name'],
    codes: ['ticker', 'strategy', 'code', 'status'],
    ids: ['signalId'],
    others: ['side'],
    order: 'signalId',
    show: (source, terms) =>
      foundSignal(
        {
          id: source.signalId!,
          at: new Date(source['@timestamp']!),
          status: source.status!,
          side: source.side ?? null,
          ticker: source.ticker ?? null,
          name: source.name ?? null,
          strategy: source.strategy ?? null,
          code: source.code ?? null,
          sentence: source.sentence ?? null,
          rawBody: source.rawBody ?? '',
        },
        terms,
      ),
  },
  event: {
    alias: 'trading-events',
    texts: ['sentence', 'text'],
    codes: ['kind'],
    ids: ['eventId', 'signalId', 'orderId'],
    others: ['ticker'],
    order: 'seq',
    show: (source, terms) =>
      foundEvent(
        {
          id: source.eventId!,
          at: new Date(source['@timestamp']!),
          kind: source.kind!,
          signalId: source.signalId ?? null,
          orderId: source.orderId ?? null,
          ticker: source.ticker ?? null,
          sentence: source.sentence ?? null,
          text: source.text ?? '',
        },
        terms,
      ),
  },
};

const hitsAtOnce = 100;
/** What is proposed and then refused is rare; a search for nothing but such ends here. */
const mostPages = 10;

/**
 * The search by OpenSearch, newest first: a trader asks what just happened. It proposes documents that hold the words; whether they do so
 * as they were asked for is decided by `snippetsOf`, as for every engine. What was typed is never read as query syntax.
 */
export function createOpenSearchQueries(client: Client, options: OpenSearchQueriesOptions = {}): SearchEngineQueries {
  const { timeoutMs = 1500 } = options;

  async function page(target: Target, request: SearchRequest, after: Hit | undefined, leftMs: number): Promise<Page> {
    // Never broken off: aborting a request of this client ends in an exception that nobody can catch.
    const { body } = await client.search(
      {
        index: target.alias,
        body: {
          size: hitsAtOnce,
          timeout: `${leftMs}ms`,
          track_total_hits: false,
          _source: ['@timestamp', ...target.texts, ...target.codes, ...target.ids, ...target.others],
          query: { bool: { filter: request.terms.map((term) => proposed(target, term)) } },
          sort: [{ '@timestamp': 'desc' }, { [target.order]: 'desc' }],
          ...(after ? { search_after: after.sort } : {}),
        } as never,
      },
      { requestTimeout: leftMs, maxRetries: 0 },
    );
    return body as unknown as Page;
  }

  async function lookThrough(target: Target, request: SearchRequest) {
    const until = performance.now() + timeoutMs;
    const items: FoundItem[] = [];
    let last: Hit | undefined;
    for (let pages = 0; pages < mostPages; pages++) {
      request.signal?.throwIfAborted();
      const leftMs = Math.ceil(until - performance.now());
      if (leftMs <= 0) throw new SearchTooSlow('OpenSearch took too long');
      const { timed_out, _shards, hits } = await page(target, request, last, leftMs);
      if (timed_out) throw new SearchTooSlow('OpenSearch took too long');
      if (_shards.failed > 0) throw new Error(`${_shards.failed} shards of ${target.alias} did not answer`);
      for (const hit of hits.hits) {
        const item = target.show(hit._source, request.terms);
        if (item && items.push(item) > request.limit) return { items: items.slice(0, request.limit), more: true };
      }
      last = hits.hits.at(-1);
      if (hits.hits.length < hitsAtOnce) return { items, more: false };
    }
    return { items, more: true };
  }

  return {
    async find(request) {
      const looked = await Promise.all(request.kinds.map((kind) => lookThrough(targets[kind], request)));
      return {
        items: newestFirst(looked.flatMap(({ items }) => items)),
        truncated: looked.some(({ more }) => more),
      };
    },
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** At least what holds the term: its words in one text, its letters in one code, or the id that it is. */
function proposed({ texts, codes, ids }: Target, term: Term): object {
  const query = term.words.join(' ');
  const operator = 'and';
  return {
    bool: {
      minimum_should_match: 1,
      should: [
        ...texts.map((field) =>
          term.exact
            ? { match: { [field]: { query, operator } } }
            : { match_bool_prefix: { [field]: { query, operator } } },
        ),
        ...codes.map((field) => ({ wildcard: { [field]: { value: anywhere(term), case_insensitive: true } } })),
        ...(uuid.test(term.text) ? ids.map((field) => ({ term: { [field]: term.text } })) : []),
      ],
    },
  };
}

/**
 * OpenSearch knows upper and lower case of ASCII only here: any character is taken in the place of all but ASCII letters and digits, and
 * anything or nothing in the place of what holds the parts of a code together.
 */
const anywhere = ({ words }: Term): string => {
  const letters = (part: string) => Array.from(part, (one) => (/[a-z0-9]/.test(one) ? one : '?')).join('');
  return `*${words.flatMap((word) => word.split(codeSigns).map(letters)).join('*')}*`;
};
