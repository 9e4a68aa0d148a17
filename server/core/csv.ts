/** A row of a CSV text, and the line on which it begins; a field in quotes may go on over lines. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
  /** What is wrong with its quotes; null: nothing. */
  readonly fault: string | null;
}

/**
 * The rows of a CSV text (RFC 4180; line ends of any system, a byte order mark is passed over), without empty ones. Never throws: a row whose
 * quotes are wrong says so, and is read as well as may be.
 */
export function readCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const begun = line;
    const fields: string[] = [];
    let fault: string | null = null;
    for (let more = true; more; ) {
      let field = '';
      if (text[at] === '"') {
        at++;
        for (;;) {
          const end = text.indexOf('"', at);
          const part = text.slice(at, end < 0 ? text.length : end);
          line += lineEnds(part);
          field += part;
          at = end < 0 ? text.length : end + 1;
          if (end < 0) fault = 'a quotation mark is not closed';
          if (end < 0 || text[at] !== '"') break;
          field += '"';
          at++;
        }
      }
      const rest = /[^,\r\n]*/y;
      rest.lastIndex = at;
      const plain = rest.exec(text)![0];
      if (plain !== '' && (plain.includes('"') || text[at - 1] === '"'))
        fault ??=
          'a quotation mark is in the middle of a field; the whole field must be in quotes, and each mark in it doubled';
      field += plain;
      at += plain.length;
      fields.push(field);
      more = text[at] === ',';
      if (more) at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    line++;
    if (fields.length > 1 || fields[0]!.trim() !== '') rows.push({ line: begun, fields, fault });
  }
  return rows;
}

const lineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
