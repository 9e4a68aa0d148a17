import { readCsv } from '../csv.ts';
import type { Instrument } from '../model/instrument.ts';
import { sectorNamed, sectorNames, unknown } from './sectors.ts';
import { instrumentSymbol } from './symbols.ts';

/** The columns that a file of instruments must have, in any order; others are passed over. */
export const instrumentColumns = ['symbol', 'name', 'sector', 'industry'] as const;
export type InstrumentColumn = (typeof instrumentColumns)[number];

/** What is wrong with a line; `column` is null where it is the whole line. */
export interface InstrumentFault {
  readonly line: number;
  readonly column: string | null;
  readonly code:
    | 'COLUMNS'
    | 'MISSING'
    | 'TOO_LONG'
    | 'NOT_A_SYMBOL'
    | 'NOT_A_SECTOR'
    | 'NOT_KNOWN'
    | 'TWICE'
    | 'FORMULA'
    | 'CHARACTERS'
    | 'QUOTES';
  /** Says what was found and what was expected. */
  readonly message: string;
}

/** An instrument, and the line of the file that it is on. */
export interface ReadInstrument extends Instrument {
  readonly line: number;
  /** The field of each further column that was asked for. */
  readonly more: Readonly<Record<string, string>>;
}

export type InstrumentsRead =
  | { readonly kind: 'read'; readonly rows: readonly ReadInstrument[] }
  | { readonly kind: 'faults'; readonly faults: readonly InstrumentFault[] };

/** Lines beyond this many are refused: there are not so many listed instruments. */
export const mostInstruments = 20_000;

const longest: Readonly<Record<InstrumentColumn, number>> = { symbol: 21, name: 120, sector: 60, industry: 80 };
const symbolShape = /^[A-Z0-9]{1,10}([./][A-Z0-9]{1,10}){0,2}$/;
/** What a spreadsheet would run as a formula when these are copied into one. */
const formula = /^[=+@\t\r-]/;
/** Control characters, and those that turn the direction of what follows. */
const unseen = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

export interface ReadOptions {
  /** Industries that are known: another spelling of one of them is taken for it, so that it shares its limit. */
  readonly industries?: Iterable<string>;
  /** Columns that are read beside, when they are there. */
  readonly more?: readonly string[];
}

/**
 * Reads instruments from CSV with a line of names. Symbols are canonical afterwards, sectors are of the one list. Either every line can be
 * used, or every fault is named by line and column and nothing is answered beside.
 */
export function readInstruments(csv: string, { industries = [], more = [] }: ReadOptions = {}): InstrumentsRead {
  const [head, ...body] = readCsv(csv);
  const headFaults = faultsOfHead(head?.fields ?? []);
  if (headFaults.length > 0) return { kind: 'faults', faults: headFaults };
  const names = head!.fields.map((name) => name.trim().toLowerCase());
  const at = (column: string): number => names.indexOf(column);
  const spelled = new Map([unknown, ...industries].map((name) => [name.toLowerCase(), name]));
  const lines = new Map<string, number>();
  const faults: InstrumentFault[] = [];
  const rows = body.map(({ line, fields, fault }): ReadInstrument => {
    const wrong = (column: string | null, code: InstrumentFault['code'], message: string): void => {
      faults.push({ line, column, code, message });
    };
    if (fault !== null) wrong(null, 'QUOTES', fault);
    else if (fields.length !== names.length) {
      const found = `it has ${fields.length} fields, the first line has ${names.length}`;
      wrong(null, 'COLUMNS', `${found}; a comma in a name needs quotes`);
    }
    const whole = fault === null && fields.length === names.length;
    /** Empty where it is wrong, and when nobody knows which field is which. */
    const field = (column: InstrumentColumn): string => {
      if (!whole) return '';
      const value = (fields[at(column)] ?? '').trim();
      if (value === '') wrong(column, 'MISSING', `there is no ${column}`);
      else if (value.length > longest[column])
        wrong(column, 'TOO_LONG', `it has ${value.length} characters, expected at most ${longest[column]}`);
      else if (unseen.test(value)) wrong(column, 'CHARACTERS', 'it has characters that cannot be seen');
      else if (formula.test(value))
        wrong(column, 'FORMULA', `“${value}” begins like a formula; a spreadsheet would run it`);
      else return value;
      return '';
    };
    const given = field('symbol');
    const symbol = instrumentSymbol(given);
    const name = field('name');
    const sectorText = field('sector');
    const sector = sectorNamed(sectorText);
    const industryText = field('industry').replace(/\s+/g, ' ');
    if (given !== '' && !symbolShape.test(symbol))
      wrong('symbol', 'NOT_A_SYMBOL', `“${given}” is no symbol; expected one as AAPL, BRK.B or BTC/USD`);
    if (sectorText !== '' && sector === null)
      wrong('sector', 'NOT_A_SECTOR', `“${sectorText}” is no sector; expected one of ${sectorNames.join(', ')}`);
    const before = lines.get(symbol);
    if (given !== '' && before !== undefined) wrong('symbol', 'TWICE', `${symbol} is on line ${before} already`);
    else lines.set(symbol, line);
    const industry = spelled.get(industryText.toLowerCase()) ?? industryText;
    spelled.set(industry.toLowerCase(), industry);
    if (sector === unknown && industry !== '' && industry !== unknown)
      wrong('industry', 'NOT_KNOWN', `its sector is ${unknown}, so expected ${unknown} here too`);
    return {
      line,
      symbol,
      name,
      sector: sector ?? '',
      industry,
      more: Object.fromEntries(more.map((column) => [column, (fields[at(column)] ?? '').trim()])),
    };
  });
  if (rows.length === 0)
    faults.push({ line: 2, column: null, code: 'MISSING', message: 'there is no line of instruments' });
  if (rows.length > mostInstruments) {
    const { line } = rows[mostInstruments]!;
    return {
      kind: 'faults',
      faults: [
        {
          line,
          column: null,
          code: 'TOO_LONG',
          message: `there may be at most ${mostInstruments} instruments in a file`,
        },
      ],
    };
  }
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'read', rows };
}

function faultsOfHead(fields: readonly string[]): InstrumentFault[] {
  const names = fields.map((name) => name.trim().toLowerCase());
  const expected = `the first line must name the columns ${instrumentColumns.join(',')}`;
  if (names.length === 1 && /[;\t]/.test(names[0]!))
    return [{ line: 1, column: null, code: 'COLUMNS', message: `the fields are not separated by commas; ${expected}` }];
  return instrumentColumns.flatMap((column): InstrumentFault[] => {
    const times = names.filter((name) => name === column).length;
    if (times === 1) return [];
    const message = `there ${times === 0 ? 'is no column' : `are ${times} columns`} “${column}”; ${expected}`;
    return [{ line: 1, column, code: 'COLUMNS', message }];
  });
}
