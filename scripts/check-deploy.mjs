// npm run check:deploy     checks docker-compose.yml and what it mounts, without Docker.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/check-deploy.ts']);
