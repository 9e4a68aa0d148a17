// npm run dev: the server restarts when its files change, the dashboard is rebuilt when its do.
import { spawn } from 'node:child_process';
import { buildWeb, handOver, install, ownNode, root } from './bootstrap.mjs';

install();
buildWeb();
const web = spawn(
  ownNode(),
  ['node_modules/vite/bin/vite.js', 'build', '--watch', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
process.on('exit', () => web.kill());
handOver(['--watch-path=server', '--watch-preserve-output', 'server/main.ts', ...process.argv.slice(2)]);
