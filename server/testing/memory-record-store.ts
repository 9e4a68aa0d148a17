import type { ClosingPrice, EquitySample, RecordStore } from '../exchange/history/store.ts';
import type { VenueUpdate } from '../exchange/venue/model.ts';
import type { Watchlist } from '../exchange/watchlists/watchlist.ts';

/** What the exchange keeps beside its books, in memory. `updates` is filled by whoever keeps the books. */
export function createMemoryRecordStore(updates: readonly VenueUpdate[]): RecordStore {
  const lists = new Map<string, Watchlist>();
  let samples: EquitySample[] = [];
  const closes = new Map<string, ClosingPrice>();
  return {
    updates: async ({ accountId, after, since, limit }) =>
      updates
        .filter((u) => u.accountId === accountId && u.sequence > after && (!since || new Date(u.at) >= since))
        .slice(0, limit),
    async equity(accountId, from, to) {
      const own = samples.filter((s) => s.accountId === accountId && s.at <= to).sort((a, b) => +a.at - +b.at);
      const before = own.filter((s) => s.at <= from).at(-1);
      return own.filter((s) => s.at >= (before?.at ?? from));
    },
    async saveEquity(added) {
      for (const sample of added) {
        const known = samples.some((s) => s.accountId === sample.accountId && +s.at === +sample.at);
        if (!known) samples.push(sample);
      }
    },
    async thinEquity(before, minutes) {
      const bin = (s: EquitySample) => `${s.accountId} ${Math.floor(+s.at / (minutes * 60_000))}`;
      const last = new Map<string, EquitySample>();
      for (const s of [...samples].sort((a, b) => +a.at - +b.at)) last.set(bin(s), s);
      samples = samples.filter((s) => s.at >= before || last.get(bin(s)) === s);
    },
    async closingPrices(before) {
      const newest = new Map<string, ClosingPrice>();
      for (const price of [...closes.values()].sort((a, b) => (a.day < b.day ? -1 : 1))) {
        if (price.day < before) newest.set(price.symbol, price);
      }
      return [...newest.values()];
    },
    async saveClosingPrices(added) {
      for (const price of added) {
        const key = `${price.symbol} ${price.day}`;
        if (!closes.has(key)) closes.set(key, price);
      }
    },
    watchlists: async (accountId) => [...lists.values()].filter((list) => list.accountId === accountId),
    async saveWatchlist(list) {
      const taken = [...lists.values()].some(
        (o) => o.accountId === list.accountId && o.name === list.name && o.id !== list.id,
      );
      if (taken) return 'name taken';
      lists.set(list.id, list);
      return 'saved';
    },
    async removeWatchlist(_accountId, id) {
      lists.delete(id);
    },
  };
}
