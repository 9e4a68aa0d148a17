import type { KillScope } from '../../core/model/kill-switch.ts';

/** What the file on disk asks for. Accounts are by name, as a person writes them. */
export interface KillFile {
  readonly targets: readonly { readonly scope: KillScope; readonly key: string }[];
  readonly flatten: boolean;
  readonly reason: string | null;
  /** Lines that could not be read; everything is stopped then. */
  readonly problems: readonly string[];
}

const longestLine = 200;
const everything = { scope: 'all', key: '' } as const;

/**
 * Reads the file of the kill switch: lines `all`, `account NAME`, `strategy KEY`, `symbol TICKER`, `flatten`, and `# reason`. A file
 * that names nothing means everything, and so does one with a line that cannot be read: whoever wrote it wanted something stopped.
 */
export function readKillFile(content: string): KillFile {
  const targets: { scope: KillScope; key: string }[] = [];
  const reasons: string[] = [];
  const problems: string[] = [];
  let flatten = false;
  for (const [index, raw] of content
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    const words = /^(\w+)(?:\s+(\S.*))?$/u.exec(line);
    const word = words?.[1]?.toLowerCase();
    const key = words?.[2];
    const readable = line.length <= longestLine && !/\p{Cc}/u.test(line);
    if (line === '') continue;
    if (readable && line.startsWith('#')) reasons.push(line.slice(1).trim());
    else if (readable && word === 'all' && key === undefined) targets.push(everything);
    else if (readable && word === 'flatten' && key === undefined) flatten = true;
    else if (readable && word === 'symbol' && key !== undefined)
      targets.push({ scope: 'symbol', key: key.toUpperCase() });
    else if (readable && (word === 'account' || word === 'strategy') && key !== undefined)
      targets.push({ scope: word, key });
    else problems.push(`line ${index + 1}: ${line.slice(0, 60).replace(/\p{Cc}/gu, '?')}`);
  }
  const reason = reasons
    .filter((text) => text !== '')
    .join(' ')
    .slice(0, 500);
  return {
    targets:
      problems.length > 0 || targets.length === 0
        ? [everything, ...targets.filter((one) => one.scope !== 'all')]
        : targets,
    flatten,
    reason: reason.length === 0 ? null : reason,
    problems,
  };
}
