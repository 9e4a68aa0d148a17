import { ApiError, marketData, NotFoundError, streaming, trading } from '@alpacahq/alpaca-trade-api';
import { price, quantity } from '../../../core/decimal.ts';
import type { Asset, Quote } from '../../../core/model/market.ts';
import { isPair } from '../../../core/pairs.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { MarketData } from '../../../core/ports/market-data.ts';
import { createSharedLookup } from './shared-lookup.ts';

export interface AlpacaMarketDataOptions {
  /** Where quotes are asked for (`/v2/stocks/…/quotes/latest`). */
  readonly dataUrl: string;
  /** The stock stream with its feed, as `wss://…/v2/iex`. */
  readonly dataStreamUrl: string;
  /** Where instruments are asked for (`/v2/assets/…`). */
  readonly tradingUrl: string;
  readonly keyId: string;
  readonly secretKey: string;
  readonly timeoutMs: number;
  readonly log: Log;
  readonly clock: Clock;
  /** A quote seen within this counts as live; an older one is asked for anew. */
  readonly freshForMs?: number;
  /**
   * Whether quotes come by stream, which they do unless told otherwise; without it what is followed is asked for every few seconds. Alpaca
   * lets one process at a time have an account's stream.
   */
  readonly streams?: boolean;
  /** How long an instrument is believed, and how long its absence. */
  readonly assetForMs?: number;
  readonly unknownAssetForMs?: number;
}

/** Between two questions for what is followed, without a stream: 12 of the 200 requests a minute. */
const askEveryMs = 5000;

/** Stops of coins are followed up by these quotes: 30 of the 200 requests a minute. */
const askCoinsEveryMs = 2000;

/** Symbols that were asked for stay on the stream without being followed, this many. Alpaca's free plan allows 30 in all. */
const recentSymbols = 20;

/**
 * Quotes by stream, with the latest quote by REST where the stream has none that is fresh: a symbol nobody asked for before
 * costs one request, and whoever asks meanwhile shares it. From then on the stream carries it.
 */
