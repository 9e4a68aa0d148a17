// npm run pictures [-- options]: takes a picture of every page of the dashboard, in light, in dark and on a phone.
import { buildWeb, handOver, install } from './bootstrap.mjs';

install();
buildWeb();
handOver(['server/testing/pictures/command.ts', ...process.argv.slice(2)]);
