import type { Db } from 'pg-boss';
import postgres from 'postgres';

/** The queue's own connections: pg-boss hands JSON over as text, which the usual serializer would quote a second time. */
export type JobClient = ReturnType<typeof createJobClient>;

/** Opens sockets for postgres.js. */
export type SocketFactory = (target: {
  host: readonly string[];
  port: readonly number[];
  path?: string | false;
}) => object;

/** In milliseconds. The database ends a statement then, and a connection that is silent for longer is dead. */
export const longestStatementMs = 10_000;

const json = {
  to: 114,
  from: [114, 3802],
  serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse: (value: string): unknown => JSON.parse(value),
};

/** Connections that stay: `max_lifetime` would drop the one that holds the lock of worker-presence.ts. */
export function createJobClient(url: string, max: number, name: string, socket?: SocketFactory) {
  return postgres(url, {
    // Not in the types, though in the documentation.
    ...((socket && { socket }) as object),
    max,
    max_lifetime: null,
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    // A claim or an end lost with the database is a job run twice, which every handler bears; an alert's own job is inserted durably.
    connection: { application_name: name, synchronous_commit: 'off', statement_timeout: longestStatementMs },
    types: { json },
    onnotice: () => {},
  });
}

/** What pg-boss takes as a database: its long statements are planned once a connection instead of each time. */
export function preparedStatements(client: JobClient): Db {
  return {
    async executeSql(text: string, values?: unknown[]) {
      const parameters = (values ?? []) as postgres.ParameterOrJSON<never>[];
      const rows = await client.unsafe(text, parameters, { prepare: true, simple: false } as object);
      return { rows: [...rows] };
    },
  };
}
