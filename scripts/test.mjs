// npm test [-- vitest's own arguments]: everything that can be tested on this machine.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);
