import type { AlertText, Dialect } from '../dialect.ts';
import { JsonObject } from '../json-text.ts';
import type { Draft } from './finding.ts';
import type { JsonPlace } from './json-places.ts';
import { removal } from './mend-fields.ts';
import { nearestName } from './nearest-name.ts';
import { ReadingNotes } from './reading-notes.ts';

/** Names that other receivers have for a field, by the name of ours that they are meant for, if it is asked for. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  symbol: ['ticker'],
  ticker: ['symbol', 'tv_instrument'],
  instrument: ['ticker', 'symbol'],
  action: ['signal'],
  order: ['signal', 'action'],
  signal: ['action'],
  qty: ['quantity'],
  size: ['quantity'],
  contracts: ['quantity'],
  shares: ['quantity'],
  amount: ['quantity'],
  sl: ['stopLoss', 'stop_loss_price'],
  stop: ['stopLoss', 'stop_loss_price'],
  tp: ['takeProfit', 'take_profit_price'],
  target: ['takeProfit', 'take_profit_price'],
  price: ['entryPrice', 'signalPrice'],
  entry: ['entryPrice'],
  time: ['timestamp', 'time'],
  riskamount: ['riskAmount'],
};

/** Fields of an alert in JSON that nothing reads, each with the name that was probably meant. */
export function ignoredDrafts(
  alert: AlertText,
  dialect: Dialect,
  notes: ReadingNotes,
  secrets: readonly string[],
): readonly Draft[] {
  if (notes.names.size === 0) return [];
  const elsewhere = namesOfOtherActions(alert, dialect);
  const taken = new Set<string>();
  return notes.ignored().flatMap((place): Draft[] => {
    if (secrets.includes(place.name)) return [];
    const about = { field: place.field, span: place.key, pointer: place.pointer };
    if (elsewhere.has(place.field)) {
      const message = `${place.name} counts for nothing with this action`;
      return [{ ...about, code: 'field_without_effect', message, mend: null }];
    }
    const meant = meantBy(place, notes, elsewhere);
    const better = place.parent === '' ? meant : meant && `${place.parent}.${meant}`;
    if (meant === null || better === null || taken.has(better)) {
      return [{ ...about, code: 'ignored_field', message: `${place.name} is not read`, mend: null }];
    }
    taken.add(better);
    const edits = [{ ...place.key, insert: JSON.stringify(meant) }];
    const message = `${place.name} is not read; did you mean ${meant}?`;
    return [{ ...about, code: 'unknown_field', message, mend: `Write "${meant}".`, edits }];
  });
}

/** A name that was asked for, is not there, and is near. */
function meantBy({ name, parent }: JsonPlace, notes: ReadingNotes, elsewhere: ReadonlySet<string>): string | null {
  const start = parent === '' ? '' : `${parent}.`;
  const there = (one: string): boolean => notes.json.of(`${start}${one}`).length > 0;
  const asked = notes.within(parent).filter((one) => !there(one));
  const key = name.toLowerCase();
  const other = Object.hasOwn(otherNames, key) ? otherNames[key]!.find((one) => asked.includes(one)) : undefined;
  const others = parent === '' ? [...elsewhere].filter((one) => !/[.[]/.test(one) && !there(one)) : [];
  return other ?? nearestName(name, [...asked, ...others]);
}

const actionWords = [
  'BUY',
  'SELL',
  'EXIT',
  'FLATTEN',
  'REVERSE',
  'ADD',
  'BREAKEVEN',
  'CANCEL',
  'enter_long',
  'exit_long',
];

/** What the dialect asks for when the alert's action is another one. */
function namesOfOtherActions(alert: AlertText, dialect: Dialect): ReadonlySet<string> {
  const { json } = alert;
  if (!json.ok || !(json.value instanceof JsonObject)) return new Set();
  const { fields } = json.value;
  const names = new Set<string>();
  for (const field of ['signal', 'action']) {
    if (!fields.has(field)) continue;
    for (const word of actionWords) {
      const notes = new ReadingNotes();
      const value = new JsonObject(new Map([...fields, [field, word]]), []);
      dialect.read({ ...alert, json: { ok: true, value }, watch: notes });
      for (const name of notes.names.keys()) names.add(name);
    }
  }
  return names;
}

/** A field that is there twice with the same value: one of them can go. */
export function copyEdits(
  text: string,
  notes: ReadingNotes,
  field: string,
): readonly { from: number; until: number; insert: string }[] {
  const places = notes.json.of(field);
  const written = (place: JsonPlace): string => text.slice(place.value.from, place.value.until);
  const [first, ...copies] = places;
  if (!first || copies.some((copy) => written(copy) !== written(first))) return [];
  return copies.map((copy) => removal(text, copy));
}

/** Numbers between quotes, told once for all. */
export function quotedNumbers(text: string, notes: ReadingNotes): readonly Draft[] {
  const quoted = notes.json.all.filter(
    ({ field, value }) =>
      notes.names.get(field) === 'number' &&
      /^"\s*[+-]?[\d.]+\s*"$/.test(text.slice(value.from, Math.min(value.until, value.from + 64))),
  );
  const [first] = quoted;
  if (first === undefined) return [];
  const names = [...new Set(quoted.map(({ name }) => name))].join(', ');
  const message = `${names} ${quoted.length > 1 ? 'are numbers' : 'is a number'} between quotes, and read as one`;
  return [
    { code: 'number_as_text', field: first.field, message, mend: null, span: first.value, pointer: first.pointer },
  ];
}
