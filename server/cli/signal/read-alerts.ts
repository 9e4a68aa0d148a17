import { readCsv } from '../../core/csv.ts';
import { jsonValues } from './json-values.ts';
import { UsageProblem } from './options.ts';

/** An alert of a file. */
export interface FileAlert {
  readonly text: string;
  /** What the file says of it; null: nothing. */
  readonly expect: string | null;
  /** Sent as it stands: its placeholders are what it is about. */
  readonly exact?: boolean;
}

/** The alerts of a file by its kind. Throws a `UsageProblem` where it has none, or cannot be read as what it is called. */
export function readAlerts(name: string, content: string): readonly FileAlert[] {
  const text = content.replace(/^\uFEFF/, '');
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  const alerts =
    ending === 'csv'
      ? fromCsv(name, text)
      : ending === 'json' || ending === 'jsonl'
        ? fromJson(name, text)
        : fromText(text);
  if (alerts.length === 0) throw new UsageProblem(`${name} has no alert in it.`);
  return alerts;
}

const plain = (text: string): FileAlert => ({ text, expect: null });

function fromJson(name: string, text: string): readonly FileAlert[] {
  const values = jsonValues(text);
  if (values === null)
    throw new UsageProblem(`${name} is no JSON: expected an alert, a list of alerts, or one a line.`);
  return values.map(ofJson);
}

/** Text in JSON is the alert itself; an entry of a corpus, a recording among them, holds the alert and what comes of it. */
function ofJson(written: string): FileAlert {
  const value = JSON.parse(written) as unknown;
  if (typeof value === 'string') return plain(value);
  const entry = (value ?? {}) as Record<string, unknown>;
  const isEntry =
    typeof entry.name === 'string' && ('signal' in entry ? typeof entry.signal === 'object' : 'problems' in entry);
  if (!isEntry) return plain(written);
  const text = typeof entry.text === 'string' ? entry.text : JSON.stringify(entry.alert);
  // What is so only at a source that is set for it cannot be told of any other.
  if (entry.fixed === true || 'reading' in entry) return { text, expect: 'any', exact: true };
  return { text, expect: 'problems' in entry ? String(entry.code) : 'taken', exact: true };
}

function fromText(text: string): readonly FileAlert[] {
  const blocks = text.split(/\r?\n[ \t]*\r?\n/).map((block) => block.trim());
  const parts = blocks.filter((block) => block !== '');
  if (parts.length > 1) return parts.map(plain);
  const [only] = parts;
  if (only === undefined) return [];
  const values = /^[[{]/.test(only) ? jsonValues(only) : null;
  return (values ?? only.split(/\r?\n/).filter((line) => line.trim() !== '')).map(plain);
}

/** TradingView's export of its alert log has the message as its Description, and the newest alert first. */
const columns = ['message', 'description', 'alert', 'text', 'body', 'payload'];

function fromCsv(name: string, text: string): readonly FileAlert[] {
  const [header, ...rows] = readCsv(text);
  const names = header?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const column = columns.map((one) => names.indexOf(one)).find((at) => at >= 0);
  if (column === undefined)
    throw new UsageProblem(`${name}: expected a column named ${columns.slice(0, -1).join(', ')} or ${columns.at(-1)}.`);
  const broken = rows.find((row) => row.fault !== null);
  if (broken) throw new UsageProblem(`${name}, line ${broken.line}: ${broken.fault}.`);
  const time = names.indexOf('time');
  const found = rows
    .map(({ fields }) => ({ text: fields[column] ?? '', at: time < 0 ? Number.NaN : Date.parse(fields[time] ?? '') }))
    .filter((one) => one.text.trim() !== '');
  if (found.every(({ at }) => !Number.isNaN(at))) found.sort((a, b) => a.at - b.at);
  return found.map((one) => plain(one.text));
}
