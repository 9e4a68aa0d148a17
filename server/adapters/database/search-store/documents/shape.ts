import { coinBucket, unknown } from '../../../../core/instruments/sectors.ts';
import { coinPattern } from '../../../../core/instruments/symbols.ts';
import type { SearchAlias } from '../../../../core/ports/search-index.ts';
import type { Statements } from '../../event-reader/append-events.ts';

/** A document as its query answers it. */
export interface DocumentRow {
  id: string;
  version: string;
  part: string;
  json: string;
}

/** Ids, each with the number of the newest event of the batch that told of it. */
export type Wanted = ReadonlyMap<string, string>;

export interface DocumentQuery {
  readonly alias: SearchAlias;
  read(sql: Statements, wanted: Wanted, baseUrl: string): Promise<DocumentRow[]>;
}

/** `wanted` as a table of id and version. */
export const wantedRows = (sql: Statements, wanted: Wanted) =>
  sql`unnest(${[...wanted.keys()]}::uuid[], ${[...wanted.values()]}::bigint[]) as wanted (id, version)`;

/** Two-part ids, `<account>:<rest>`, as a table of account, rest and version. */
export function wantedPairs(sql: Statements, wanted: Wanted) {
  const pairs = [...wanted.keys()].map((key) => [key.slice(0, 36), key.slice(37)] as const);
  return sql`unnest(${pairs.map(([account]) => account)}::uuid[], ${pairs.map(([, rest]) => rest)}::text[],
    ${[...wanted.values()]}::bigint[]) as wanted (account_id, rest, version)`;
}

/** What a ticker stands for; `i` is the table instruments. One that is not in it counts as in every limit: as a coin, else as unknown. */
export const instrumentFields = (sql: Statements, ticker: ReturnType<Statements>) => sql`
  'ticker', ${ticker}, 'name', i.name, 'sector', ${orBucket(sql, sql`i.sector`, ticker, 'sector')},
  'industry', ${orBucket(sql, sql`i.industry`, ticker, 'industry')}`;

const orBucket = (
  sql: Statements,
  known: ReturnType<Statements>,
  ticker: ReturnType<Statements>,
  field: keyof typeof coinBucket,
) => sql`case when ${ticker} is not null then coalesce(${known},
    case when ${ticker} ~ ${coinPattern} then ${coinBucket[field]}::text else ${unknown}::text end) end`;

/** Milliseconds from one moment to another, never negative: two clocks may disagree. Null when either is. */
export const milliseconds = (sql: Statements, from: ReturnType<Statements>, to: ReturnType<Statements>) =>
  sql`case when ${from} is not null and ${to} is not null
    then greatest(0, round(extract(epoch from ${to} - ${from}) * 1000, 3)) end`;

/** The month a document lives in. */
export const monthOf = (sql: Statements, at: ReturnType<Statements>) =>
  sql`to_char(${at} at time zone 'UTC', 'YYYY.MM') as part`;
