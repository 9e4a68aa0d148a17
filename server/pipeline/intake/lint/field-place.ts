import { wholeBody } from '../problem-code.ts';
import type { ReadingNotes } from './reading-notes.ts';

/** Where a problem's field stands in a text, and its pointer where it is JSON. */
export interface FieldPlace {
  readonly span: { readonly from: number; readonly until: number };
  readonly pointer: string | null;
}

/** What the short names of Autoview's parameters are written as too. */
const alsoWritten: Readonly<Record<string, string>> = {
  ...{ e: 'exchange|ex|e', s: 'symbol|sym|s', b: 'book|side|b', q: 'quantity|q', t: 'type|t', a: 'account|acc|a' },
  ...{ d: 'disabled|d', l: 'leverage|l', p: 'price|p', sl: 'stoploss|sl', y: 'yield|y' },
};
const positions: Readonly<Record<string, number>> = { licenseid: 0, command: 1, symbol: 2 };

/** Where a field stands: its value, in JSON; of a field that is not there, the bracket of the object that it is missing in. */
export function fieldPlace(
  text: string,
  field: string,
  notes: ReadingNotes,
  options: { last?: boolean; isJson: boolean; dialect: string },
): FieldPlace | null {
  if (field === wholeBody) return null;
  if (!options.isJson) return textPlace(text, field, options.dialect);
  const places = notes.json.of(field);
  const place = options.last ? places.at(-1) : places[0];
  if (place)
    return {
      span: options.last ? { from: place.key.from, until: place.value.until } : place.value,
      pointer: place.pointer,
    };
  const dot = field.lastIndexOf('.');
  const parent = notes.json.of(dot < 0 ? '' : field.slice(0, dot))[0];
  const name = field
    .slice(dot + 1)
    .replaceAll('~', '~0')
    .replaceAll('/', '~1');
  if (parent)
    return { span: { from: parent.value.from, until: parent.value.from + 1 }, pointer: `${parent.pointer}/${name}` };
  const open = text.indexOf('{');
  return open < 0 ? null : { span: { from: open, until: open + 1 }, pointer: `/${name}` };
}

function textPlace(text: string, field: string, dialect: string): FieldPlace | null {
  if (dialect === 'pine-connector' && Object.hasOwn(positions, field)) {
    const parts = text.split(',');
    const at = positions[field]!;
    const part = parts[at];
    if (part === undefined) return null;
    const from = parts.slice(0, at).reduce((sum, one) => sum + one.length + 1, 0);
    return { span: { from, until: from + part.length }, pointer: null };
  }
  const names = Object.hasOwn(alsoWritten, field) ? alsoWritten[field]! : field.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`(?:^|[\\s,;|&])(?:${names})[ \\t]*=[ \\t]*([^\\s,;|&]*)`, 'di').exec(text);
  const span = match?.indices?.[1];
  return span ? { span: { from: span[0], until: span[1] }, pointer: null } : null;
}
