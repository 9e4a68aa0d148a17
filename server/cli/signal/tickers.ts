import { readFileSync } from 'node:fs';
import { readCsv } from '../../core/csv.ts';
import { UsageProblem } from './options.ts';
import { fromHere } from './secrets.ts';

/** A ticker, and where it trades. */
export interface Ticker {
  readonly ticker: string;
  readonly exchange: string;
}

const shape = /^(?:([A-Z0-9_.]{1,20}):)?([A-Z0-9][A-Z0-9.!&/_-]{0,19})$/;

/**
 * The tickers of `AAPL,NASDAQ:MSFT`, or of `@watchlist.csv`: TradingView's export (a heading begins with `###`), or a CSV with a column `ticker` or
 * `symbol`. Throws a `UsageProblem`.
 */
export function readTickers(given: string): readonly Ticker[] {
  const rows = readCsv(given.startsWith('@') ? contentOf(given.slice(1)) : given);
  const names = rows[0]?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const column = names.findIndex((name) => name === 'ticker' || name === 'symbol');
  const fields = column < 0 ? rows.flatMap((row) => row.fields) : rows.slice(1).map((row) => row.fields[column] ?? '');
  const written = fields
    .map((field) => field.trim().toUpperCase())
    .filter((one) => one !== '' && !one.startsWith('###'));
  if (written.length === 0) throw new UsageProblem('--symbols: there is no ticker.');
  return written.map((one) => {
    const [, exchange = 'NASDAQ', ticker] = shape.exec(one) ?? [];
    if (ticker === undefined) throw new UsageProblem(`--symbols: ${JSON.stringify(one)} is no ticker.`);
    return { ticker, exchange };
  });
}

function contentOf(file: string): string {
  try {
    return readFileSync(fromHere(file), 'utf8');
  } catch (error) {
    throw new UsageProblem(`--symbols: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
