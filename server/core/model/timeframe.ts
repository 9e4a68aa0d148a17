/** How long the bars of a chart are. */
export const timeframes = ['1m', '5m', '15m', '1h', '1d'] as const;
export type Timeframe = (typeof timeframes)[number];

const minuteMs = 60_000;

/** The width of a bar in milliseconds; a day's is that of a day without a change of the clocks. */
export const timeframeMs: Readonly<Record<Timeframe, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '1d': 1440 * minuteMs,
};
