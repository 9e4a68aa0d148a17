import { defineConfig } from 'vitest/config';

const tests = ['server/**/*.test.ts', 'pine/**/*.test.ts', 'bench/**/*.test.ts', 'web/src/lib/**/*.test.ts'];
const ofRandomSequences = '**/*.prop.test.ts';

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['server/testing/global-setup.ts'],
    // A machine that runs this twice at once is slow, and nothing else is wrong with it.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 90_000,
    reporters: [['default', { summary: false }], './server/testing/reporter.ts'],
    projects: [
      {
        extends: true,
        // Real servers, databases and browsers, on a machine that may be busy with other things: what failed is tried once more, and the report
        // names whatever needed it.
        test: { name: 'tests', include: tests, exclude: [ofRandomSequences], retry: 1 },
      },
      {
        extends: true,
        // A random sequence that fails once has found something.
        test: { name: 'random sequences', include: tests.map((one) => one.replace('*.test.ts', '*.prop.test.ts')) },
      },
    ],
  },
});
