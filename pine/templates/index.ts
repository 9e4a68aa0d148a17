import type { Template } from '../template.ts';
import { template as atrTrailing } from './atr-trailing.ts';
import { template as bollingerBreakout } from './bollinger-breakout.ts';
import { template as donchianBreakout } from './donchian-breakout.ts';
import { template as macdMomentum } from './macd-momentum.ts';
import { template as movingAverageCross } from './moving-average-cross.ts';
import { template as multiTimeframeTrend } from './multi-timeframe-trend.ts';
import { template as rsiReversal } from './rsi-reversal.ts';

/** Every template, by name; named one by one because a page of the browser has no folder to look into. */
export const templates: readonly Template[] = [
  atrTrailing,
  bollingerBreakout,
  donchianBreakout,
  macdMomentum,
  movingAverageCross,
  multiTimeframeTrend,
  rsiReversal,
];

export const templateOf = (key: string): Template | null => templates.find((one) => one.key === key) ?? null;
