import { readdir, readFile } from 'node:fs/promises';
import { signalToJson, type TradeSignal } from '../../../core/model/signal.ts';
import type { SourceReading } from '../../../core/model/source-reading.ts';

/** An alert of a dialect's corpus: what is sent, and what it must come to. */
export interface CorpusAlert {
  /** What it shows; unique in its dialect. */
  readonly name: string;
  /** What is sent, as JSON; or as it stands in `text`. */
  readonly alert?: unknown;
  readonly text?: string;
  /** What its source is set to of how its alerts are read; absent: nothing. */
  readonly reading?: SourceReading;
  /** The signal, without what it leaves open: see `stated`. */
  readonly signal?: Readonly<Record<string, unknown>>;
  /** Or why it is refused: each field and its code, in the order in which they are told. */
  readonly problems?: readonly string[];
  /** The refusal's code. */
  readonly code?: string;
  /** The word that the dialect's own reply has for it, where it has replies of its own. */
  readonly messageCode?: string;
  /** Whether it belongs to this dialect only where its source or its address says so, as its shape is not enough. */
  readonly fixed?: boolean;
}

const ours = new URL('./', import.meta.url);

/** The alerts of a dialect: every JSON file of the folder of its name, in sorted order. */
export async function readCorpus(dialect: string, corpora = ours): Promise<readonly CorpusAlert[]> {
  const folder = new URL(`${dialect}/`, corpora);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const parts = await Promise.all(files.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8'))));
  return (parts as CorpusAlert[][]).flat();
}

/** The dialects that have a corpus. */
export async function corpusDialects(): Promise<readonly string[]> {
  const entries = await readdir(new URL('./', import.meta.url), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** The text that is sent. */
export const textOf = ({ alert, text }: CorpusAlert): string => text ?? JSON.stringify(alert);

/** What a signal states: without what is open, paper (the mode of every alert that names none) and the strategy `default`. */
export function stated(signal: TradeSignal): Record<string, unknown> {
  const open = (name: string, value: unknown): boolean =>
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (name === 'requestedMode' && value === 'paper') ||
    (name === 'strategy' && value === 'default');
  return Object.fromEntries(Object.entries(signalToJson(signal)).filter(([name, value]) => !open(name, value)));
}
