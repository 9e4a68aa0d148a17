// npm run pine -- --watchlist tickers.csv --template rsi-reversal: Pine scripts for a watchlist. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['pine/cli.ts', ...process.argv.slice(2)]);
