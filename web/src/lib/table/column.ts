import type { Snippet } from 'svelte';
import { compare } from '../format/decimal.ts';

/** One column of a table. `text` is what is searched, copied and, unless `cell` says otherwise, shown. */
export type Column<Row> = {
  readonly key: string;
  readonly label: string;
  /** The unit or currency, once for the whole column. */
  readonly unit?: string;
  readonly text: (row: Row) => string;
  /** Exact decimal text to sort by, for amounts; text is sorted as text otherwise. */
  readonly decimal?: (row: Row) => string | null;
  readonly cell?: Snippet<[Row]>;
  readonly end?: boolean;
  /** Starting width in pixels; what the user drags it to stays for the visit. */
  readonly width?: number;
  /** Left out where the screen is narrow. */
  readonly wideOnly?: boolean;
  readonly sortable?: boolean;
  /** Takes the room that the others leave, and is cut off there. */
  readonly grows?: boolean;
};

export type Sorting = { key: string; down: boolean } | null;

export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sorting: Sorting): readonly Row[] {
  const column = sorting && columns.find((one) => one.key === sorting.key);
  if (!sorting || !column) return rows;
  const { decimal, text } = column;
  const order = decimal
    ? (a: Row, b: Row) => {
        const x = decimal(a);
        const y = decimal(b);
        // What has no figure goes last, whichever way.
        if (x === null || y === null) return x === y ? 0 : (x === null ? 1 : -1) * (sorting.down ? -1 : 1);
        return compare(x, y);
      }
    : (a: Row, b: Row) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
  return [...rows].sort((a, b) => (sorting.down ? -order(a, b) : order(a, b)));
}

/** Rows in which every word of the search occurs in some column. */
export function searched<Row>(rows: readonly Row[], columns: readonly Column<Row>[], search: string): readonly Row[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = columns
      .map((column) => column.text(row))
      .join(' ')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** A spreadsheet would run a cell that starts with one of these as a formula; a plain negative number is none. */
const formula = /^[=+@\t\r]|^-(?!\d)/;

function quoted(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows as CSV (RFC 4180), numbers as the server sent them. */
export function csv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const head = columns.map((column) => quoted(column.unit ? `${column.label} (${column.unit})` : column.label));
  const lines = rows.map((row) => columns.map((column) => quoted(column.decimal?.(row) ?? column.text(row))).join(','));
  return [head.join(','), ...lines].join('\r\n');
}
