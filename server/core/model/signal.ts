import { type Money, money, type Price, price, text } from '../decimal.ts';
import type { Mode } from './mode.ts';

export type Side = 'buy' | 'sell';
export const sides = ['buy', 'sell'] as const satisfies readonly Side[];

/** The other side. */
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/** What an alert was understood to say, whatever dialect it spoke. Amounts are in the account's currency. */
export interface TradeSignal {
  readonly side: Side;
  readonly ticker: string;
  /** What the alert asks for; production still needs the strategy, the account and the master switch to agree. */
  readonly requestedMode: Mode;
  /** The money that is lost when the stop is hit, before slippage. */
  readonly riskAmount: Money;
  /** Null in the short form: the live quote is the entry. */
  readonly entryPrice: Price | null;
  /** Null in the short form: the strategy's settings say where the stop is. */
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  /** When the alert fired, by its own account; null when it does not say. */
  readonly firedAt: Date | null;
  /** The sender's own id of the alert, if it carries one. */
  readonly alertId: string | null;
  readonly strategy: string;
  readonly timeframe: string | null;
}

/** `TradeSignal` as it is stored and sent: decimal strings and ISO times. */
export interface TradeSignalJson {
  side: Side;
  ticker: string;
  requestedMode: Mode;
  riskAmount: string;
  entryPrice: string | null;
  stopLoss: string | null;
  takeProfit: string | null;
  firedAt: string | null;
  alertId: string | null;
  strategy: string;
  timeframe: string | null;
}

export function signalToJson(signal: TradeSignal): TradeSignalJson {
  return {
    side: signal.side,
    ticker: signal.ticker,
    requestedMode: signal.requestedMode,
    riskAmount: text(signal.riskAmount),
    entryPrice: signal.entryPrice && text(signal.entryPrice),
    stopLoss: signal.stopLoss && text(signal.stopLoss),
    takeProfit: signal.takeProfit && text(signal.takeProfit),
    firedAt: signal.firedAt?.toISOString() ?? null,
    alertId: signal.alertId,
    strategy: signal.strategy,
    timeframe: signal.timeframe,
  };
}

export function signalFromJson(json: TradeSignalJson): TradeSignal {
  return {
    side: json.side,
    ticker: json.ticker,
    requestedMode: json.requestedMode,
    riskAmount: money(json.riskAmount),
    entryPrice: json.entryPrice === null ? null : price(json.entryPrice),
    stopLoss: json.stopLoss === null ? null : price(json.stopLoss),
    takeProfit: json.takeProfit === null ? null : price(json.takeProfit),
    firedAt: json.firedAt === null ? null : new Date(json.firedAt),
    alertId: json.alertId,
    strategy: json.strategy,
    timeframe: json.timeframe,
  };
}

/**
 * Where an alert stands. `accepted`: stored and queued; `refused`: could not be understood, kept for its author to see;
 * `approved` / `denied`: the risk gate has decided; `failed`: processing gave up and a person must look.
 */
export type SignalStatus = 'accepted' | 'refused' | 'approved' | 'denied' | 'failed';
export const signalStatuses = [
  'accepted',
  'refused',
  'approved',
  'denied',
  'failed',
] as const satisfies readonly SignalStatus[];

/** One thing wrong with an alert: where, what stood there, what was expected. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}
