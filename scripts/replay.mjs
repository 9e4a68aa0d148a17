// npm run replay -- --from 2026-11-01 --config candidate.yaml: what would have been decided otherwise. --help lists the options.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/replay.ts', ...process.argv.slice(2)]);
