import type postgres from 'postgres';
import { foundEvent, foundSignal, type SearchedSignal, ticks, wordsOfData } from '../../../core/full-text/found.ts';
import { codeSigns, type Term } from '../../../core/full-text/terms.ts';
import {
  type FoundItem,
  newestFirst,
  type SearchEngineQueries,
  type SearchRequest,
  SearchTooSlow,
} from '../../../core/ports/search-queries.ts';
import { allOf } from './paging.ts';

export interface DatabaseSearchOptions {
  /** A plain postgres.js client of its own: nothing else ever waits for a search. */
  readonly sql: postgres.Sql;
  /** How long one kind may be looked through. */
  readonly timeoutMs?: number;
  /** Rows of each kind that are looked at, newest first. */
  readonly rows?: number;
}

type Condition = postgres.PendingQuery<postgres.Row[]>;
interface Place {
  readonly terms: readonly Term[];
  readonly limit: number;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const rowsAtOnce = 100;

/**
 * The search without OpenSearch: the newest rows are read through, as an index for words would cost every alert and every event something.
 * What the database proposes holds the letters of each word somewhere; whether they are its words is decided by `snippetsOf`.
 */
export function createDatabaseSearch(options: DatabaseSearchOptions): SearchEngineQueries {
  const { sql, timeoutMs = 2000, rows = 100_000 } = options;

  /** Reads rows until enough were found; true when there may be more. */
  async function lookThrough<Row>(
    request: SearchRequest,
    query: (tx: postgres.TransactionSql) => postgres.PendingQuery<Row[] & postgres.Row[]>,
    beyond: (tx: postgres.TransactionSql) => Condition,
    show: (row: Row) => FoundItem | null,
  ): Promise<{ items: FoundItem[]; more: boolean }> {
    const until = performance.now() + timeoutMs;
    const inTime = (): void => {
      request.signal?.throwIfAborted();
      if (performance.now() > until) throw new SearchTooSlow('the search in the database took too long');
    };
    return sql
      .begin('read only', async (tx) => {
        request.signal?.throwIfAborted();
        await tx.unsafe(`set local statement_timeout = ${timeoutMs}`);
        const items: FoundItem[] = [];
        await query(tx).cursor(rowsAtOnce, (batch) => {
          inTime();
          for (const row of batch as unknown as Row[]) {
            const item = show(row);
            if (item && items.push(item) > request.limit) return sql.CLOSE;
          }
          return undefined;
        });
        if (items.length > request.limit) return { items: items.slice(0, request.limit), more: true };
        return { items, more: (await beyond(tx)).length > 0 };
      })
      .catch((error: unknown) => {
        if ((error as { code?: string }).code === '57014')
          throw new SearchTooSlow('the search in the database took too long');
        throw error;
      });
  }

  const signals = (request: SearchRequest) =>
    lookThrough<SearchedSignal>(
      request,
      (tx) => tx`
        select s.* from (
          select s.id, s.received_at as at, s.status, s.side, s.ticker, i.name, s.strategy, s.code, s.sentence,
            s.raw_body as "rawBody"
          from trading_signals s left join instruments i on i.symbol = s.ticker
          order by s.received_at desc, s.id desc limit ${rows}
        ) as s
        where true ${holding(tx, request, (patterns, ids) => [
          tx`lower(concat_ws(E'\n', s.ticker, s.strategy, s.code, s.status, s.sentence, s.name, s."rawBody") collate "C")
            like all(${patterns})`,
          ids ? tx`s.id = ${ids}` : null,
        ])}
        order by s.at desc, s.id desc`,
      (tx) => tx`select 1 from trading_signals order by received_at desc offset ${rows} limit 1`,
      (row) => foundSignal(row, request.terms),
    );

  interface EventRow {
    id: string;
    at: Date;
    kind: string;
    signalId: string | null;
    orderId: string | null;
    data: Record<string, unknown>;
  }
  const events = (request: SearchRequest) =>
    lookThrough<EventRow>(
      request,
      (tx) => tx`
        select id, at, kind, signal_id as "signalId", order_id as "orderId", data from (
          select * from events where kind not in ${tx(ticks)} order by xid desc, seq desc limit ${rows}
        ) as e
        where true ${holding(tx, request, (patterns, ids) => [
          tx`lower(concat_ws(E'\n', kind, data::text) collate "C") like all(${patterns})`,
          ids ? tx`${ids} in (id, signal_id, order_id)` : null,
        ])}
        order by xid desc, seq desc`,
      (tx) =>
        tx`select 1 from events where kind not in ${tx(ticks)} order by xid desc, seq desc offset ${rows} limit 1`,
      ({ data, ...row }) =>
        foundEvent(
          {
            ...row,
            ticker: textOf(data.symbol) ?? textOf(data.ticker),
            sentence: textOf(data.sentence) ?? textOf(data.problem),
            text: wordsOfData(data),
          },
          request.terms,
        ),
    );

  return {
    async find(request) {
      const looked = await Promise.all(
        request.kinds.map((kind) => (kind === 'signal' ? signals(request) : events(request))),
      );
      return {
        items: newestFirst(looked.flatMap(({ items }) => items)),
        truncated: looked.some(({ more }) => more),
      };
    },
  };
}

/** `and` what each term asks for: its words anywhere, or the id that it is. */
function holding(
  sql: postgres.TransactionSql,
  { terms }: Place,
  either: (patterns: string[], id: string | null) => readonly [Condition, Condition | null],
): Condition {
  return allOf(
    sql as unknown as postgres.Sql,
    terms.map((term) => {
      const [words, id] = either(term.words.map(pattern), uuid.test(term.text) ? term.text : null);
      return id ? sql`(${words} or ${id})` : words;
    }),
  );
}

/**
 * A word anywhere in a text whose ASCII letters are in lower case. Any character is taken in the place of all but ASCII letters and
 * digits, as lower case by the rules of a language takes PostgreSQL several times as long; and anything or nothing in the place of what
 * holds the parts of a code together.
 */
const pattern = (word: string): string => {
  const letters = (part: string) => Array.from(part, (one) => (/[a-z0-9]/.test(one) ? one : '_')).join('');
  return `%${word.split(codeSigns).map(letters).join('%')}%`;
};

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
