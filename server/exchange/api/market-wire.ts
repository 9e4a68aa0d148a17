import { averageOf, type Bar } from '../market/bars.ts';
import { type Instrument, lotsPerUnit } from '../market/instruments.ts';
import { type MarketQuote, type MarketTrade, spreadOf, ticksPerDollar } from '../market/market.ts';

/**
 * Market data as Alpaca writes it. Times are dates: JSON makes RFC 3339 of them and MessagePack its timestamps, as Alpaca's streams do.
 */
export type Wire = Record<string, unknown>;

const price = (ticks: number): number => ticks / ticksPerDollar;

const tapes = { NASDAQ: 'C', NYSE: 'A', ARCA: 'B', CRYPTO: '' } as const;
const listingCodes = { NASDAQ: 'Q', NYSE: 'N', ARCA: 'P', CRYPTO: '' } as const;

/** Where a print is said to be from: IEX on its own feed, the listing exchange on the others. */
const codeOf = (instrument: Instrument, feed: string): string =>
  feed === 'iex' ? 'V' : listingCodes[instrument.exchange];

export function quoteJson(quote: MarketQuote, instrument: Instrument, feed: string): Wire {
  const { at: t, bid, ask } = quote;
  const [bs, askSize] = [quote.bidSize, quote.askSize].map((lots) => lots / lotsPerUnit(instrument)) as [
    number,
    number,
  ];
  if (instrument.assetClass === 'crypto') return { t, bp: price(bid), bs, ap: price(ask), as: askSize };
  const x = codeOf(instrument, feed);
  return {
    t,
    ax: x,
    ap: price(ask),
    as: askSize,
    bx: x,
    bp: price(bid),
    bs,
    c: ['R'],
    z: tapes[instrument.exchange],
  };
}

export function tradeJson({ at: t, price: p, size, taker }: MarketTrade, instrument: Instrument, feed: string): Wire {
  // Trades of one millisecond have ids of their own, the same whoever asks and whenever.
  const i = t.getTime() * 1000 + ((p * 31 + size * 17 + (taker === 'buy' ? 1 : 0)) % 1000);
  const s = size / lotsPerUnit(instrument);
  if (instrument.assetClass === 'crypto') return { t, p: price(p), s, i, tks: taker === 'buy' ? 'B' : 'S' };
  const c = s < 100 ? ['@', 'I'] : ['@'];
  return { t, x: codeOf(instrument, feed), p: price(p), s, c, i, z: tapes[instrument.exchange] };
}

export const barJson = (bar: Bar, instrument: Instrument): Wire => ({
  t: bar.at,
  o: price(bar.open),
  h: price(bar.high),
  l: price(bar.low),
  c: price(bar.close),
  v: bar.volume / lotsPerUnit(instrument),
  n: bar.trades,
  vw: Math.round(averageOf(bar) * 100) / (100 * ticksPerDollar),
});

/** The price that an auction made; `c` says which. */
export const auctionJson = (at: Date, ticks: number, c: string, instrument: Instrument): Wire => ({
  t: at,
  x: listingCodes[instrument.exchange],
  p: price(ticks),
  c,
});

/** Trading was halted, or goes on. */
export const statusJson = (halted: boolean, at: Date, instrument: Instrument): Wire => ({
  ...(halted ? { sc: 'H', sm: 'Trading Halt' } : { sc: 'T', sm: 'Trading Resumption' }),
  rc: 'T1',
  rm: 'Halt News Pending',
  t: at,
  z: tapes[instrument.exchange],
});

const depth = 10;

/** The book behind a quote: its sides, and further levels a spread apart, each with more on it than the one before. */
export function orderBookJson(quote: MarketQuote, instrument: Instrument): Wire {
  const step = spreadOf(quote.bid);
  const levels = (first: number, size: number, direction: 1 | -1): Wire[] =>
    Array.from({ length: depth }, (_, i) => ({
      p: price(first + direction * i * step),
      s: Math.round(size * (1 + i / 2)) / lotsPerUnit(instrument),
    })).filter(({ p }) => p > 0);
  return { t: quote.at, b: levels(quote.bid, quote.bidSize, -1), a: levels(quote.ask, quote.askSize, 1) };
}
