import { defineConfig } from 'vitest/config';

const wholeSystems = 'server/system/**/*.test.ts';

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
        test: {
          name: 'parts',
          include: ['server/**/*.test.ts', 'pine/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [wholeSystems],
        },
      },
      {
        extends: true,
        // Many processes at a time, on a machine that may be busy with other things: once more, and the report names what needed it. Not so
        // the parts: a random sequence that fails once has found something.
        test: { name: 'whole systems', include: [wholeSystems], retry: 1 },
      },
    ],
  },
});
