// Invariant: what has no stop is looked at first, the longest first, and no look at one symbol waits for the price of another.
import { expect, it } from 'vitest';
import { price, quantity } from '../../core/decimal.ts';
import type { StoredEvent } from '../../core/model/event.ts';
import type { ExposureFacts } from '../../core/model/protection.ts';
import { defaultSettings, defaultStrategySettings } from '../../core/model/settings.ts';
import type { ProtectionStore } from '../../core/ports/protection-store.ts';
import { exposure, exposureEntry, exposureOrder, later, noon, shareVenue } from '../../testing/exposure.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { quietLog } from '../../testing/quiet-log.ts';
import { createProtectionWatch } from './watch.ts';

/** Shares whose stop ended half a second after noon, as was found so many milliseconds later. */
const bare = (symbol: string, foundMs: number): ExposureFacts =>
  exposure({
    symbol,
    orders: [
      exposureEntry({ orderClass: 'simple' }),
      exposureOrder(`stop of ${symbol}`, { status: 'canceled', closedAt: later(500) }),
    ],
    known: {
      ...{ stage: 'waiting', held: quantity('10'), covered: quantity('0'), uncoveredSince: later(foundMs) },
      ...{ overSince: null, stopOrderId: null, stopPrice: null, alarmed: false },
    },
  });

/** Shares whose target is watched for here: their price matters. */
const priced = (symbol: string): ExposureFacts =>
  exposure({
    symbol,
    orders: [exposureEntry({ orderClass: 'simple', takeProfit: price('160') }), exposureOrder(`stop of ${symbol}`)],
  });

function watchOf(all: readonly ExposureFacts[], quote: (symbol: string) => Promise<null>, broken?: string) {
  const clock = new ManualClock(later(20_000));
  const acted: string[] = [];
  const asked: string[] = [];
  const heard: string[] = [];
  const store: ProtectionStore = {
    read: async () => all,
    act: async (facts, decide) => {
      if (facts.symbol === broken) throw new Error('its row cannot be read');
      acted.push(facts.symbol);
      return decide(all.find((one) => one.symbol === facts.symbol)!);
    },
  };
  const watch = createProtectionWatch({
    store,
    alarms: { raise: async () => undefined, clear: async () => undefined },
    settings: {
      current: () => defaultSettings,
      strategy: (key) => ({
        ...{ key, mode: 'paper', enabled: true, settings: defaultStrategySettings, updatedAt: noon },
      }),
    },
    accounts: () => ['account'],
    venue: () => ({
      broker: { capabilities: () => shareVenue, positions: async () => [] },
      marketData: {
        quote: (symbol) => {
          asked.push(symbol);
          return quote(symbol);
        },
      },
    }),
    ready: () => true,
    refresh: async (accountId) => heard.push(accountId),
    clock,
    log: quietLog,
  });
  return { watch, clock, acted, asked, heard };
}

it('places a stop though the prices of others do not come', async () => {
  const never = ['AA', 'AB', 'AC'];
  const all = [...never.map(priced), bare('ZZ', 500)];
  const { watch, clock, acted } = watchOf(all, (symbol) =>
    never.includes(symbol) ? new Promise(() => {}) : Promise.resolve(null),
  );
  void watch.look('account');
  // No time passes.
  await expect.poll(() => acted).toContain('ZZ');
  const stopping = watch.stop();
  await clock.advance(10_000);
  await stopping;
});

it('begins with what has been without one the longest', async () => {
  const covered = Array.from({ length: 30 }, (_, at) => priced(`A${String(at).padStart(2, '0')}`));
  const { watch, clock, asked } = watchOf([...covered, bare('YY', 900), bare('ZZ', 500)], async () => null);
  const looked = watch.look('account');
  await clock.advance(10_000);
  await looked;
  expect(asked.slice(0, 2)).toEqual(['ZZ', 'YY']);
  await watch.stop();
});

it('asks the broker before a stop is sent, but not again when it was compared a moment ago', async () => {
  const compared = (atMs: number): StoredEvent => ({
    ...{ id: 'event', seq: '1', at: later(atMs), kind: 'reconciliation.completed', accountId: 'account' },
    ...{ signalId: null, orderId: null, data: {} },
  });
  for (const [atMs, times] of [
    [19_800, 0],
    // Told late: it says nothing of now.
    [15_000, 1],
  ] as const) {
    const { watch, clock, acted, heard } = watchOf([bare('ZZ', 500)], async () => null);
    watch.start();
    await watch.idle();
    const before = heard.length;
    acted.splice(0);
    watch.seen([compared(atMs)]);
    await watch.idle();
    expect(acted).toEqual(['ZZ']);
    expect(heard.length - before).toBe(times);
    const stopping = watch.stop();
    await clock.advance(10_000);
    await stopping;
  }
});

it('goes on with the others when one cannot be looked at', async () => {
  const { watch, clock, acted } = watchOf([bare('XX', 500), bare('ZZ', 900)], async () => null, 'XX');
  await watch.look('account');
  expect(acted).toEqual(['ZZ']);
  const stopping = watch.stop();
  await clock.advance(10_000);
  await stopping;
});
