import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { attentiveSocket, connectionDeadMs, longestStatementMs } from './attentive-socket.ts';

export type Sql = postgres.Sql;

export interface ConnectOptions {
  /** Connections at most; each is opened when it is first needed. */
  readonly max?: number;
  readonly applicationName?: string;
  /** For work that takes its time: the longest that a statement may take. */
  readonly statementMs?: number;
  /** Settings of the server's for these connections. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * For queries that look up some hundred rows by key in tables of any size: without statistics, or with a plan made for any number of
 * keys, PostgreSQL would read whole tables for them.
 */
export const plansByKey = { enable_hashjoin: 'off', enable_mergejoin: 'off', enable_seqscan: 'off' } as const;

/**
 * A postgres.js client. Statements are prepared; `numeric` and `bigint` come as text, timestamps as `Date`, json parsed. A statement
 * that takes over 10 s is ended, and so is a transaction that idles for 10 s, since it would hold locks and the event readers back. A
 * connection that says nothing for 12 s is given up; see attentive-socket.ts.
 */
export function connectDatabase(url: string, options: ConnectOptions = {}): Sql {
  const { statementMs = longestStatementMs } = options;
  return postgres(url, {
    // Not in the types, though in the documentation.
    ...({ socket: attentiveSocket(statementMs + connectionDeadMs - longestStatementMs) } as object),
    max: options.max ?? 10,
    connect_timeout: 5,
    idle_timeout: 0,
    max_lifetime: null,
    keep_alive: 10,
    onnotice: () => {},
    connection: {
      application_name: options.applicationName ?? 'signalbox',
      statement_timeout: statementMs,
      idle_in_transaction_session_timeout: longestStatementMs,
      ...options.settings,
    },
  });
}

/** A drizzle database on a client of its own: drizzle changes the date parsers of the client it is given. */
export function openDrizzle<Schema extends Record<string, unknown>>(
  url: string,
  schema: Schema,
  options: ConnectOptions = {},
): { db: PostgresJsDatabase<Schema>; close(): Promise<void> } {
  const client = connectDatabase(url, { max: 5, ...options });
  return { db: drizzle(client, { schema }), close: () => client.end({ timeout: 2 }) };
}
