import type { TradeSignal } from '../../core/model/signal.ts';
import { type Acting, refused } from './close.ts';

/**
 * What is left of an action in an account that its strategy does not enter any more: of a reversal the exit, of anything that would
 * open a position nothing.
 */
export function exitOnly(signal: TradeSignal, acting: Acting): Acting {
  const { first, sized } = acting;
  if (first) {
    const sentence = `${first.record.sentence} It is not entered again: ${signal.strategy} has no route to this account now.`;
    return { ...acting, sized: { ...first, record: { ...first.record, sentence } }, first: null };
  }
  if (sized.intent !== 'entry') return acting;
  const why = `${signal.strategy} has no route to this account now, and nothing of ${signal.ticker} left in it to close.`;
  return { sized: refused(signal, 'RISK_NOTHING_TO_CLOSE', why), first: null, cancels: [], moves: [] };
}
