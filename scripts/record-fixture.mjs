// npm run record:fixture -- ID --out file.json: a recording as a file for the corpus of its dialect. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/record-fixture.ts', ...process.argv.slice(2)]);
