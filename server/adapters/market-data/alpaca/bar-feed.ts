import { ApiError, marketData } from '@alpacahq/alpaca-trade-api';
import { price, quantity } from '../../../core/decimal.ts';
import type { Bar } from '../../../core/indicators/bar.ts';
import { type Timeframe, timeframeMs } from '../../../core/model/timeframe.ts';
import { isPair } from '../../../core/pairs.ts';
import type { BarFeed, BarQuestion, FeedName } from '../../../core/ports/bar-feed.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { sipDelayMs, type WireBar } from './bar-history.ts';

export interface AlpacaBarFeedOptions {
  /** Where bars are asked for (`/v2/stocks/bars`). */
  readonly dataUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Whether it is the embedded exchange that speaks as Alpaca does: it has one market under every feed's name. */
  readonly embedded: boolean;
}

const names: Readonly<Record<Timeframe, string>> = {
  '1m': '1Min',
  '5m': '5Min',
  '15m': '15Min',
  '1h': '1Hour',
  '1d': '1Day',
};
/** How far back is looked when nobody says: more bars than are ever asked for, also of what trades seldom. */
const barsBack = 60_000;
/** Alpaca has nothing older. */
const beginningMs = Date.UTC(2015, 0, 1);

interface WirePage {
  readonly bars: Readonly<Record<string, readonly WireBar[] | undefined>>;
  readonly nextPageToken?: string | null;
}

/**
 * Bars for charts, newest page first, over the official SDK. Of stocks the free plan shows what happens now at IEX alone; days are those of all
 * exchanges, a quarter of an hour late.
 */
export function createAlpacaBarFeed(options: AlpacaBarFeedOptions): BarFeed {
  const { keyId, secretKey, timeoutMs, clock, embedded } = options;
  const retry = { maxRetries: 1, retryDelayMs: 250, maxDelayMs: 1000 };
  const configuration = new marketData.Configuration({
    ...{ keyId, secret: secretKey, timeoutMs, retry },
    basePath: options.dataUrl.replace(/\/$/, ''),
  });
  const stocks = new marketData.StockApi(configuration);
  const coins = new marketData.CryptoApi(configuration);

  async function page({ symbol, timeframe, from, before, limit }: BarQuestion, feed: 'iex' | 'sip', delayMs: number) {
    const latest = clock.now().getTime() - delayMs;
    // Both ends are included at Alpaca.
    const end = new Date(Math.min(before.getTime() - 1, latest));
    const start = from ?? new Date(Math.max(beginningMs, end.getTime() - barsBack * timeframeMs[timeframe]));
    if (start > end) return { bars: [], older: false };
    const asked = { symbols: symbol, timeframe: names[timeframe], start, end, limit, sort: 'desc' as const };
    const answer = (await (isPair(symbol)
      ? coins.cryptoBars({ ...asked, loc: 'us' })
      : stocks.stockBars({ ...asked, feed, adjustment: 'split' }))) as unknown as WirePage;
    const found = answer.bars[symbol] ?? [];
    return { bars: found.map(toBar).reverse(), older: Boolean(answer.nextPageToken) };
  }

  return {
    async bars(question) {
      const daily = question.timeframe === '1d';
      const late = daily && !embedded && !isPair(question.symbol);
      const feed: FeedName = embedded ? 'embedded' : isPair(question.symbol) ? 'crypto' : daily ? 'sip' : 'iex';
      const delayMs = late ? sipDelayMs : 0;
      try {
        return { ...(await page(question, daily ? 'sip' : 'iex', delayMs)), feed, delayMs };
      } catch (error) {
        // A name that is none of a stock or a coin is refused, not answered with nothing.
        if (error instanceof ApiError && (error.status === 400 || error.status === 404 || error.status === 422))
          return { bars: [], older: false, feed, delayMs };
        throw error;
      }
    },
  };
}

/** The wire has JSON numbers; their shortest text is what the venue wrote. */
const toBar = ({ t, o, h, l, c, v }: WireBar): Bar => ({
  at: new Date(t),
  open: price(String(o)),
  high: price(String(h)),
  low: price(String(l)),
  close: price(String(c)),
  volume: quantity(String(v)),
});
