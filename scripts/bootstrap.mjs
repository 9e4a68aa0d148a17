// What every command needs before it can run: the packages, the project's own Node, a fresh web app. Runs on the machine's
// Node (20 or newer), before anything is installed: built-in modules only, no new syntax.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mendPostgres } from './mend-postgres.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';

/** Says what is going on, in one calm line. */
const say = (line) => process.stderr.write(`  ${line}\n`);

/**
 * Does a piece of work that changes the folder, unless it is done: several commands may be started at once in one clone, and only one may
 * install or build, while the others wait and find it done.
 */
function once(isDone, work) {
  if (isDone()) return;
  const lock = join(root, '.bootstrap.lock');
  let waiting = false;
  for (;;) {
    try {
      const handle = openSync(lock, 'wx');
      writeFileSync(handle, String(process.pid));
      closeSync(handle);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!waiting) say('Another command is at work in this folder (.bootstrap.lock); waiting for it…');
    waiting = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  if (!isDone()) work();
  process.off('exit', release);
  release();
}

/** Whether whoever took the lock was killed. The age is for a process id that was given to somebody else since. */
function isAbandoned(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > 15 * 60_000) return true;
    const owner = Number(readFileSync(lock, 'utf8'));
    // Taken this moment, and not yet written.
    if (owner === 0) return Date.now() - statSync(lock).mtimeMs > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Installs when the packages are absent or older than the lockfile, and mends what was installed without its scripts, or before there was the mend. */
export function install() {
  const stamp = join(modules, '.package-lock.json');
  const lockfile = join(root, 'package-lock.json');
  once(() => existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lockfile).mtimeMs - 1000, installNow);
  mendPostgres();
}

function installNow() {
  say('Installing the packages (once, a minute or so)…');
  const started = Date.now();
  const done = spawnSync(
    windows ? 'npm.cmd' : 'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      // Standard output stays clean for whoever reads it; what npm has to complain of is shown.
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      shell: windows,
    },
  );
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    say('The packages could not be installed; npm says why above. Nothing was started.');
    process.exit(1);
  }
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** The project's own Node 24; the machine's, when it is new enough and the platform has no package. */
export function ownNode() {
  const linked = join(modules, '.bin', windows ? 'node.cmd' : 'node');
  if (existsSync(linked)) return linked;
  // npm was told to run no installation scripts: make the link now.
  spawnSync(process.execPath, [join(root, 'scripts', 'link-node.mjs')], { stdio: 'inherit' });
  if (existsSync(linked)) return linked;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  say(
    `This machine has Node ${process.versions.node}, Signalbox needs 24, and there is no Node package that runs on ${process.platform}-${process.arch} here.`,
  );
  say('Install Node 24, then try again. Nothing was started.');
  process.exit(1);
}

/** Builds the web app when a source of it is newer than the build. */
export function buildWeb() {
  const built = join(root, 'web', 'build', 'index.html');
  const sources = [
    join(root, 'web'),
    join(root, 'pine'),
    join(root, 'server', 'contract'),
    join(root, 'package-lock.json'),
  ];
  once(() => existsSync(built) && newest(sources) <= statSync(built).mtimeMs, buildNow);
}

function buildNow() {
  say('Building the dashboard…');
  const done = spawnSync(
    ownNode(),
    [join(modules, 'vite', 'bin', 'vite.js'), 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    say('The dashboard could not be built; the reason is above. Nothing was started.');
    process.exit(1);
  }
}

function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) continue;
    if (!stat.isDirectory()) latest = Math.max(latest, stat.mtimeMs);
    else {
      const inside = readdirSync(path).filter(
        (name) => !['build', '.svelte-kit', '.wuchale', 'node_modules'].includes(name),
      );
      latest = Math.max(latest, newest(inside.map((name) => join(path, name))));
    }
  }
  return latest;
}

/** Status of a program that stopped because a start helps: sysexits(3) calls it EX_SOFTWARE. */
const startAnew = 70;
/** Seconds before a program is started again, for the first time in a while and for the next ones. */
const pauses = [1, 2, 5, 15, 60];
/** A program that ran for so long has had its fresh start. */
const settledMs = 10 * 60_000;

/**
 * Runs a program on the project's Node and ends with its status. Signals are passed on; the open channel tells the program when this
 * launcher dies in a way that passes nothing on. With `again`, a program that was killed, or that stopped to start anew, is started again:
 * somebody's positions may have nobody else to look after them.
 */
export function handOver(args, env = {}, { again = false } = {}) {
  let child = null;
  let stopping = false;
  let starts = 0;
  let pause = null;
  const begin = () => {
    pause = null;
    const startedAt = Date.now();
    child = spawn(ownNode(), args, {
      cwd: root,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: environment(env),
    });
    child.on('exit', (code, signal) => {
      child = null;
      const died = signal !== null || code === startAnew;
      if (!again || !died || stopping) process.exit(signal ? 1 : (code ?? 1));
      starts = Date.now() - startedAt > settledMs ? 1 : starts + 1;
      const seconds = pauses[Math.min(starts, pauses.length) - 1];
      say(
        `!! Signalbox ended by itself (${signal ?? `status ${code}`}). It is started again in ${seconds} s; it goes on from what is stored.`,
      );
      pause = setTimeout(begin, seconds * 1000);
    });
    child.on('error', (error) => {
      say(`Node could not be started: ${error.message}`);
      process.exit(1);
    });
  };
  /** What was asked of us while nothing runs: there is nothing to wait for. */
  const stop = (signal) => {
    stopping = true;
    if (child) child.kill(signal);
    else if (pause) process.exit(0);
  };
  let told = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself; a second one must not be lost either.
      told++;
      if (signal !== 'SIGINT' || told > 1 || !process.stdin.isTTY || !child) stop(signal);
      else stopping = true;
    });
  }
  // npm passes a signal to the shell it runs us in, and a shell dies of it and passes nothing on: being left by either is our signal.
  if (process.env.npm_lifecycle_event) {
    const starters = startersOf();
    const watch = setInterval(() => {
      if (startersOf() === starters) return;
      clearInterval(watch);
      stop('SIGTERM');
    }, 100).unref();
  }
  begin();
}

/** Who started us: the shell that npm runs us in and npm, or npm alone. Where there is no /proc, our parent is all that can be known. */
function startersOf() {
  const parent = process.ppid;
  try {
    const [, words] = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0');
    if (words !== '-c') return `${parent}`;
    const [, grandparent] = readFileSync(`/proc/${parent}/status`, 'utf8').match(/^PPid:\s+(\d+)$/m);
    return `${parent} ${grandparent}`;
  } catch {
    return `${parent}`;
  }
}

/** Ours, with the project's Node first for whatever the program starts itself, and with what it compiled kept for the next start. */
const environment = (more) => ({
  NODE_COMPILE_CACHE: join(modules, '.cache', 'compiled'),
  ...process.env,
  ...more,
  PATH: `${join(modules, '.bin')}${windows ? ';' : ':'}${process.env.PATH}`,
});

/** Runs a program to its end, with what it prints shown; answers its status. */
export function run(args, env = {}) {
  const done = spawnSync(ownNode(), args, { cwd: root, stdio: 'inherit', env: environment(env) });
  return done.status ?? 1;
}
