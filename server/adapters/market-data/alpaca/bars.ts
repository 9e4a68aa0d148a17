import { ApiError, AuthError, marketData, pagination } from '@alpacahq/alpaca-trade-api';
import { dateIn, marketZone } from '../../../core/zoned-day.ts';

export interface BarsRequest {
  /** Alpaca's data API, or whatever speaks as it does. */
  readonly dataUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  /** Stocks, and coins as `BTC/USD`. */
  readonly symbols: readonly string[];
  /** `1Min` to `59Min`, `1Hour` to `23Hour`, `1Day`. */
  readonly timeframe: string;
  /** From the first moment to the last one, both included. */
  readonly start: Date;
  readonly end: Date;
  /** Of stocks: `sip` is all exchanges, `iex` one of them. */
  readonly feed: 'sip' | 'iex';
  /** What splits and dividends do to prices: `raw` leaves them as they were traded. */
  readonly adjustment: 'raw' | 'split' | 'dividend' | 'all';
  /** Bars in one answer; Alpaca gives 10,000 at most. */
  readonly pageSize?: number;
}

interface Recorded {
  /** A date by the client's types; in lists by symbol it comes as text. */
  readonly t: Date | string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly n: number;
  readonly vw: number;
}

interface Answer {
  readonly bars: Readonly<Record<string, readonly Recorded[]>>;
  readonly nextPageToken: string | null;
}

/** The first line of a file of recorded bars. */
export const barColumns = 'symbol,timestamp,open,high,low,close,volume,trade_count,vwap';

/** Coins' days begin in Chicago. */
const coinZone = 'America/Chicago';
/** A download is patient: it waits for its share of the 200 requests a minute. */
const retry = { maxRetries: 6, retryDelayMs: 1000, maxDelayMs: 60_000 };

/**
 * Asks Alpaca for bars, page after page, and yields a line of CSV for each, as `barColumns` names its fields; a day is its date. Stocks come
 * before coins. Throws an `Error` with a sentence when Alpaca refuses.
 */
export async function* recordedBars(request: BarsRequest): AsyncGenerator<string> {
  const { keyId, secretKey, timeframe, start, end, feed, adjustment, pageSize: limit = 10_000 } = request;
  const basePath = request.dataUrl.replace(/\/$/, '');
  const configuration = new marketData.Configuration({ keyId, secret: secretKey, basePath, timeoutMs: 30_000, retry });
  const stocks = new marketData.StockApi(configuration);
  const coins = new marketData.CryptoApi(configuration);
  const asked = { timeframe, start, end, limit };
  const names = (coin: boolean): string => request.symbols.filter((symbol) => symbol.includes('/') === coin).join(',');
  const days = timeframe.endsWith('Day');
  try {
    if (names(false)) {
      yield* lines(marketZone, (pageToken) =>
        stocks.stockBars({ ...asked, symbols: names(false), feed, adjustment, ...pageToken }),
      );
    }
    if (names(true)) {
      yield* lines(coinZone, (pageToken) =>
        coins.cryptoBars({ ...asked, loc: 'us', symbols: names(true), ...pageToken }),
      );
    }
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }

  async function* lines(
    zone: string,
    ask: (pageToken: { readonly pageToken?: string }) => Promise<Answer>,
  ): AsyncGenerator<string> {
    const pages = pagination.paginate(async (pageToken) => {
      const { bars, nextPageToken } = await ask(pageToken ? { pageToken } : {});
      const items = Object.entries(bars).flatMap(([symbol, own]) => own.map((bar) => ({ symbol, bar })));
      return { items, nextPageToken };
    });
    for await (const { symbol, bar } of pages) {
      const at = new Date(bar.t);
      const time = days ? dateIn(at, zone) : at.toISOString();
      yield [symbol, time, bar.o, bar.h, bar.l, bar.c, bar.v, bar.n, bar.vw].join(',');
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthError) return 'Alpaca does not know these keys';
  if (error instanceof ApiError) return `Alpaca refuses: ${error.message} (${error.status})`;
  return `Alpaca cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
}
