// npm run signal -- buy AAPL --risk 100: sends alerts, any number of any dialect, to the instance that runs here. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/signal.ts', ...process.argv.slice(2)]);
