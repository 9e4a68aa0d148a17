import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How to run PostgreSQL: the words before its own, and who it will be (null: who we are). */
export interface Runner {
  readonly prefix: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/**
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` if there is one, else `nobody`. The data may lie beneath a
 * directory that this user cannot enter (a home, a temporary directory: both 0700), so it keeps one capability, to pass through
 * directories, which `setpriv` can hand over. Without `setpriv` only the user is changed, and the directory must be one it can enter.
 */
export function runner(): Runner {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return { prefix: [], user: null };
  const user = unprivilegedUser();
  const who = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const keep = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'];
  for (const words of [
    ['setpriv', ...who, ...keep],
    ['setpriv', ...who],
  ]) {
    if (spawnSync(words[0]!, [...words.slice(1), 'true']).status === 0) return { prefix: words, user };
  }
  return { prefix: [], user };
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody. Start Signalbox as an ordinary user, or set DATABASE_URL.',
  );
}
