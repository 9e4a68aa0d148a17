// npm run check: format, lint, types, then every test. The last line counts the tests; the status is that of the worst part.
import { buildWeb, install, run } from './bootstrap.mjs';

// Whoever reads the last line must find it even when the tests could not begin.
let counted = false;
process.on('exit', (code) => {
  if (!counted && code !== 0) console.log('0 passed, 1 failed, 0 skipped');
});
install();
buildWeb();
const parts = [
  ['Format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
  ['Types of the server', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.']],
  [
    'Types of the dashboard',
    ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', 'web/tsconfig.json', '--output', 'human'],
  ],
  ['Tests', ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]],
];
let worst = 0;
for (const [name, words] of parts) {
  console.log(`\n== ${name}`);
  if (name === 'Tests') counted = true;
  const status = run(words);
  if (status !== 0) {
    worst = 1;
    // The tests' own last line must stay the last one.
    if (name !== 'Tests') console.log(`== ${name}: failed`);
  }
}
process.exitCode = worst;
