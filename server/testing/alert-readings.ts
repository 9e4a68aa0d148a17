import { money, price, quantity } from '../core/decimal.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { AccountReading, AlertReadings, Failure } from '../platform/alert-rules/readings.ts';

/** What rules look at, as a test says it; nothing is there that it does not say. */
export function createToldReadings(clock: Pick<Clock, 'now'>) {
  const prices = new Map<string, { at: Date; price: string }>();
  const accounts = new Map<string, AccountReading>();
  const failed: { kind: Failure; accountId: string | null; at: Date }[] = [];
  const heard = new Map<string, Date>();
  const volumes = new Map<string, { today: string; average: string }>();
  const connected = new Set<string>();
  const curve: { at: Date; equity: string }[] = [];
  let givenUp = 0;
  let broken: Error | null = null;
  const readings: AlertReadings = {
    now: () => clock.now(),
    async quote(symbol) {
      if (broken) throw broken;
      const told = prices.get(symbol);
      return told ? { symbol, bid: price(told.price), ask: price(told.price), at: told.at } : null;
    },
    account: async (accountId) => accounts.get(accountId) ?? null,
    equityCurve: async (_accountId, from, until) =>
      curve.filter(({ at }) => at > from && at <= until).map((one) => ({ at: one.at, equity: money(one.equity) })),
    failures: async (kinds, accountId, from, until) =>
      failed
        .filter((one) => kinds.includes(one.kind) && (accountId === null || one.accountId === accountId))
        .filter(({ at }) => at > from && at <= until)
        .map(({ at }) => at),
    givenUp: async () => givenUp,
    heard: async (strategy) => heard.get(strategy) ?? null,
    volume: async (symbol) => {
      const told = volumes.get(symbol);
      return told ? { today: quantity(told.today), average: quantity(told.average) } : null;
    },
    connected: (accountId) => connected.has(accountId),
    market: { session: () => null },
  };
  return {
    readings,
    price(symbol: string, value: string): void {
      prices.set(symbol, { at: clock.now(), price: value });
    },
    /** From now on the market cannot be asked; null: it can. */
    break(error: Error | null): void {
      broken = error;
    },
    account(
      accountId: string,
      worth: { equity: string | null; peak?: string; dayStart?: string; held?: Held[] },
    ): void {
      accounts.set(accountId, {
        name: 'main',
        equity: worth.equity === null ? null : money(worth.equity),
        peak: worth.peak === undefined ? null : money(worth.peak),
        equityAtDayStart: worth.dayStart === undefined ? null : money(worth.dayStart),
        unpriced: worth.equity === null ? ['DARK'] : [],
        positions: (worth.held ?? []).map(({ symbol, shares, value, result }) => ({
          ...{ symbol, quantity: quantity(shares), value: money(value), unrealizedPnl: money(result) },
        })),
      });
    },
    fail(kind: Failure, accountId: string | null = null): void {
      failed.push({ kind, accountId, at: clock.now() });
    },
    equity(value: string): void {
      curve.push({ at: clock.now(), equity: value });
    },
    hear: (strategy: string): void => void heard.set(strategy, clock.now()),
    volume: (symbol: string, today: string, average: string): void => void volumes.set(symbol, { today, average }),
    connect: (accountId: string): void => void connected.add(accountId),
    disconnect: (accountId: string): void => void connected.delete(accountId),
    giveUp(count: number): void {
      givenUp = count;
    },
  };
}

interface Held {
  readonly symbol: string;
  readonly shares: string;
  readonly value: string;
  readonly result: string;
}
