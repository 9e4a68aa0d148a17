import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { asRunner } from './unprivileged.ts';

// Long enough for a checkpoint, short enough for a stop within 5 s; what is given up then is only the time of a recovery.
const fastShutdownMs = 3_000;

/** A PostgreSQL that was launched: a child of ours, with a watchdog that ends it when we die. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it accepts connections, or has ended before it did. */
  readonly ready: Promise<{ ready: true } | { ready: false; lastWords: string }>;
  /** Resolves when it has ended, with whatever cause. */
  readonly ended: Promise<void>;
  /** Fast shutdown; when that takes long, immediate shutdown, from which the next start recovers. */
  stop(): Promise<void>;
}

/** Launches the server on a port of 127.0.0.1, without a socket in the file system. */
export function launchServer(
  { cluster, native, runner }: Place,
  port: number,
  durable: boolean,
  log: ((line: string) => void) | undefined,
): ServerProcess {
  const onOff = durable ? 'on' : 'off';
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
    fsync: onOff,
    synchronous_commit: onOff,
    full_page_writes: onOff,
  };
  const { file, args, options } = asRunner(runner, [
    join(native, 'bin', 'postgres'),
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ]);
  // Its own session: a Ctrl-C in the terminal is for us, and we end it in our order.
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const watchdog = child.pid === undefined ? null : watch(child.pid);
  // Its process id may be given to somebody else from here on: nobody may be left who would signal it.
  void ended.then(() => watchdog?.kill('SIGKILL'));
  return {
    pid: child.pid ?? -1,
    ready: untilReady(child, log),
    ended,
    async stop() {
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), fastShutdownMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** Holds a pipe from us: when we die, however we die, the read ends, and the server is told to shut down fast, then at once. */
function watch(pid: number): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const script = `read -r _
    kill -INT "$1" 2>/dev/null || exit 0
    for _ in 1 2 3 4 5; do sleep 1; kill -0 "$1" 2>/dev/null || exit 0; done
    kill -QUIT "$1" 2>/dev/null`;
  const watchdog = spawn('/bin/sh', ['-c', script, 'signalbox-watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    detached: true,
  });
  watchdog.once('error', () => {});
  watchdog.stdin?.on('error', () => {});
  watchdog.unref();
  return watchdog;
}

function untilReady(child: ChildProcess, log: ((line: string) => void) | undefined): ServerProcess['ready'] {
  return new Promise((resolve) => {
    let lastWords = '';
    let rest = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        lastWords = `${lastWords}${line}\n`.slice(-4000);
        if (line.trim()) log?.(line);
        if (line.includes('ready to accept connections')) resolve({ ready: true });
      }
    });
    child.once('error', (error) => resolve({ ready: false, lastWords: error.message }));
    // Not 'exit': its last words may still be in the pipe then.
    child.once('close', () => resolve({ ready: false, lastWords: (lastWords + rest).trim() }));
  });
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
