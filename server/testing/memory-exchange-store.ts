import type { VenueUpdate } from '../exchange/venue/model.ts';
import type { Changes, ExchangeStore, Stored } from '../exchange/venue/store.ts';
import { createMemoryRecordStore } from './memory-record-store.ts';

/** Books in memory, for tests that are not about surviving a restart. */
export function createMemoryExchangeStore(): ExchangeStore {
  const maps = { accounts: new Map(), positions: new Map(), orders: new Map(), executions: new Map() };
  const updates: VenueUpdate[] = [];
  let prices: Readonly<Record<string, number>> = {};
  return {
    ...createMemoryRecordStore(updates),
    load: async () =>
      structuredClone({
        accounts: [...maps.accounts.values()],
        positions: [...maps.positions.values()],
        orders: [...maps.orders.values()],
        executions: [...maps.executions.values()],
        prices,
        lastUpdate: updates.at(-1)?.sequence ?? 0,
      }) as Stored,
    async commit(changes: Changes) {
      for (const account of changes.accounts) maps.accounts.set(account.id, structuredClone(account));
      for (const order of changes.orders) maps.orders.set(order.id, structuredClone(order));
      for (const execution of changes.executions) maps.executions.set(execution.id, structuredClone(execution));
      updates.push(...structuredClone(changes.updates));
      for (const p of changes.positions) maps.positions.set(`${p.accountId} ${p.symbol}`, structuredClone(p));
    },
    async savePrices(saved) {
      prices = saved;
    },
    clientOrderIdSpent: async (accountId, clientOrderId) =>
      [...maps.orders.values()].some((order) => order.accountId === accountId && order.clientOrderId === clientOrderId),
  };
}
