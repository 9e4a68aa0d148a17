// npm run check:deploy     checks docker-compose.yml and what it mounts, without Docker.
import { fileURLToPath } from 'node:url';
import { checkDeploy } from './check-deploy/check-deploy.ts';
import { filesOf } from './check-deploy/files.ts';

const problems = await checkDeploy(filesOf(fileURLToPath(new URL('../..', import.meta.url))));
for (const problem of problems) process.stderr.write(`  ${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
else process.stdout.write('  docker-compose.yml and what it mounts fit together.\n');
