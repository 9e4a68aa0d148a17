import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, type Java, unprivileged, withinReach } from './java.ts';

/** Everything that one node's process is started with. */
export interface Launch {
  readonly java: Java;
  /** The node's files. */
  readonly home: string;
  /** The folder of `prepareDataDir`. */
  readonly dataDir: string;
  readonly heapMb: number;
  /** 0 is any free one. */
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly jvmOptions: readonly string[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

const startTimeoutMs = 120_000;
const logLimit = 64_000;

const log4j = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;

/** A fresh temporary folder for one node's data and configuration, which belongs to the user that the node runs as. */
export async function prepareDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(withinReach(tmpdir()) ? tmpdir() : '/tmp', 'signalbox-opensearch-'));
  for (const folder of ['data', 'logs', 'tmp', 'config']) await mkdir(join(dataDir, folder));
  await writeFile(join(dataDir, 'config', 'log4j2.properties'), log4j);
  await writeFile(join(dataDir, 'config', 'opensearch.yml'), '');
  if (isRoot()) {
    const inside = await readdir(dataDir, { recursive: true });
    for (const name of ['.', ...inside]) await chown(join(dataDir, name), unprivileged, unprivileged);
  }
  return dataDir;
}

/**
 * Starts a node's process and waits until it says that it has started and where it listens. The kernel kills it when this process
 * ends, however it ends; a gentler signal would wait for ever in a frozen one. Rejects with the end of the log when the process
 * ends before that, or is not ready within two minutes.
 */
export async function launch(how: Launch): Promise<Running> {
  const { java, dataDir } = how;
  const user = isRoot() ? [`--reuid=${unprivileged}`, `--regid=${unprivileged}`, '--clear-groups'] : [];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...user, java.command, ...javaArguments(how)], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, HOME: dataDir, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(late);
      reject(new Error(`OpenSearch ${why}\n${log.slice(-4_000)}`));
    };
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not ready after ${startTimeoutMs / 1_000} seconds`);
    }, startTimeoutMs);
    const read = (chunk: string): void => {
      log = (log + chunk).slice(-logLimit);
      const bound = /HttpServerTransport\] publish_address \{127\.0\.0\.1:(\d+)\}/.exec(log);
      if (!bound || !/\.Node\s*\] started/.test(log)) return;
      clearTimeout(late);
      resolve(Number(bound[1]));
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
    child.once('error', (error) => fail(error.message));
    // Not on exit: what it said last is still to be read then.
    child.once('close', (code, signal) => fail(`ended early (${code ?? signal})`));
  });
  return { child, port };
}

/** Where it answers: plain HTTP on the loopback interface. */
export const urlOf = ({ port }: Running): string => `http://127.0.0.1:${port}`;

/** Waits until the node has read its indices from the disk: before that, a search of them fails. */
export async function untilReadable(url: string): Promise<void> {
  const answer = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=60s`);
  if (!answer.ok) throw new Error(`OpenSearch could not read its indices: ${await answer.text()}`);
}

/** Asks the process to end, frozen or not, and kills it when it has not after `patienceMs`. */
export async function end(child: ChildProcess, patienceMs = 10_000): Promise<void> {
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended(child);
  clearTimeout(late);
}

/** Waits until the process has ended, which it may have done already. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** SIGSTOP; returns when every thread has stopped, which takes the kernel a moment after the signal. */
export function freeze({ pid }: ChildProcess): void {
  process.kill(pid!, 'SIGSTOP');
  const threads = `/proc/${pid}/task`;
  // The state is the first letter after the name, which stands in brackets.
  const isStopped = (thread: string): boolean =>
    /.*\) [TXZ]/s.test(readFileSync(join(threads, thread, 'stat'), 'utf8'));
  while (!readdirSync(threads).every(isStopped)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function javaArguments({ home, dataDir, heapMb, port, settings, jvmOptions }: Launch): string[] {
  const properties = {
    'file.encoding': 'UTF-8',
    'java.io.tmpdir': join(dataDir, 'tmp'),
    'io.netty.noUnsafe': 'true',
    'log4j.shutdownHookEnabled': 'false',
    'log4j2.disable.jmx': 'true',
    'opensearch.path.home': home,
    'opensearch.path.conf': join(dataDir, 'config'),
    'opensearch.distribution.type': 'tar',
    'opensearch.bundled_jdk': 'false',
  };
  const all: Record<string, string> = {
    'cluster.name': 'signalbox-test',
    'node.name': 'signalbox-test',
    'network.host': '127.0.0.1',
    'http.port': String(port),
    'transport.port': '0',
    'discovery.type': 'single-node',
    'path.data': join(dataDir, 'data'),
    'path.logs': join(dataDir, 'logs'),
    // Else a machine whose disk is nearly full would get its indices blocked.
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    ...settings,
  };
  return [
    `-Xmx${heapMb}m`,
    `-Xms${heapMb}m`,
    '-XX:+UseSerialGC',
    '--enable-native-access=ALL-UNNAMED',
    ...jvmOptions,
    ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
    '-cp',
    join(home, 'lib', '*'),
    'org.opensearch.bootstrap.OpenSearch',
    ...Object.entries(all).map(([key, value]) => `-E${key}=${value}`),
  ];
}
