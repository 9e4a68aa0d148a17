// What the exchange keeps beside its books, the same in PostgreSQL and in memory.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VenueUpdate } from '../../../exchange/venue/model.ts';
import type { ExchangeStore } from '../../../exchange/venue/store.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { createMemoryExchangeStore } from '../../../testing/memory-exchange-store.ts';
import { createExchangeStore } from './exchange-store.ts';

const account = '0a000000-0000-4000-8000-000000000001';
const other = '0a000000-0000-4000-8000-000000000002';
const at = (text: string) => new Date(`2026-11-20T${text}:00.000Z`);

describe.each(['PostgreSQL', 'memory'])('in %s', (where) => {
  let database: TestDatabase | null = null;
  let store: ExchangeStore;
  beforeEach(async () => {
    if (where === 'PostgreSQL') database = await createTestDatabase();
    store = database ? createExchangeStore(database.sql) : createMemoryExchangeStore();
    const owner = { number: 'PA1', cash: 0n, createdAt: at('09:00').toISOString() };
    await commit([account, other].map((id) => ({ ...owner, id, keyId: id })));
  });
  afterEach(async () => {
    await database?.drop();
    database = null;
  });
  const commit = (accounts: object[], updates: object[] = []) =>
    store.commit({ orders: [], executions: [], positions: [], accounts, updates } as never);

  it('equity is answered from the last sample before a range on, and thinned to the last of each span', async () => {
    const sample = (time: string, equity: bigint, accountId = account) => ({
      accountId,
      at: at(time),
      equity,
      maintenanceMargin: 5n,
    });
    await store.saveEquity([sample('10:00', 1n), sample('10:01', 2n), sample('10:16', 3n), sample('10:20', 9n, other)]);
    await store.saveEquity([sample('10:16', 99n), sample('10:40', 4n)]);
    const equity = async (from: string, to: string) =>
      (await store.equity(account, at(from), at(to))).map((one) => one.equity);
    expect(await equity('10:05', '10:30')).toEqual([2n, 3n]);
    expect(await equity('09:00', '12:00')).toEqual([1n, 2n, 3n, 4n]);
    expect(await equity('10:16', '10:16')).toEqual([3n]);
    await store.thinEquity(at('10:30'), 15);
    expect(await equity('09:00', '12:00')).toEqual([2n, 3n, 4n]);
    expect((await store.equity(other, at('09:00'), at('12:00')))[0]).toEqual(sample('10:20', 9n, other));
  });

  it('of closing prices the newest before a day is answered, and the first that was told stands', async () => {
    await store.saveClosingPrices([
      { symbol: 'AAPL', day: '2026-11-18', price: 1 },
      { symbol: 'AAPL', day: '2026-11-19', price: 2 },
      { symbol: 'F', day: '2026-11-18', price: 3 },
    ]);
    await store.saveClosingPrices([{ symbol: 'AAPL', day: '2026-11-19', price: 99 }]);
    const prices = async (day: string) =>
      (await store.closingPrices(day)).map(({ symbol, price }) => `${symbol} ${price}`).sort();
    expect(await prices('2026-11-20')).toEqual(['AAPL 2', 'F 3']);
    expect(await prices('2026-11-19')).toEqual(['AAPL 1', 'F 3']);
  });

  it('watchlists are changed in their place and share no name, two at once neither', async () => {
    const list = (id: number, name: string, accountId = account) => ({
      id: `0b000000-0000-4000-8000-00000000000${id}`,
      accountId,
      name,
      symbols: ['AAPL', 'BTC/USD'],
      createdAt: at(`10:0${id}`).toISOString(),
      updatedAt: at('11:00').toISOString(),
    });
    expect(await store.saveWatchlist(list(1, 'one'))).toBe('saved');
    expect(await store.saveWatchlist(list(2, 'one'))).toBe('name taken');
    expect(await store.saveWatchlist(list(3, 'one', other))).toBe('saved');
    const both = await Promise.all([store.saveWatchlist(list(4, 'race')), store.saveWatchlist(list(5, 'race'))]);
    expect(both.sort()).toEqual(['name taken', 'saved']);
    expect(await store.saveWatchlist({ ...list(1, 'race'), symbols: [] })).toBe('name taken');
    expect(await store.saveWatchlist({ ...list(1, 'renamed'), symbols: [] })).toBe('saved');
    const kept = await store.watchlists(account);
    expect(kept[0]).toEqual({ ...list(1, 'renamed'), symbols: [] });
    await store.removeWatchlist(account, list(1, '').id);
    expect((await store.watchlists(account)).map(({ name }) => name)).toEqual(['race']);
  });

  it('what was told is answered in its order, of one account, and its numbering goes on after a restart', async () => {
    const update = (sequence: number, time: string, accountId = account) =>
      ({
        sequence,
        accountId,
        event: 'new',
        order: { notional: null, filledCost: 0n },
        execution: null,
        at: at(time).toISOString(),
      }) as VenueUpdate;
    await commit([], [update(3, '10:00'), update(4, '10:01', other), update(7, '10:02')]);
    const told = async (after: number, since: Date | null, limit = 10) =>
      (await store.updates({ accountId: account, after, since, limit })).map(({ sequence }) => sequence);
    expect(await told(0, null)).toEqual([3, 7]);
    expect(await told(3, null)).toEqual([7]);
    expect(await told(0, at('10:01'))).toEqual([7]);
    expect(await told(0, null, 1)).toEqual([3]);
    expect((await store.load()).lastUpdate).toBe(7);
  });
});
