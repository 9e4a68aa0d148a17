import type { TradeSignal } from '../../core/model/signal.ts';
import { noTerms } from '../../core/model/signal-terms.ts';

/** What an alert asks for, beside its action, its ticker, and whom and when it is from. */
export type Asked = Omit<
  TradeSignal,
  | 'action'
  | 'ticker'
  | 'requestedMode'
  | 'firedAt'
  | 'alertId'
  | 'strategy'
  | 'timeframe'
  | 'account'
  | 'previousPosition'
  | 'previousSize'
>;

/** Of an alert that says no more than what is to be done. */
export const nothingAsked: Asked = {
  ...noTerms,
  side: null,
  riskAmount: null,
  quantity: null,
  portion: null,
  entryPrice: null,
  stopLoss: null,
  takeProfit: null,
  takeProfits: [],
  trailAmount: null,
  trailPercent: null,
  breakEvenOffset: null,
  confidence: null,
  targetPosition: null,
};
