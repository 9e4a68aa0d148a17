// npm run bench [-- --quick]: side-by-side ratios, in one run.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['bench/main.ts', ...process.argv.slice(2)]);
