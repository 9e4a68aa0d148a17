import { ApiError, marketData, pagination, trading } from '@alpacahq/alpaca-trade-api';
import { price, quantity } from '../../../core/decimal.ts';
import type { Bar } from '../../../core/indicators/bar.ts';
import { isPair } from '../../../core/pairs.ts';
import type { BarHistory } from '../../../core/ports/bar-history.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { marketZone, momentIn } from '../../../core/zoned-day.ts';

export interface AlpacaBarHistoryOptions {
  /** Which market this is, for what is kept of it. */
  readonly source: string;
  /** Where bars are asked for (`/v2/stocks/bars`). */
  readonly dataUrl: string;
  /** Where the calendar is asked for (`/v2/calendar`). */
  readonly tradingUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Bars in one answer; Alpaca gives 10,000 at most. */
  readonly pageSize?: number;
}

/** Alpaca's free plan shows what all exchanges did only once it is a quarter of an hour old. */
export const sipDelayMs = 16 * 60_000;

/** Symbols in one question: their names must fit into an address. */
const symbolsAtOnce = 100;

/** A bar as Alpaca sends it. */
export interface WireBar {
  readonly t: Date | string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

interface WirePage {
  readonly bars: Readonly<Record<string, readonly WireBar[]>>;
  readonly nextPageToken: string | null;
}

/** Daily bars of stocks (of all exchanges, adjusted) and coins, and the calendar of sessions, over the official SDK. */
export function createAlpacaBarHistory(options: AlpacaBarHistoryOptions): BarHistory {
  const { keyId, secretKey, timeoutMs, clock, source, pageSize: limit = 10_000 } = options;
  const shared = { keyId, secret: secretKey, timeoutMs, retry: { maxRetries: 2, retryDelayMs: 250, maxDelayMs: 5000 } };
  const data = new marketData.Configuration({ ...shared, basePath: options.dataUrl.replace(/\/$/, '') });
  const stocks = new marketData.StockApi(data);
  const coins = new marketData.CryptoApi(data);
  const calendar = new trading.CalendarApi(
    new trading.Configuration({ ...shared, basePath: options.tradingUrl.replace(/\/$/, '') }),
  );

  const pageOf = (symbols: readonly string[], start: Date, end: Date, pageToken: string | undefined) => {
    const asked = { symbols: symbols.join(','), timeframe: '1Day', start, end, limit, ...(pageToken && { pageToken }) };
    return (
      isPair(symbols[0]!)
        ? coins.cryptoBars({ ...asked, loc: 'us' })
        : stocks.stockBars({ ...asked, adjustment: 'all', feed: 'sip' })
    ) as Promise<WirePage>;
  };

  async function ask(symbols: readonly string[], from: Date, found: Map<string, Bar[]>): Promise<void> {
    const end = new Date(clock.now().getTime() - sipDelayMs);
    const points = pagination.paginate(async (pageToken) => {
      const { bars, nextPageToken } = await pageOf(symbols, from, end, pageToken);
      return {
        items: Object.entries(bars).flatMap(([symbol, own]) => own.map((bar) => ({ symbol, bar }))),
        nextPageToken,
      };
    });
    for await (const { symbol, bar } of points) found.get(symbol)?.push(toBar(bar));
  }

  /** One symbol that is refused must not take the others with it. */
  async function askAll(symbols: readonly string[], from: Date, found: Map<string, Bar[]>): Promise<void> {
    try {
      await ask(symbols, from, found);
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 400 || error.status === 422))) throw error;
      for (const symbol of symbols) found.set(symbol, []);
      if (symbols.length === 1) return;
      const half = Math.ceil(symbols.length / 2);
      await askAll(symbols.slice(0, half), from, found);
      await askAll(symbols.slice(half), from, found);
    }
  }

  return {
    source,
    async dailyBars(symbols, from) {
      const found = new Map<string, Bar[]>(symbols.map((symbol) => [symbol, []]));
      const kinds = [symbols.filter((one) => !isPair(one)), symbols.filter(isPair)];
      for (const kind of kinds) {
        for (let at = 0; at < kind.length; at += symbolsAtOnce)
          await askAll(kind.slice(at, at + symbolsAtOnce), from, found);
      }
      return found;
    },
    async sessions(from, until) {
      const days = await calendar.legacyCalendar({ start: dayOf(from), end: dayOf(until) });
      return days.map((one) => {
        const day = one.date.toISOString().slice(0, 10);
        return { day, opensAt: momentIn(day, one.open, marketZone), closesAt: momentIn(day, one.close, marketZone) };
      });
    },
  };
}

const dayOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The wire has JSON numbers; their shortest text is what the venue wrote. */
const toBar = ({ t, o, h, l, c, v }: WireBar): Bar => ({
  at: new Date(t),
  open: price(String(o)),
  high: price(String(h)),
  low: price(String(l)),
  close: price(String(c)),
  volume: quantity(String(v)),
});
