import { join } from 'node:path';
import postgres from 'postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../adapters/database/embedded/postgres.ts';
import { startWireProxy, type WireProxy } from './wire-proxy.ts';

/** A PostgreSQL of our own behind a proxy: it can be killed and started again while its address stays. */
export interface DatabaseServer {
  /** Through the proxy: what the server under test is given. */
  readonly url: string;
  /** Past the proxy; another one after a restart. */
  ownUrl(): string;
  readonly proxy: WireProxy;
  /** A connection past the proxy; it is another one after a restart. */
  sql(): postgres.Sql;
  /** SIGKILL of the postmaster, and a new start on the same data. Answers how long that took, in milliseconds. */
  killAndStart(): Promise<number>;
  stop(): Promise<void>;
}

export async function startDatabaseServer(dataDir: string): Promise<DatabaseServer> {
  const folder = join(dataDir, 'database');
  const start = (): Promise<EmbeddedPostgres> =>
    // With fsync: what is acknowledged must be there after a kill.
    startEmbeddedPostgres({ dataDir: folder, notice: () => {}, onExit: () => {} });
  const connect = (url: string) =>
    postgres(url, { max: 4, onnotice: () => {}, connection: { application_name: 'torture' } });
  let server = await start();
  let sql = connect(server.url);
  const proxy = await startWireProxy(Number(new URL(server.url).port));
  const address = new URL(server.url);
  address.port = String(proxy.port);
  return {
    url: address.href,
    ownUrl: () => server.url,
    proxy,
    sql: () => sql,
    async killAndStart() {
      const startedMs = performance.now();
      const before = sql;
      process.kill(server.pid, 'SIGKILL');
      proxy.cut();
      server = await start();
      proxy.target(Number(new URL(server.url).port));
      sql = connect(server.url);
      void before.end({ timeout: 0 }).catch(() => {});
      return performance.now() - startedMs;
    },
    async stop() {
      await sql.end({ timeout: 1 }).catch(() => {});
      await proxy.close();
      await server.stop();
    },
  };
}
