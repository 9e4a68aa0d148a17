import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { asRunner } from './unprivileged.ts';

/** The password of the cluster's one user, generated at the first time and kept where only its owner can read. */
export function clusterPassword(dataDir: string): string {
  const file = join(dataDir, 'postgres.password');
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept) return kept;
  const password = randomBytes(24).toString('base64url');
  writeFileSync(`${file}.new`, password, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return password;
}

/** Makes the cluster when there is none: beside its place, then renamed, so that an interrupted first start leaves nothing half made. */
export async function initialiseCluster({ cluster, native, runner }: Place, password: string): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) return;
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.pw`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runner.user) {
    chownSync(draft, runner.user.uid, runner.user.gid);
    chownSync(passwordFile, runner.user.uid, runner.user.gid);
  }
  const { file, args, options } = asRunner(runner, [
    join(native, 'bin', 'initdb'),
    '--pgdata',
    draft,
    '--username=signalbox',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ]);
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    throw new Error(
      `The embedded PostgreSQL could not be made in ${cluster} (${code}):\n${printed.trim()}\nSet DATABASE_URL to use your own.`,
    );
  }
  renameSync(draft, cluster);
}
