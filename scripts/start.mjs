// npm start: from a fresh clone to a running Signalbox.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['server/main.ts', ...process.argv.slice(2)]);
