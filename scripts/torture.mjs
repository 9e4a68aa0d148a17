// npm run torture [-- options]: kills the server while alerts flow, and compares its books with the exchange's. --help lists the options.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['server/testing/torture/command.ts', ...process.argv.slice(2)]);
