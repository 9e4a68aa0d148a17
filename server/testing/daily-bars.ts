import { type Price, price, quantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import { noMarketFacts } from './risk-context.ts';

const dayMs = 86_400_000;
/** Midnight in New York. */
const first = Date.parse('2025-11-03T05:00:00.000Z');

/** Daily bars of these closes, on the days one after the other (weekends included), the first as many days after a fixed one as is said. */
export const dailyBars = (closes: readonly string[], skipped = 0): Bar[] =>
  closes.map((text, i) => {
    const close: Price = price(text);
    return {
      at: new Date(first + (i + skipped) * dayMs),
      open: close,
      high: close,
      low: close,
      close,
      volume: quantity('1000'),
    };
  });

/** A market of which the daily bars of some symbols are known. */
export const marketOf = (bars: Readonly<Record<string, readonly Bar[]>>): MarketFacts => ({
  ...noMarketFacts,
  dailyBars: (symbol) => bars[symbol] ?? null,
});

/** Closes whose moves, as parts of the close before, are these. */
export function closesOf(moves: readonly number[], from = 100): string[] {
  const closes = [from];
  for (const move of moves) closes.push(closes.at(-1)! * (1 + move));
  return closes.map((close) => close.toFixed(9));
}
