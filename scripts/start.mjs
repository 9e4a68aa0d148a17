// npm start: from a fresh clone to a Signalbox that runs, and is started again should it ever die.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['server/main.ts', ...process.argv.slice(2)], {}, { again: true });
