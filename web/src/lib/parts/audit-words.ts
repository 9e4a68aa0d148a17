import type { AuditEntryJson } from '../api/contract.ts';

interface Told {
  readonly line?: unknown;
  readonly path?: unknown;
  readonly outcome?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly key?: unknown;
  readonly name?: unknown;
  readonly tokenName?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** What an entry is about, in a line; its detail has the whole of it. */
export function aboutEntry({ data }: AuditEntryJson): string {
  const { line, path, key, name, tokenName } = data as Told;
  if (typeof line === 'string') return text(path) === '' ? line : `${line.split(' ')[0]} ${text(path)}`;
  return [key, name, tokenName].map(text).find((one) => one !== '') ?? '';
}

/** What came of it: a code of the refusal, or how it ended. */
export function resultOf({ kind, data }: AuditEntryJson): string {
  const { outcome, code } = data as Told;
  if (kind === 'action.refused') return text(code);
  return text(code) || text(outcome);
}
