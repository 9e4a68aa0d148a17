import { marketZone, wallClock, weekdays } from '../zoned-day.ts';
import { type Trade, type TradeFigures, tradeFigures } from './trade-figures.ts';

/** By what trades are told apart. Hour and weekday are those of the opening, on New York's clocks. */
export const groupings = ['strategy', 'symbol', 'hour', 'weekday'] as const;
export type Grouping = (typeof groupings)[number];

/** The trades that have something in common. */
export interface TradeGroup {
  /** A strategy, a symbol, an hour from "0" to "23", or a day from "Mon" to "Sun". */
  readonly key: string;
  readonly figures: TradeFigures;
}

/** Trades by what they have in common: hours and weekdays in their order, others by profit, the largest first. */
export function groupTrades(trades: readonly Trade[], by: Grouping): TradeGroup[] {
  const groups = new Map<string, Trade[]>();
  for (const trade of trades) {
    const key = keyOf(trade, by);
    const known = groups.get(key);
    if (known) known.push(trade);
    else groups.set(key, [trade]);
  }
  const found = [...groups].map(([key, of]) => ({ key, figures: tradeFigures(of) }));
  if (by === 'hour') return found.sort((a, b) => Number(a.key) - Number(b.key));
  if (by === 'weekday') return found.sort((a, b) => dayAt(a.key) - dayAt(b.key));
  return found.sort((a, b) => b.figures.profit.cmp(a.figures.profit) || (a.key < b.key ? -1 : 1));
}

const dayAt = (key: string): number => (weekdays as readonly string[]).indexOf(key);

function keyOf(trade: Trade, by: Grouping): string {
  if (by === 'strategy') return trade.strategy;
  if (by === 'symbol') return trade.symbol;
  const { weekday, minutes } = wallClock(trade.openedAt, marketZone);
  return by === 'weekday' ? weekday : String(Math.floor(minutes / 60));
}
