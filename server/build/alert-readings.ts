import { type Big, money, notional, type Price, quantity, zeroQuantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import { midpoint } from '../core/model/market.ts';
import { equity, unrealizedPnl } from '../core/model/valuation.ts';
import type { BarHistory } from '../core/ports/bar-history.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DeadLetters } from '../core/ports/dead-letters.ts';
import type { FailureTimes } from '../core/ports/failure-times.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { SignsOfLife } from '../core/ports/missing-alerts.ts';
import type { AccountHoldingsNow, RiskBooks } from '../core/ports/risk-books.ts';
import { dateIn, marketZone } from '../core/zoned-day.ts';
import type { AlertReadings } from '../platform/alert-rules/readings.ts';

/** The books of all accounts are read together, and are as fresh as this. */
const booksMs = 2000;
/** A market is asked for a symbol's volume so often. */
const volumeMs = 60_000;
/** Finer than a day's curve is drawn. */
const stretches = 720;
const dayMs = 86_400_000;

export interface AlertReadingParts {
  readonly marketData: Pick<MarketData, 'quote' | 'lastQuote'>;
  readonly books: Pick<RiskBooks, 'now' | 'curve'>;
  readonly failures: FailureTimes;
  readonly letters: Pick<DeadLetters, 'count'>;
  readonly signs: Pick<SignsOfLife, 'last'>;
  readonly history: Pick<BarHistory, 'dailyBars'>;
  connected(accountId: string): boolean;
  readonly market: AlertReadings['market'];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/** What rules look at, of the parts there are. */
export function createAlertReadings(parts: AlertReadingParts): AlertReadings {
  const { marketData, clock } = parts;
  const volumes = new Map<string, { readonly atMs: number; readonly bars: Promise<readonly Bar[]> }>();
  let books: { readonly atMs: number; readonly accounts: Promise<readonly AccountHoldingsNow[]> } | null = null;

  const quote = async (symbol: string) => marketData.lastQuote(symbol) ?? (await marketData.quote(symbol));

  function accountsNow(): Promise<readonly AccountHoldingsNow[]> {
    if (books === null || clock.monotonicMs() - books.atMs >= booksMs) {
      const accounts = parts.books.now(clock.now());
      books = { atMs: clock.monotonicMs(), accounts };
      // One that failed is asked again.
      accounts.catch(() => (books = null));
    }
    return books.accounts;
  }

  function barsOf(symbol: string, days: number): Promise<readonly Bar[]> {
    const key = `${symbol} ${days}`;
    const known = volumes.get(key);
    if (known && clock.monotonicMs() - known.atMs < volumeMs) return known.bars;
    // Weekends and holidays have no bar.
    const from = new Date(clock.now().getTime() - (days * 1.6 + 10) * dayMs);
    const bars = parts.history.dailyBars([symbol], from).then((found) => found.get(symbol) ?? []);
    volumes.set(key, { atMs: clock.monotonicMs(), bars });
    bars.catch(() => volumes.delete(key));
    return bars;
  }

  return {
    now: () => clock.now(),
    async quote(symbol) {
      // The last one seen may be long gone by; then the market is asked.
      const last = marketData.lastQuote(symbol);
      return last && clock.now().getTime() - last.at.getTime() < 60_000
        ? last
        : ((await marketData.quote(symbol)) ?? last);
    },
    async account(accountId) {
      const account = (await accountsNow()).find((one) => one.accountId === accountId);
      if (!account) return null;
      const prices = new Map<string, Price>();
      for (const { symbol } of account.positions) {
        const found = await quote(symbol);
        if (found) prices.set(symbol, midpoint(found));
      }
      const held = account.positions.map((one) => {
        // Positions carry what they cost without a sign, valuations with that of the shares.
        return { ...one, cost: money(one.quantity.lt('0') ? one.cost.neg() : one.cost) };
      });
      const worth = equity(account.cash, held, prices);
      return {
        name: account.name,
        equity: worth.unpriced.length > 0 ? null : worth.equity,
        peak: account.peak,
        equityAtDayStart: account.equityAtDayStart,
        unpriced: worth.unpriced,
        positions: held.map((one) => {
          const price = prices.get(one.symbol);
          return {
            ...{ symbol: one.symbol, quantity: one.quantity },
            value: price ? notional(price, one.quantity) : null,
            unrealizedPnl: price ? unrealizedPnl(one, price) : null,
          };
        }),
      };
    },
    async equityCurve(accountId, from, until) {
      const rows = await parts.books.curve(accountId, from, until, stretches);
      return rows.map(({ at, last }) => ({ at, equity: last }));
    },
    failures: (kinds, accountId, from, until) => parts.failures(kinds, accountId, from, until),
    givenUp: async () => (await parts.letters.count()).reduce((sum, { count }) => sum + count, 0),
    heard: async (strategy) => (await parts.signs.last([strategy])).get(strategy)?.at ?? null,
    async volume(symbol, days) {
      const bars = await barsOf(symbol, days);
      const today = dateIn(clock.now(), marketZone);
      const finished = bars.filter(({ at }) => dateIn(at, marketZone) < today).slice(-days);
      if (finished.length === 0) return null;
      const sum = finished.reduce<Big>((total, { volume }) => total.plus(volume), zeroQuantity);
      const own = bars.find(({ at }) => dateIn(at, marketZone) === today);
      return {
        today: own?.volume ?? zeroQuantity,
        average: quantity(sum.div(String(finished.length))),
      };
    },
    connected: parts.connected,
    market: parts.market,
  };
}
