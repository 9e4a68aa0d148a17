// Invariant: a row that was committed is there after any way of dying, and no server outlives its owner.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPostgres } from './orphan.ts';
import { startEmbeddedPostgres } from './postgres.ts';

const module = fileURLToPath(new URL('./postgres.ts', import.meta.url));
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-pg-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10 }));

async function inside<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A process of its own that starts the server, writes a row, says so, and waits to be killed. */
function owner(): Promise<{ pid: number; postgresPid: number; killed(): Promise<void> }> {
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    import postgres from 'postgres';
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql\`create table if not exists kept (n int)\`;
    await sql\`insert into kept values (1)\`;
    console.log(server.pid);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the owner ended with ${status}`)));
    child.stdout.once('data', (chunk: Buffer) =>
      resolve({
        pid: child.pid!,
        postgresPid: Number(chunk.toString()),
        killed: () =>
          new Promise((done) => {
            child.once('exit', () => done());
            child.kill('SIGKILL');
          }),
      }),
    );
  });
}

describe('the embedded PostgreSQL', () => {
  it('is durable, checks its pages, asks for a password and listens on loopback', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    await inside(server.url, async (sql) => {
      const show = async (name: string) => (await sql.unsafe(`show ${name}`))[0]![name];
      expect(await show('fsync')).toBe('on');
      expect(await show('synchronous_commit')).toBe('on');
      expect(await show('data_checksums')).toBe('on');
      expect(await show('listen_addresses')).toBe('127.0.0.1');
    });
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(inside(stranger.href, (sql) => sql`select 1`)).rejects.toThrow(/password/);
    await server.stop();
  });

  it('keeps its rows over a stop and a start', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await inside(first.url, (sql) => sql`create table kept as select 7 as n`);
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir });
    expect(await inside(second.url, (sql) => sql`select n from kept`)).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('ends by itself when its owner is killed, and starts again with every row', async () => {
    const killed = await owner();
    await killed.killed();
    // Starting waits for the old server's end; two on one directory are impossible.
    const server = await startEmbeddedPostgres({ dataDir });
    expect(isPostgres(killed.postgresPid)).toBe(false);
    expect(await inside(server.url, (sql) => sql`select n from kept`)).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('recovers when owner and server are killed at once', async () => {
    const killed = await owner();
    process.kill(killed.postgresPid, 'SIGKILL');
    await killed.killed();
    const server = await startEmbeddedPostgres({ dataDir });
    expect(await inside(server.url, (sql) => sql`select n from kept`)).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('runs as root beneath a directory that only root can enter', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root lends PostgreSQL another user');
    chmodSync(dataDir, 0o700);
    const deep = join(dataDir, 'closed', '.data');
    const server = await startEmbeddedPostgres({ dataDir: deep });
    expect(existsSync(join(deep, 'postgres', 'PG_VERSION'))).toBe(true);
    await server.stop();
  });
});
