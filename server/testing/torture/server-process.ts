import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What is told on top of a process's own environment: nothing of ours leaks into it but what it needs to run. */
export type Settings = Readonly<Record<string, string>>;

/** One process of the program under test, started as `npm start` does once packages and pages are there. */
export interface ServerProcess {
  readonly name: string;
  /** Starts it, and resolves with what its ready file holds. Rejects when it ends before. */
  start(): Promise<Record<string, unknown>>;
  /** SIGKILL, at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its status. */
  stop(): Promise<number | null>;
  alive(): boolean;
  /** Of the process that runs now; null: none was started. */
  pid(): number | null;
  /** The last of what it printed. */
  output(): string;
  /** How often it ended without having been told to. */
  readonly endedByItself: readonly string[];
}

export interface ProcessToStart {
  readonly name: string;
  /** Where package.json is. */
  readonly root: string;
  /** The program and its words, from the root. */
  readonly words: readonly string[];
  readonly settings: Settings;
  /** A folder for its ready file. */
  readonly folder: string;
  /** Called when it ends without having been told to. */
  readonly onEnded?: () => void;
}

const lookEveryMs = 4;

export function serverProcess(what: ProcessToStart): ServerProcess {
  const readyFile = join(what.folder, `ready-${what.name}.json`);
  const endedByItself: string[] = [];
  let child: ChildProcess | null = null;
  let gone: Promise<number | null> = Promise.resolve(null);
  let wanted = false;
  let printed = '';

  return {
    name: what.name,
    endedByItself,
    alive: () => child !== null && child.exitCode === null && child.signalCode === null,
    pid: () => child?.pid ?? null,
    output: () => printed,
    async start() {
      rmSync(readyFile, { force: true });
      const { PATH = '', HOME = '', TMPDIR } = process.env;
      const env = { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...what.settings };
      const started = spawn(process.execPath, [...what.words, '--ready-file', readyFile], {
        cwd: what.root,
        env,
        // The open channel tells it when we die: then it stops.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      });
      child = started;
      wanted = true;
      printed = '';
      let ended = false;
      gone = new Promise((resolve) => {
        started.once('exit', (code, signal) => {
          ended = true;
          if (wanted) {
            endedByItself.push(`${what.name} ended with ${code ?? signal}: ${printed.slice(-1500)}`);
            what.onEnded?.();
          }
          resolve(code);
        });
      });
      for (const stream of [started.stdout!, started.stderr!]) {
        stream.on('data', (chunk: Buffer) => {
          printed = (printed + chunk.toString()).slice(-20_000);
        });
      }
      while (!existsSync(readyFile)) {
        if (ended) throw new Error(`${what.name} ended before it was ready:\n${printed}`);
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
      return JSON.parse(readFileSync(readyFile, 'utf8')) as Record<string, unknown>;
    },
    async kill() {
      wanted = false;
      try {
        if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
      await gone;
    },
    async stop() {
      wanted = false;
      child?.kill('SIGTERM');
      return gone;
    },
  };
}
