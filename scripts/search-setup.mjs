// npm run search:setup     puts templates, policies and dashboards in place; says what it changed.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/search-setup.ts']);
