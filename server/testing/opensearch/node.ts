import { rmSync } from 'node:fs';
import { assembleNode, isAssembled } from './assemble.ts';
import { classArchive } from './class-archive.ts';
import { findJava, oldestJava, programOnPath } from './java.ts';
import {
  end,
  ended,
  freeze,
  type Launch,
  launch,
  prepareDataDir,
  type Running,
  untilReadable,
  urlOf,
} from './process.ts';

/** How long a test's hook may take that starts a node on a machine where it has to be fetched first. */
export const firstStartTimeoutMs = 300_000;

export interface SearchNode {
  /** http://127.0.0.1 and the port. */
  readonly url: string;
  /** What it has written: gone after `stop`. */
  readonly dataDir: string;
  /** SIGKILL, as when the machine fails; resolves when the process has ended. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same data and the same port; resolves when every index can be read. */
  restart(): Promise<void>;
  /** SIGSTOP: it accepts connections and never answers. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** Ends it and removes its data; harmless when it has ended already. */
  stop(): Promise<void>;
}

/** Why no node can run here; null when one can. */
export function whyNoSearchNode(): string | null {
  if (process.platform !== 'linux') return 'a real OpenSearch node is run on Linux only';
  if (!findJava()) return `no Java ${oldestJava} or newer: set JAVA_HOME`;
  for (const program of ['setpriv', 'flock'])
    if (!programOnPath(program)) return `no ${program} on PATH: util-linux has it`;
  if (!isAssembled() && !programOnPath('mvn')) return 'no Maven on PATH, which fetches OpenSearch';
  return null;
}

/**
 * Starts an OpenSearch node of the test's own, on a free port of 127.0.0.1 with fresh data and without any security, and resolves
 * when it can be used. Ends with this process. `settings` are the node's own, `thread_pool.write.queue_size` for example.
 * Rejects with `whyNoSearchNode`'s reason, Maven's words or the end of the node's log.
 */
export async function startSearchNode(
  options: { heapMb?: number; settings?: Record<string, string> } = {},
): Promise<SearchNode> {
  const java = findJava();
  const reason = whyNoSearchNode();
  if (!java || reason) throw new Error(reason ?? 'no Java');
  const home = await assembleNode();
  const jvmOptions = await classArchive(java, home);
  const dataDir = await prepareDataDir();
  const how: Launch = {
    java,
    home,
    dataDir,
    heapMb: options.heapMb ?? 512,
    port: 0,
    settings: options.settings ?? {},
    jvmOptions,
  };
  let running: Running | null = null;
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  // For a test run that is broken off. The kernel would end the node too, but nobody else removes its data.
  const abandon = (): void => {
    running?.child.kill('SIGKILL');
    removeData();
  };
  process.once('exit', abandon);
  const start = async (onPort: number): Promise<Running> => {
    running = await launch({ ...how, port: onPort });
    await untilReadable(urlOf(running));
    return running;
  };
  const kill = async (): Promise<void> => {
    running?.child.kill('SIGKILL');
    if (running) await ended(running.child);
  };
  const stop = async (): Promise<void> => {
    if (running) await end(running.child);
    removeData();
    process.removeListener('exit', abandon);
  };
  const first = await start(0).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: urlOf(first),
    dataDir,
    kill,
    async restart() {
      await kill();
      await start(first.port);
    },
    freeze() {
      if (running) freeze(running.child);
    },
    thaw() {
      running?.child.kill('SIGCONT');
    },
    stop,
  };
}
