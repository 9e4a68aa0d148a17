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

interface WireBar {
  /** A date by the client's types; in lists by symbol it leaves it as text. */
  readonly t: Date | string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly n: number;
  readonly vw: number;
}

interface WirePage {
  readonly bars: Readonly<Record<string, readonly WireBar[]>>;
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
  const asked = { timeframe, start, end, limit };
  const named = (coin: boolean): string => request.symbols.filter((symbol) => symbol.includes('/') === coin).join(',');
  const stocks = (page: { pageToken?: string }): Promise<WirePage> =>
    new marketData.StockApi(configuration).stockBars({ ...asked, symbols: named(false), feed, adjustment, ...page });
  const coins = (page: { pageToken?: string }): Promise<WirePage> =>
    new marketData.CryptoApi(configuration).cryptoBars({ ...asked, loc: 'us', symbols: named(true), ...page });
  try {
    if (named(false)) yield* linesOf(stocks, timeframe, marketZone);
    if (named(true)) yield* linesOf(coins, timeframe, coinZone);
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

async function* linesOf(
  ask: (page: { pageToken?: string }) => Promise<WirePage>,
  timeframe: string,
  zone: string,
): AsyncGenerator<string> {
  const points = pagination.paginate(async (pageToken) => {
    const { bars, nextPageToken } = await ask(pageToken ? { pageToken } : {});
    return {
      items: Object.entries(bars).flatMap(([symbol, own]) => own.map((bar) => ({ symbol, bar }))),
      nextPageToken,
    };
  });
  for await (const { symbol, bar } of points) {
    const at = new Date(bar.t);
    const time = timeframe.endsWith('Day') ? dateIn(at, zone) : at.toISOString();
    yield [symbol, time, bar.o, bar.h, bar.l, bar.c, bar.v, bar.n, bar.vw].join(',');
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthError) return 'Alpaca does not know these keys';
  if (error instanceof ApiError) return `Alpaca refuses: ${error.message} (${error.status})`;
  return `Alpaca cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
}
