import { type CsvRow, readCsv } from '../server/core/csv.ts';
import { readSymbol, tickerOf } from './symbol.ts';

/** A ticker of the list, and where it stood. */
export interface Listed {
  readonly symbol: string;
  /** The heading it stood under (`###Banks` in TradingView's export); null: none. */
  readonly section: string | null;
  readonly line: number;
}

/** What was not taken over, and why. */
export interface ListProblem {
  readonly line: number;
  readonly message: string;
}

export interface Watchlist {
  readonly tickers: readonly Listed[];
  readonly problems: readonly ListProblem[];
}

/** More than a TradingView watchlist holds (1,000) and than anybody has alerts for; above it a file is likely something else. */
export const mostTickers = 20_000;

/**
 * The tickers of a list: TradingView's own export (symbols between commas or on lines, `###` before a heading), or CSV with a column `ticker` or
 * `symbol`, and `exchange` if there is one. What is said twice or is no ticker is a problem with its line, and left out.
 */
export function readWatchlist(text: string): Watchlist {
  const rows = readCsv(text);
  const header = rows[0]?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const column = header.findIndex((name) => name === 'ticker' || name === 'symbol');
  const found = column >= 0 ? fromColumns(rows.slice(1), column, header) : fromExport(rows);
  return withoutDoubles(found);
}

interface Found {
  readonly written: string;
  readonly section: string | null;
  readonly line: number;
  readonly fault: string | null;
}

function fromColumns(rows: readonly CsvRow[], column: number, header: readonly string[]): Found[] {
  const exchangeAt = header.indexOf('exchange');
  const sectionAt = header.indexOf('section');
  return rows.map(({ line, fields, fault }) => {
    const ticker = fields[column]?.trim() ?? '';
    const exchange = exchangeAt < 0 ? '' : (fields[exchangeAt]?.trim() ?? '');
    const written = exchange === '' || ticker === '' || ticker.includes(':') ? ticker : `${exchange}:${ticker}`;
    return { written, section: (sectionAt < 0 ? '' : fields[sectionAt]?.trim()) || null, line, fault };
  });
}

function fromExport(rows: readonly CsvRow[]): Found[] {
  let section: string | null = null;
  const found: Found[] = [];
  for (const { line, fields, fault } of rows) {
    for (const field of fields.flatMap((one) => one.split(/[;\t]/))) {
      const written = field.trim();
      if (written.startsWith('###')) section = written.slice(3).trim() || null;
      else if (written !== '') found.push({ written, section, line, fault });
    }
  }
  return found;
}

function withoutDoubles(found: readonly Found[]): Watchlist {
  const tickers: Listed[] = [];
  const problems: ListProblem[] = [];
  const seen = new Map<string, Listed>();
  for (const { written, section, line, fault } of found) {
    const read = written === '' ? { problem: 'there is no ticker' } : readSymbol(written);
    const problem = fault ?? ('problem' in read ? read.problem : null);
    if (problem !== null || 'problem' in read) {
      problems.push({ line, message: problem ?? '' });
      continue;
    }
    // Alerts name the ticker without its exchange, and two of one name would be traded as one.
    const ticker = tickerOf(read.symbol);
    const first = seen.get(ticker);
    if (first) {
      const same = first.symbol === read.symbol ? '' : `, and ${first.symbol} there is the same ticker in an alert`;
      problems.push({ line, message: `${read.symbol} is on line ${first.line} already${same}` });
      continue;
    }
    if (tickers.length >= mostTickers) {
      problems.push({ line, message: `this and what follows is above ${mostTickers} tickers` });
      break;
    }
    const listed = { symbol: read.symbol, section, line };
    seen.set(ticker, listed);
    tickers.push(listed);
  }
  return { tickers, problems };
}
