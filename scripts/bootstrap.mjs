// What every command needs before it can run: the packages, the project's own Node, a fresh web app. Runs on the machine's
// Node (20 or newer), before anything is installed: built-in modules only, no new syntax.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';

/** Says what is going on, in one calm line. */
const say = (line) => process.stderr.write(`  ${line}\n`);

/** Installs when the packages are absent or older than the lockfile. */
export function install() {
  const stamp = join(modules, '.package-lock.json');
  const lockfile = join(root, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lockfile).mtimeMs - 1000) return;
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
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 0)) return process.execPath;
  say(
    `This machine has Node ${process.versions.node}, Signalbox needs 24, and there is no Node package for ${process.platform}-${process.arch}.`,
  );
  say('Install Node 24, then try again. Nothing was started.');
  process.exit(1);
}

/** Builds the web app when a source of it is newer than the build. */
export function buildWeb() {
  const built = join(root, 'web', 'build', 'index.html');
  const sources = [join(root, 'web'), join(root, 'server', 'contract'), join(root, 'package-lock.json')];
  if (existsSync(built) && newest(sources) <= statSync(built).mtimeMs) return;
  say('Building the dashboard…');
  const done = spawnSync(
    ownNode(),
    [join(modules, 'vite', 'bin', 'vite.js'), 'build', '--config', 'web/vite.config.ts'],
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
      const inside = readdirSync(path).filter((name) => !['build', '.svelte-kit', 'node_modules'].includes(name));
      latest = Math.max(latest, newest(inside.map((name) => join(path, name))));
    }
  }
  return latest;
}

/**
 * Runs a program on the project's Node and ends with its status. Signals are passed on; the open channel tells the program when this
 * launcher dies in a way that passes nothing on.
 */
export function handOver(args, env = {}) {
  const child = spawn(ownNode(), args, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env, PATH: `${join(modules, '.bin')}${windows ? ';' : ':'}${process.env.PATH}` },
  });
  let told = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself; a second one must not be lost either.
      told++;
      if (signal !== 'SIGINT' || told > 1 || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
  child.on('error', (error) => {
    say(`Node could not be started: ${error.message}`);
    process.exit(1);
  });
}

/** Runs a program to its end, with what it prints shown; answers its status. */
export function run(args, env = {}) {
  const done = spawnSync(ownNode(), args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return done.status ?? 1;
}
