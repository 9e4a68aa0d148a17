// npm run lint:alert -- alert.json: what an alert's text would be taken for, and what is wrong with it. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/lint-alert.ts', ...process.argv.slice(2)]);
