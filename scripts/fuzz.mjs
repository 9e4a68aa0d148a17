// npm run fuzz [-- options]: sends mutated alerts to a server of its own, and compares what it answers and stores with what their bytes say.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['server/testing/fuzz/command.ts', ...process.argv.slice(2)]);
