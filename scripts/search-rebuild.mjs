// npm run search:rebuild     makes the search copy anew from PostgreSQL, while everything goes on.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/search-rebuild.ts']);
