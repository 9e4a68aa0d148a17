import type { KillTarget } from '../../core/model/kill-switch.ts';

/** One thing to be stopped. Accounts are by name, as a person writes them. */
export interface FileTarget extends KillTarget {
  readonly flatten: boolean;
}

/** What the file on disk asks for. */
export interface KillFile {
  readonly targets: readonly FileTarget[];
  readonly reason: string | null;
  /** Lines that could not be read; everything is stopped then. */
  readonly problems: readonly string[];
}

const longestLine = 200;

/**
 * Reads the file of the kill switch: lines `all`, `account NAME`, `strategy KEY`, `symbol TICKER`, each with `flatten` before it where it
 * is to be closed too; `flatten` alone, for all of them; and `# reason`. A file that names nothing means everything, and so does one
 * with a line that cannot be read: whoever wrote it wanted something stopped.
 */
export function readKillFile(content: string): KillFile {
  const named: FileTarget[] = [];
  const reasons: string[] = [];
  const problems: string[] = [];
  let flattenAll = false;
  for (const [index, raw] of content
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const readable = line.length <= longestLine && !/\p{Cc}/u.test(line);
    const target = readable ? targetOf(line) : null;
    if (readable && line.startsWith('#')) reasons.push(line.slice(1).trim());
    else if (readable && line.toLowerCase() === 'flatten') flattenAll = true;
    else if (target) named.push(target);
    else problems.push(`line ${index + 1}: ${line.slice(0, 60).replace(/\p{Cc}/gu, '?')}`);
  }
  const everything =
    named.length === 0 || (problems.length > 0 && !named.some((one) => one.scope === 'all'))
      ? [{ scope: 'all', key: '', flatten: false } as const]
      : [];
  const reason = reasons.filter((text) => text !== '').join(' ');
  return {
    targets: [...everything, ...named].map((one) => ({ ...one, flatten: one.flatten || flattenAll })),
    reason: reason === '' ? null : reason.slice(0, 500),
    problems,
  };
}

function targetOf(line: string): FileTarget | null {
  const [, first, rest] = /^(flatten\s+)?(\S.*)$/i.exec(line) ?? [];
  const flatten = first !== undefined;
  if (rest?.toLowerCase() === 'all') return { scope: 'all', key: '', flatten };
  const [, word, key] = /^(account|strategy|symbol)\s+(\S.*)$/i.exec(rest ?? '') ?? [];
  switch (word?.toLowerCase()) {
    case 'symbol':
      return { scope: 'symbol', key: key!.toUpperCase(), flatten };
    case 'account':
      return { scope: 'account', key: key!, flatten };
    case 'strategy':
      return { scope: 'strategy', key: key!, flatten };
    default:
      return null;
  }
}
