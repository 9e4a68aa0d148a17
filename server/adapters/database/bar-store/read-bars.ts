import { price, quantity } from '../../../core/decimal.ts';
import type { Bar } from '../../../core/indicators/bar.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** A bar's figures as they are stored. */
export interface BarFigures {
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
}

export const toBar = (row: BarFigures, at: Date): Bar => ({
  at,
  open: price(row.open),
  high: price(row.high),
  low: price(row.low),
  close: price(row.close),
  volume: quantity(row.volume),
});

/** Reads all that is kept of symbols, from whichever market, the oldest first. */
export function createBarReader(sql: Statements): (symbols: readonly string[]) => Promise<Map<string, Bar[]>> {
  return async (symbols) => {
    const rows = await sql<(BarFigures & { symbol: string; at: Date })[]>`
      select symbol, at, open, high, low, close, volume from daily_bars
      where symbol = any(${symbols as string[]}::text[]) order by symbol, at`;
    const found = new Map<string, Bar[]>();
    for (const row of rows) {
      const bars = found.get(row.symbol) ?? [];
      bars.push(toBar(row, row.at));
      found.set(row.symbol, bars);
    }
    return found;
  };
}
