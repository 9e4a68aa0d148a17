import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { postgresBinaries } from './binaries.ts';
import { endOrphan } from './orphan.ts';
import { type Runner, runner } from './unprivileged.ts';

export interface EmbeddedPostgres {
  /** With the generated password in it: never log it. */
  readonly url: string;
  /** The server's process id. */
  readonly pid: number;
  /** Ends the server: open transactions are rolled back, committed ones are safe. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Lines that PostgreSQL writes. */
  readonly log?: (line: string) => void;
  /** Off only for tests, where a power cut loses nothing of worth. */
  readonly durable?: boolean;
  /** Called when the server ends without having been told to. */
  readonly onExit?: (sentence: string) => void;
}

/**
 * Starts a real PostgreSQL on `<dataDir>/postgres`, making it at the first time: loopback only, SCRAM with a generated password, checksums and
 * fsync on. A watchdog stops it when this process dies, whatever it dies of. Throws an error a person can act on.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const native = postgresBinaries();
  const as = runner();
  const cluster = join(options.dataDir, 'postgres');
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const password = readPassword(options.dataDir);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(native, as, options.dataDir, cluster, password);
  await endOrphan(cluster);
  let lastWords = '';
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort();
    const server = launch(native, as, cluster, port, options.durable ?? true);
    const outcome = await untilReady(server, options.log);
    if (outcome.ready) {
      await createDatabase(port, password);
      return supervise(server, port, password, options.onExit);
    }
    lastWords = outcome.lastWords;
    // Somebody took the port between our look and the start: another one, then.
    if (!/could not bind|Address already in use|could not create any TCP/i.test(lastWords)) break;
  }
  throw new Error(`The embedded PostgreSQL did not start:\n${lastWords}\nIts data is in ${cluster}, untouched.`);
}

function readPassword(dataDir: string): string {
  const file = join(dataDir, 'postgres.password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600, flag: 'wx' });
  return password;
}

/** Makes the cluster beside its place and renames it, so that an interrupted first start leaves nothing half made. */
async function initialise(
  native: string,
  as: Runner,
  dataDir: string,
  cluster: string,
  password: string,
): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.pw`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.user) {
    chownSync(draft, as.user.uid, as.user.gid);
    chownSync(passwordFile, as.user.uid, as.user.gid);
  }
  const words = [
    ...as.prefix,
    join(native, 'bin', 'initdb'),
    '--pgdata',
    draft,
    '--username=signalbox',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ];
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', env: {}, ...ids(as) });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    throw new Error(
      `The embedded PostgreSQL could not be made in ${dataDir}:\n${printed.trim()}\nSet DATABASE_URL to use your own.`,
    );
  }
  renameSync(draft, cluster);
}

const ids = (as: Runner) => (as.prefix.length === 0 && as.user ? { uid: as.user.uid, gid: as.user.gid } : {});

function launch(native: string, as: Runner, cluster: string, port: number, durable: boolean): ChildProcess {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    password_encryption: 'scram-sha-256',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  };
  const words = [
    ...as.prefix,
    join(native, 'bin', 'postgres'),
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  // Its own session: a Ctrl-C in the terminal is for us, and we end it in our order.
  return spawn(words[0]!, words.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
    env: {},
    detached: true,
    ...ids(as),
  });
}

function untilReady(
  server: ChildProcess,
  log: ((line: string) => void) | undefined,
): Promise<{ ready: true } | { ready: false; lastWords: string }> {
  return new Promise((resolve) => {
    let lastWords = '';
    server.stderr!.on('data', (chunk: Buffer) => {
      const printed = chunk.toString();
      lastWords = (lastWords + printed).slice(-4000);
      for (const line of printed.split('\n')) if (line.trim()) log?.(line);
      if (printed.includes('ready to accept connections')) resolve({ ready: true });
    });
    server.once('error', (error) => resolve({ ready: false, lastWords: error.message }));
    server.once('exit', () => resolve({ ready: false, lastWords: lastWords.trim() }));
  });
}

async function createDatabase(port: number, password: string): Promise<void> {
  const sql = postgres(`postgres://signalbox:${password}@127.0.0.1:${port}/postgres`, { max: 1, onnotice: () => {} });
  try {
    const found = await sql`select 1 from pg_database where datname = 'signalbox'`;
    if (found.length === 0) await sql`create database signalbox`;
  } finally {
    await sql.end();
  }
}

function supervise(
  server: ChildProcess,
  port: number,
  password: string,
  onExit: ((sentence: string) => void) | undefined,
): EmbeddedPostgres {
  const pid = server.pid!;
  // Holds a pipe from us: when we die, however we die, the read ends and the server is told to shut down fast.
  const watchdog =
    process.platform === 'win32'
      ? null
      : spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'signalbox-watchdog', String(pid)], {
          stdio: ['pipe', 'ignore', 'ignore'],
          cwd: '/',
          detached: true,
        });
  watchdog?.stdin?.on('error', () => {});
  watchdog?.unref();
  let stopping = false;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  void ended.then(() => {
    if (!stopping) onExit?.('The embedded PostgreSQL has ended by itself. Nothing that was acknowledged is lost.');
  });
  return {
    url: `postgres://signalbox:${password}@127.0.0.1:${port}/signalbox`,
    pid,
    async stop() {
      if (!stopping) {
        stopping = true;
        server.kill('SIGINT');
      }
      await ended;
      watchdog?.kill('SIGKILL');
    },
  };
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
