// npm run exchange [-- options]: only the paper exchange, for any Alpaca program. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/exchange.ts', ...process.argv.slice(2)]);
