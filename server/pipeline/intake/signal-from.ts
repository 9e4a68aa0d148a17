import type { FieldProblem, SignalAction, TradeSignal } from '../../core/model/signal.ts';
import { defaultStrategy } from '../../core/model/signal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { nothingAsked } from './blank-signal.ts';
import type { FieldReader } from './field-reader.ts';
import { wholeBody } from './problem-code.ts';

/** What a dialect read of an alert; what it leaves out, the alert does not say. Null: there was a problem with it. */
export interface Said extends Partial<Omit<TradeSignal, 'action' | 'ticker' | 'requestedMode'>> {
  readonly action: SignalAction | null;
  readonly ticker: string | null;
  readonly requestedMode: TradeSignal['requestedMode'] | null;
}

/** The signal, when nothing was wrong with any field, else all that was. */
export function signalFrom(fields: FieldReader, said: Said): Result<TradeSignal, readonly FieldProblem[]> {
  const { action, ticker, requestedMode } = said;
  if (fields.problems.length > 0 || action === null || ticker === null || requestedMode === null) {
    // Nothing was wrong with what is there, as where a field is empty: what is not there is.
    if (fields.problems.length === 0) {
      const missing = action === null ? 'what is to be done' : ticker === null ? 'a ticker' : 'a mode';
      fields.problem(wholeBody, 'required', `expected ${missing}, found nothing`);
    }
    return err(fields.problems);
  }
  return ok({
    ...nothingAsked,
    ...{ firedAt: null, alertId: null, strategy: defaultStrategy, timeframe: null, account: null },
    ...{ previousPosition: null, previousSize: null },
    ...said,
    ...{ action, ticker, requestedMode },
  });
}
