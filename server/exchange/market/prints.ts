import type { Bar } from './bars.ts';
import { gridOf, type MarketTick, spreadOf } from './market.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface PrintOptions {
  readonly symbol: string;
  /** How many trades; fewer when the bar has not so many lots, at least four where its prices differ. */
  readonly count: number;
  /** Lots in which quotes are shown. */
  readonly roundLot: number;
  /** Milliseconds between which they happen. */
  readonly from: number;
  readonly to: number;
  readonly random: SeededRandom;
}

/**
 * Trades of which a bar could have been made, each with the quote it was made on: the first at its open, the last at its close, one at its
 * high, one at its low, none outside, their sizes adding up to its volume and their average to its own as near as whole lots allow.
 */
export function printsOf(bar: Bar, options: PrintOptions): MarketTick[] {
  const { symbol, random, roundLot, from, to } = options;
  const lots = Math.round(bar.volume);
  if (lots < 1) return [quoted(symbol, bar.close, new Date(from))];
  const least = bar.high === bar.low ? 1 : lots >= 4 ? 4 : lots;
  const count = Math.min(lots, Math.max(least, options.count));
  const prices = pricesOf(bar, count, random);
  const sizes = sizesOf(count, lots, random);
  level(prices, sizes, Math.round(bar.turnover));
  const each = (to - from) / count;
  let before = bar.open;
  return prices.map((price, i) => {
    const at = new Date(Math.floor(from + (i + 0.9 * random.next()) * each));
    const spread = spreadOf(price);
    // Below the lowest price there is no bid left: who trades there has sold.
    const buys = (price === before ? random.next() < 0.5 : price > before) && price > spread;
    before = price;
    const [bid, ask] = buys ? [price - spread, price] : [price, price + spread];
    const size = (): number => roundLot * (2 + Math.floor(random.next() * 18));
    const shown = { bid, ask, bidSize: size(), askSize: size(), at };
    return { symbol, quote: shown, trade: { price, size: sizes[i]!, at, taker: buys ? 'buy' : 'sell' } };
  });
}

/** Quotes without a trade, for a bar in which nothing was traded. */
function quoted(symbol: string, price: number, at: Date): MarketTick {
  const half = Math.floor(spreadOf(price) / 2 / gridOf(price)) * gridOf(price);
  const bid = Math.max(1, price - half);
  return { symbol, quote: { bid, ask: bid + spreadOf(price), bidSize: 100, askSize: 100, at }, trade: null };
}

/** From the open by way of the high and the low, in either order, to the close. */
function pricesOf({ open, high, low, close }: Bar, count: number, random: SeededRandom): number[] {
  // Too few lots for all four prices: the close is what counts.
  if (count < 4) return [open, open - low > high - open ? low : high].slice(0, count - 1).concat(close);
  const middle = 1 + Math.floor(random.next() * (count - 3));
  const later = middle + 1 + Math.floor(random.next() * (count - 2 - middle));
  // A bar that rises has more often seen its low first.
  const lowFirst = random.next() < (close >= open ? 0.75 : 0.25);
  const fixed: [number, number][] = [
    [0, open],
    [middle, lowFirst ? low : high],
    [later, lowFirst ? high : low],
    [count - 1, close],
  ];
  const grid = gridOf(low);
  const roughness = (high - low) / 8;
  const prices: number[] = [open];
  for (let part = 1; part < fixed.length; part++) {
    const [[fromAt, fromPrice], [toAt, toPrice]] = [fixed[part - 1]!, fixed[part]!];
    for (let i = fromAt + 1; i < toAt; i++) {
      const straight = fromPrice + ((toPrice - fromPrice) * (i - fromAt)) / (toAt - fromAt);
      const price = Math.round((straight + roughness * random.normal()) / grid) * grid;
      prices.push(Math.min(high, Math.max(low, price)));
    }
    if (toAt > fromAt) prices.push(toPrice);
  }
  return prices;
}

/** Whole lots that add up; each at least one. */
function sizesOf(count: number, lots: number, random: SeededRandom): number[] {
  const weights = Array.from({ length: count }, () => -Math.log(1 - random.next()) + 0.05);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => 1 + Math.floor(((lots - count) * weight) / whole));
  sizes[Math.floor(random.next() * count)]! += lots - sizes.reduce((sum, size) => sum + size, 0);
  return sizes;
}

/** Moves lots between dear and cheap trades until the turnover is the bar's, or as near as it can be. */
function level(prices: readonly number[], sizes: number[], turnover: number): void {
  const order = prices.map((_, i) => i).sort((a, b) => prices[a]! - prices[b]! || a - b);
  let missing = turnover - prices.reduce((sum, price, i) => sum + price * sizes[i]!, 0);
  for (let [low, high] = [0, order.length - 1]; low < high && missing !== 0; ) {
    const [cheap, dear] = [order[low]!, order[high]!];
    const step = prices[dear]! - prices[cheap]!;
    const [giver, taker] = missing > 0 ? [cheap, dear] : [dear, cheap];
    const moved = step === 0 ? 0 : Math.min(sizes[giver]! - 1, Math.floor(Math.abs(missing) / step));
    sizes[giver]! -= moved;
    sizes[taker]! += moved;
    missing -= Math.sign(missing) * moved * step;
    // The giver is spent, or the pair is too far apart for what is left.
    const done = sizes[giver] === 1 ? giver : taker;
    if (done === cheap) low++;
    else high--;
  }
}