export function createAlpacaMarketData(options: AlpacaMarketDataOptions): MarketData {
  const { keyId, secretKey, timeoutMs, clock, log, freshForMs = 5000, streams = true } = options;
  const retry = { maxRetries: 1, retryDelayMs: 100, maxDelayMs: 500 };
  const shared = { keyId, secret: secretKey, timeoutMs, retry };
  const stocks = new marketData.StockApi(
    new marketData.Configuration({ ...shared, basePath: options.dataUrl.replace(/\/$/, '') }),
  );
  const coins = new marketData.CryptoApi(
    new marketData.Configuration({ ...shared, basePath: options.dataUrl.replace(/\/$/, '') }),
  );
  const assets = new trading.AssetsApi(
    new trading.Configuration({ ...shared, basePath: options.tradingUrl.replace(/\/$/, '') }),
  );
  const quotes = new Map<string, { quote: Quote; seenAtMs: number }>();
  const listeners = new Set<(quote: Quote) => void>();
  let followed: readonly string[] = [];
  let recent: readonly string[] = [];

  const stream = new streaming.StockDataStream({
    url: options.dataStreamUrl,
    credentials: { keyId, secret: secretKey },
    maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
    initialReconnectMs: 250,
    maxReconnectMs: 10_000,
  });
  stream.onError((message) => log.debug({ message }, 'the market data stream has a problem'));
  stream.onQuote((q) => {
    const wire = { bp: q.bidPrice, ap: q.askPrice, bs: q.bidSize, as: q.askSize, t: q.timestamp };
    const quote = toQuote(q.symbol, wire);
    if (quote === null) return;
    hear(quote);
  });
  if (streams) stream.connect();

  const hear = (quote: Quote): void => {
    remember(quote);
    for (const listener of listeners) {
      try {
        listener(quote);
      } catch (error) {
        log.error({ error }, 'a listener to quotes failed');
      }
    }
  };
  const remember = (quote: Quote): void => {
    const known = quotes.get(quote.symbol);
    if (known && known.quote.at > quote.at) return;
    quotes.set(quote.symbol, { quote, seenAtMs: clock.monotonicMs() });
  };
  const subscribe = (): void => {
    if (!streams) return;
    const wanted = new Set([...followed, ...recent].filter((symbol) => !isPair(symbol)));
    const now = new Set(stream.getSubscriptions().quotes);
    const gone = [...now].filter((symbol) => !wanted.has(symbol));
    if (gone.length > 0) stream.unsubscribeFromQuotes(gone);
    if (wanted.size > 0) stream.subscribeForQuotes([...wanted]);
  };
  /** Coins have a stream of their own, at an address of its own; they are asked for, all at once. */
  const askCoins = async (symbols: readonly string[]): Promise<Quote[]> => {
    const { quotes: latest } = await coins.cryptoLatestQuotes({ loc: 'us', symbols: symbols.join(',') });
    return Object.entries(latest).flatMap(([symbol, q]) => {
      const quote = toQuote(symbol, q);
      if (quote) remember(quote);
      return quote ? [quote] : [];
    });
  };
  const askQuote = createSharedLookup(clock, 0, 0, async (symbol: string): Promise<Quote | null> => {
    try {
      if (isPair(symbol)) return (await askCoins([symbol]))[0] ?? null;
      const { quote } = await stocks.stockLatestQuoteSingle({ symbol, feed: 'iex' });
      // A symbol that never traded is answered with no quote, or as a bad request.
      const read = (quote as typeof quote | null) && toQuote(symbol, quote);
      if (read) remember(read);
      return read;
    } catch (error) {
      if (error instanceof NotFoundError || (error instanceof ApiError && error.status === 400)) return null;
      throw error;
    }
  });
  const askAsset = createSharedLookup(
    clock,
    options.assetForMs ?? 3_600_000,
    options.unknownAssetForMs ?? 60_000,
    async (symbol: string): Promise<Asset | null> => {
      try {
        return toAsset(await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: symbol }));
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    },
  );

  const askFollowed = async (): Promise<void> => {
    const shares = followed.filter((symbol) => !isPair(symbol));
    if (shares.length === 0) return;
    try {
      const { quotes: latest } = await stocks.stockLatestQuotes({ symbols: shares.join(','), feed: 'iex' });
      for (const [symbol, q] of Object.entries(latest)) {
        const quote = toQuote(symbol, q);
        if (quote) hear(quote);
      }
    } catch (error) {
      log.debug({ error }, 'quotes of what is held could not be asked for');
    }
  };
  const askFollowedCoins = async (): Promise<void> => {
    const pairs = followed.filter(isPair);
    if (pairs.length === 0) return;
    try {
      for (const quote of await askCoins(pairs)) hear(quote);
    } catch (error) {
      log.debug({ error }, 'quotes of the coins that are held could not be asked for');
    }
  };
  const asking = streams ? null : clock.every(askEveryMs, () => void askFollowed());
  const askingCoins = clock.every(askCoinsEveryMs, () => void askFollowedCoins());

  return {
    async quote(symbol) {
      if (!followed.includes(symbol) && recent[0] !== symbol) {
        const isNew = !recent.includes(symbol);
        recent = [symbol, ...recent.filter((one) => one !== symbol)].slice(0, recentSymbols);
        if (isNew) subscribe();
      }
      const known = quotes.get(symbol);
      if (known && clock.monotonicMs() - known.seenAtMs <= freshForMs) return known.quote;
      return askQuote(symbol);
    },
    lastQuote: (symbol) => quotes.get(symbol)?.quote ?? null,
    asset: askAsset,
    follow(symbols) {
      followed = [...new Set(symbols)];
      subscribe();
    },
    onQuote(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      asking?.cancel();
      askingCoins.cancel();
      if (streams) stream.disconnect();
    },
  };
}

interface WireQuote {
  readonly bp: number;
  readonly ap: number;
  /** In shares, since 3 November 2025; in round lots before that. */
  readonly bs?: number;
  readonly as?: number;
  readonly t: Date;
}

/** The wire has JSON numbers; their shortest text is what the venue wrote. A side without orders is quoted as zero: no quote. */
function toQuote(symbol: string, { bp, ap, bs, as, t }: WireQuote): Quote | null {
  if (!(bp > 0) || !(ap > 0)) return null;
  return {
    ...{ symbol, bid: price(String(bp)), ask: price(String(ap)), at: t },
    ...(bs !== undefined && bs >= 0 && { bidSize: quantity(String(bs)) }),
    ...(as !== undefined && as >= 0 && { askSize: quantity(String(as)) }),
  };
}

const toAsset = (asset: trading.Assets): Asset => ({
  symbol: asset.symbol,
  name: asset.name,
  exchange: asset.exchange,
  tradable: asset.tradable && asset.status === 'active',
  shortable: asset.shortable,
  fractionable: asset.fractionable,
  ...(typeof asset.marginable === 'boolean' && { marginable: asset.marginable }),
  ...borrowing(asset),
  ...(asset.minOrderSize && { minOrderSize: quantity(asset.minOrderSize) }),
  ...(asset.minTradeIncrement && { minTradeIncrement: quantity(asset.minTradeIncrement) }),
});

/** Alpaca says it in one field or the other; the newer one wins. */
function borrowing({ borrowStatus, easyToBorrow }: trading.Assets): Pick<Asset, 'easyToBorrow'> {
  if (borrowStatus !== undefined) return { easyToBorrow: borrowStatus === 'easy_to_borrow' };
  return easyToBorrow === undefined ? {} : { easyToBorrow };
}
