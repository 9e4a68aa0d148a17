import { type Price, text } from '../../core/decimal.ts';
import { atMarket, type OrderTerms } from '../../core/model/order-terms.ts';
import type { Side, TradeSignal } from '../../core/model/signal.ts';
import { inWords } from './entry-terms.ts';
import { limitOnGrid } from './grid.ts';
import { type NoSize, noSize } from './method.ts';

/** How an exit is sent. */
export interface ExitTerms {
  readonly terms: OrderTerms;
  readonly problem: NoSize | null;
}

/**
 * Reads the order type of an exit that its alert asks for: the market, or a limit. What the position is stopped at is its stop. Extended
 * hours take limits alone: an exit at the market is sent for regular hours all the same, as it is never kept back.
 */
export function exitTerms(side: Side, signal: TradeSignal, near: Price | null): ExitTerms {
  const { orderType, timeInForce, extendedHours } = signal;
  const sent = { ...atMarket, timeInForce, named: orderType !== null };
  if (orderType === null || orderType === 'market') return { terms: sent, problem: null };
  if (orderType !== 'limit') {
    const sentence = `a position is closed at the market or with a limit, and not by a ${inWords(orderType)} order: what stops it is its stop.`;
    return { terms: sent, problem: noSize('RISK_TERMS_NOT_TAKEN', sentence) };
  }
  const limit = signal.limitPrice ?? signal.entryPrice ?? near;
  if (!limit) {
    const sentence = `a limit order needs a limit: the alert names none, and ${signal.ticker} has no fresh quote.`;
    return { terms: sent, problem: noSize('RISK_NO_ORDER_PRICE', sentence) };
  }
  const limitPrice = limitOnGrid(side === 'buy', limit);
  return { terms: { ...sent, type: 'limit', limitPrice, extendedHours }, problem: null };
}

/** " with a limit of 151"; empty: at the market. */
export const exitInWords = ({ limitPrice }: OrderTerms): string =>
  limitPrice ? ` with a limit of ${text(limitPrice)}` : '';
