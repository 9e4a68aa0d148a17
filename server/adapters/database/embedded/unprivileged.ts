import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How to run PostgreSQL: the words before its own, and who it will be (null: who we are). */
export interface Runner {
  readonly prefix: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` if there is one, else `nobody`. Answers the ways to do so, the
 * one with the least power first. That user may be unable to enter where the data is: a home, a temporary directory, both 0700. `setpriv` can
 * let it keep one capability for that: to pass through and read anywhere, or, where root itself has no more (a container's), to write too.
 */
export function runners(): readonly Runner[] {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return [{ prefix: [], user: null }];
  const user = unprivilegedUser();
  const kept = ['dac_read_search', 'dac_override'].map((capability) => withCapability(user, capability));
  const able = kept.filter(({ prefix }) => spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status === 0);
  return [{ prefix: [], user }, ...able];
}

function withCapability(user: { readonly uid: number; readonly gid: number }, capability: string): Runner {
  const only = `-all,+${capability}`;
  const prefix = [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    // access(2), by which initdb looks for its parts, would leave capabilities out of account.
    '--securebits=+no_setuid_fixup,+no_setuid_fixup_locked',
    '--no-new-privs',
  ];
  return { prefix, user };
}

/** The words to spawn and the options that change the user. */
export function asRunner(
  runner: Runner,
  words: readonly string[],
): { file: string; args: string[]; options: { uid?: number; gid?: number; cwd: string; env: Record<string, string> } } {
  const [file, ...args] = [...runner.prefix, ...words];
  const changed = runner.prefix.length === 0 && runner.user ? { uid: runner.user.uid, gid: runner.user.gid } : {};
  // Nothing of our environment is PostgreSQL's business, and our working directory may be one it cannot enter.
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
  return { file: file!, args, options: { ...changed, cwd: '/', env } };
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    // macOS writes nobody as -2, which only its own calls understand.
    if (uid && gid) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Start Signalbox as an ordinary user, or set DATABASE_URL.',
  );
}
