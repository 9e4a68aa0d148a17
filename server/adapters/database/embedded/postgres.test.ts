// Invariant: a row that was committed is there after any way of dying, and no server outlives its owner.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { endOrphan, worksIn } from './orphan.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { runners } from './unprivileged.ts';

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

interface Owner {
  readonly url: string;
  readonly postgresPid: number;
  killed(): Promise<void>;
}

/** A process of its own that starts the server, writes a row, says so, and waits to be killed. */
function owner(): Promise<Owner> {
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    import postgres from 'postgres';
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql\`create table if not exists kept (n int)\`;
    await sql\`insert into kept values (1)\`;
    console.log(JSON.stringify({ url: server.url, postgresPid: server.pid }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the owner ended with ${status}`)));
    child.stdout.once('data', (chunk: Buffer) =>
      resolve({
        ...(JSON.parse(chunk.toString()) as { url: string; postgresPid: number }),
        killed: () =>
          new Promise((done) => {
            child.once('exit', () => done());
            child.kill('SIGKILL');
          }),
      }),
    );
  });
}

const runs = (pid: number): boolean => worksIn(pid, place());
const place = () => ({ cluster: join(dataDir, 'postgres'), runner: runners().at(-1)! });

/** The process that would end this server if its owner died. */
function watchdogOf(postgresPid: number): number {
  const found = readdirSync('/proc').find((entry) => {
    try {
      return readFileSync(`/proc/${entry}/cmdline`, 'utf8').endsWith(`\0signalbox-watchdog\0${postgresPid}\0`);
    } catch {
      return false;
    }
  });
  return Number(found);
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

  it('ends by itself when its owner is killed', async () => {
    const killed = await owner();
    const closed = Promise.withResolvers<void>();
    const guest = postgres(killed.url, { max: 1, onclose: () => closed.resolve() });
    await guest`select 1`;
    await killed.killed();
    // Nobody starts anything here: that the server turns its guests out is the watchdog's doing.
    await closed.promise;
    await guest.end({ timeout: 0 });
    const server = await startEmbeddedPostgres({ dataDir });
    expect(runs(killed.postgresPid)).toBe(false);
    expect(await inside(server.url, (sql) => sql`select n from kept`)).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('is ended by the next start when the watchdog was killed too', async (context) => {
    if (process.platform !== 'linux') context.skip('the watchdog is looked for in /proc');
    const killed = await owner();
    process.kill(watchdogOf(killed.postgresPid), 'SIGKILL');
    await killed.killed();
    // Nobody else would end it if this test failed half-way.
    onTestFinished(() => {
      if (runs(killed.postgresPid)) process.kill(killed.postgresPid, 'SIGQUIT');
    });
    expect(runs(killed.postgresPid)).toBe(true);
    const server = await startEmbeddedPostgres({ dataDir });
    expect(runs(killed.postgresPid)).toBe(false);
    expect(await inside(server.url, (sql) => sql`select n from kept`)).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('lets a server of somebody else be that has the id of a dead one of ours', async () => {
    const theirDir = await mkdtemp(join(tmpdir(), 'signalbox-pg-'));
    const theirs = await startEmbeddedPostgres({ dataDir: theirDir, durable: false });
    try {
      mkdirSync(join(dataDir, 'postgres'));
      writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${theirs.pid}\n`);
      await endOrphan(place());
      expect(await inside(theirs.url, (sql) => sql`select 1 as n`)).toEqual([{ n: 1 }]);
    } finally {
      await theirs.stop();
      await rm(theirDir, { recursive: true, force: true });
    }
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
