import type { Bar } from './indicators.ts';
import { type Market, Script, type Sent } from './interpret.ts';

export const hourMs = 3_600_000;
const begin = Date.UTC(2026, 0, 5);

/** Tickers that break what is written carelessly, with a price each; the last has nine decimals. */
export const awkward: Readonly<Record<string, number>> = {
  'NYSE:BRK.B': 450.25,
  'BITSTAMP:BTCUSD': 45_000,
  'CME_MINI:NQ1!': 18_250.25,
  'NSE:M&M': 2901.35,
  'BINANCE:SHIBUSD': 0.00001234,
};

/** Hours that swing and drift about a price; the same ones each time. `phase` sets tickers apart. */
export function swinging(price: number, count: number, phase = 0): Bar[] {
  const at = (i: number): number =>
    price * (1 + 0.05 * Math.sin(i / 7 + phase) + 0.03 * Math.sin(i / 31 + phase) + 0.002 * Math.sin(i * 2.3));
  return Array.from({ length: count }, (_, i) => {
    const [open, close] = [at(i - 1), at(i)];
    const spread = price * 0.002;
    return {
      time: begin + i * hourMs,
      open,
      close,
      high: Math.max(open, close) + spread,
      low: Math.min(open, close) - spread,
    };
  });
}

/** A market of tickers on hours; the first ticker's chart is the one that scripts are put on. */
export const marketOf = (bars: Readonly<Record<string, readonly Bar[]>>): Market => ({
  bars,
  barMs: hourMs,
  mintick: 0.000000001,
});

export const awkwardMarket = (count: number): Market =>
  marketOf(
    Object.fromEntries(Object.entries(awkward).map(([symbol, price], at) => [symbol, swinging(price, count, at)])),
  );

/** Puts a script on a chart: `past` bars of history, then live ones; `ticks` are the moments within a live bar at which it runs. */
export function live(source: string, chart: string, market: Market, past: number, ticks: readonly number[]): Sent[] {
  const script = new Script(source, chart, market);
  market.bars[chart]!.forEach((bar, at) => {
    script.begin(bar);
    if (at < past) script.tick({ now: bar.time + market.barMs - 1, realtime: false });
    else for (const tick of ticks) script.tick({ now: bar.time + tick, realtime: true });
  });
  return script.sent;
}
