// npm run audit:verify       finds out whether the audit is whole; see docs/audit.md.
import { handOver, install } from './bootstrap.mjs';

install();
handOver(['server/cli/audit-verify.ts']);
