import { readFileSync } from 'node:fs';
import { readWatchlist } from '../../../pine/watchlist.ts';
import { UsageProblem } from './options.ts';
import { fromHere } from './secrets.ts';

/** A ticker, and where it trades. */
export interface Ticker {
  readonly ticker: string;
  readonly exchange: string;
}

/** The tickers of `AAPL,NASDAQ:MSFT` or of `@watchlist.csv`. Throws a `UsageProblem`. */
export function readTickers(given: string): readonly Ticker[] {
  const list = given.startsWith('@') ? contentOf(given.slice(1)) : given;
  const { tickers, problems } = readWatchlist(list);
  const [problem] = problems;
  if (tickers.length === 0 || (problem && !given.startsWith('@')))
    throw new UsageProblem(`--symbols: ${problem ? problem.message : 'there is no ticker'}.`);
  return tickers.map(({ symbol }) => {
    const [exchange, ticker] = symbol.includes(':') ? symbol.split(':') : ['NASDAQ', symbol];
    return { ticker: ticker!, exchange: exchange! };
  });
}

function contentOf(file: string): string {
  try {
    return readFileSync(fromHere(file), 'utf8');
  } catch (error) {
    throw new UsageProblem(`--symbols: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
