import type { Commands } from '../http/commands.ts';

/** An installation that is set up, for tests of what is beside it. */
export const anySetup: Pick<Commands, 'setup' | 'setupWanted' | 'setupSeen'> = {
  setup: async () => ({
    webhookUrl: null,
    exampleAlert: '{}',
    exampleCurl: null,
    tickers: ['AAPL'],
    reach: { base: 'http://127.0.0.1:8080', https: false, where: 'machine' },
    heard: null,
  }),
  setupWanted: async () => false,
  setupSeen: async () => {},
};
