// When the set-up comes by itself: once, and only where nothing is set up yet.
import { describe, expect, it } from 'vitest';
import type { Account, Signal } from '../contract/index.ts';
import { defaultSettings, type Settings } from '../core/model/settings.ts';
import { createSetupCommands } from './setup-commands.ts';

const caller = { id: 'ada', name: 'Ada', email: null, role: 'admin', by: 'session' } as const;

function installation(there: { venues: Account['venue'][]; signal?: boolean }) {
  let settings: Settings = defaultSettings;
  return createSetupCommands({
    queries: {
      accounts: async () => there.venues.map((venue) => ({ venue }) as Account),
      latestSignal: async () => (there.signal ? ({ id: 'one' } as Signal) : null),
      lastHeard: async () => null,
    },
    settings: {
      current: () => settings,
      change: async (key, value) => {
        settings = { ...settings, [key]: value };
        return settings;
      },
    },
    webhookUrl: () => 'http://127.0.0.1:8080/hooks/tradingview/secret',
    tickers: ['AAPL'],
  });
}

describe('the set-up', () => {
  it('is wanted where there is nothing but the embedded exchange, until it was seen', async () => {
    const commands = installation({ venues: ['embedded'] });
    expect(await commands.setupWanted()).toBe(true);
    await commands.setupSeen(caller);
    expect(await commands.setupWanted()).toBe(false);
  });

  it('is not wanted where an alert has come in, or a broker is connected', async () => {
    expect(await installation({ venues: ['embedded'], signal: true }).setupWanted()).toBe(false);
    expect(await installation({ venues: ['embedded', 'alpaca-paper'] }).setupWanted()).toBe(false);
  });

  it('shows the whole address to whoever may trade, and to nobody else', async () => {
    const commands = installation({ venues: ['embedded'] });
    expect(await commands.setup(caller)).toMatchObject({
      webhookUrl: 'http://127.0.0.1:8080/hooks/tradingview/secret',
      reach: { where: 'machine', https: false },
      heard: null,
    });
    const viewer = await commands.setup({ ...caller, role: 'viewer' });
    expect(JSON.stringify(viewer)).not.toContain('secret');
  });
});
