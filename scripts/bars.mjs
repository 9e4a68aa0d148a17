// npm run bars -- --symbols AAPL,MSFT --from 2026-11-02 --out bars.csv: bars from Alpaca, for a replay. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/bars.ts', ...process.argv.slice(2)]);
