import { type Big, type Quantity, text } from '../../core/decimal.ts';
import type { SizingRecord } from '../../core/model/decision.ts';
import { atMarket } from '../../core/model/order-terms.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import type { Levels } from './levels.ts';

/** Of an order that has none. */
export const noLevels: Levels = {
  terms: atMarket,
  restsAt: null,
  termsProblem: null,
  entry: null,
  entryFrom: null,
  stop: null,
  stopFrom: null,
  stopHow: null,
  stopProblem: null,
  target: null,
  targetFrom: null,
  targetProblem: null,
  riskPerShare: null,
};

/** The record of a sizing; decimals as text. */
export function recordOf(
  method: SizingRecord['method'],
  signal: TradeSignal,
  levels: Levels,
  quantity: Quantity,
  sentence: string,
  inputs?: SizingRecord['inputs'],
): SizingRecord {
  const orNull = (value: Big | null): string | null => value && text(value);
  return {
    method,
    riskAmount: orNull(signal.riskAmount),
    entryPrice: orNull(levels.entry),
    entryFrom: levels.entryFrom,
    stopLoss: orNull(levels.stop),
    stopFrom: levels.stopFrom,
    takeProfit: orNull(levels.target),
    takeProfitFrom: levels.targetFrom,
    riskPerShare: orNull(levels.riskPerShare),
    quantity: text(quantity),
    sentence,
    ...(levels.stopHow !== null && { stopHow: levels.stopHow }),
    ...(inputs && Object.keys(inputs).length > 0 && { inputs }),
  };
}
