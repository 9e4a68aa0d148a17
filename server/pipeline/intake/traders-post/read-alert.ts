import { decimal, type Price } from '../../../core/decimal.ts';
import { defaultStrategy, type FieldProblem, type Side, type TradeSignal } from '../../../core/model/signal.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import { type Asked, nothingAsked } from '../blank-signal.ts';
import type { FieldReader } from '../field-reader.ts';
import { readPrevious } from '../previous-position.ts';
import { readMode } from '../read-mode.ts';
import { readDelay, readWord } from '../read-terms.ts';
import { refuseOptions } from './options.ts';
import { readEntry } from './read-entry.ts';
import { readExit } from './read-exit.ts';
import { readTickerOrOption } from './read-symbol.ts';

const actions = ['buy', 'sell', 'exit', 'cancel', 'add', 'reverse', 'breakeven'] as const;
type Action = (typeof actions)[number];

const sentiments = ['bullish', 'long', 'bearish', 'short', 'flat'] as const;

/** A note of an alert longer than this is refused; it is kept with the alert, and nothing is done with it. */
const maxMessage = 1000;

/** The signal that an alert of TradersPost's is, or everything that is wrong with it. */
export function readAlert(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const action = readAction(fields);
  const ticker = readTickerOrOption(fields);
  refuseOptions(fields);
  const after = readSentiment(fields, action);
  const { action: done, ...asked } = readAsked(fields, action ?? 'add', after);
  const requestedMode = readMode(fields);
  const common = {
    test: fields.flag(['test']) ?? false,
    delaySeconds: readDelay(fields),
    expiresAt: fields.moment(['expiresAt']),
    firedAt: fields.moment(['time']),
    timeframe: fields.text(['interval'], 16)?.text ?? null,
    // Not `id`: that is what scripts call an order, so that the second one of its name would be taken for the first.
    alertId: fields.text(['alertId'], 128)?.text ?? null,
    strategy: fields.text(['strategy'], 64)?.text ?? defaultStrategy,
    account: fields.text(['account'], 64)?.text ?? null,
    ...readPrevious(fields),
  };
  refuseLong(fields);
  if (fields.problems.length > 0 || action === null || ticker === null || requestedMode === null) {
    return err(fields.problems);
  }
  return ok({ ...asked, ...common, action: done, ticker, requestedMode });
}

/** Whatever is in it: nobody reads it but people. */
function refuseLong(fields: FieldReader): void {
  const length = fields.lengthOf('message');
  if (length <= maxMessage) return;
  fields.problem('message', 'too_long', `expected at most ${maxMessage} characters, found ${length}`);
}

function readAction(fields: FieldReader): Action | null {
  const before = fields.problems.length;
  const action = readWord(fields, 'action', actions);
  if (action === null && fields.problems.length === before) {
    return fields.problem('action', 'required', `expected one of ${actions.join(', ')}, found nothing`);
  }
  return action;
}

/** On which side the position is to be after the order; null: the order says it. */
function readSentiment(fields: FieldReader, action: Action | null): Side | 'flat' | null {
  const sentiment = readWord(fields, 'sentiment', sentiments);
  if (sentiment === null) return null;
  if (action !== null && action !== 'buy' && action !== 'sell') {
    const sentence = `expected no sentiment with ${action}; buy and sell take one`;
    return fields.problem('sentiment', 'contradictory', sentence);
  }
  if (sentiment === 'flat') return 'flat';
  return sentiment === 'bullish' || sentiment === 'long' ? 'buy' : 'sell';
}

function readAsked(
  fields: FieldReader,
  action: Action,
  after: Side | 'flat' | null,
): Asked & Pick<TradeSignal, 'action'> {
  switch (action) {
    case 'exit':
      return { action, ...readExit(fields, null) };
    case 'cancel':
      refuseKindOfOrder(fields);
      return { ...nothingAsked, action };
    case 'breakeven':
      return { ...nothingAsked, action, breakEvenOffset: readOffset(fields) };
    case 'buy':
    case 'sell':
      if (after === 'flat') return { ...readFlat(fields) };
      // What is left on the other side than the order's was only made smaller.
      if (after !== null && after !== action) return { action: 'exit', ...readExit(fields, action) };
      refuseKindOfOrder(fields);
      return { action, ...readEntry(fields, action) };
    default:
      refuseKindOfOrder(fields);
      return { action, ...readEntry(fields, action) };
  }
}

/** Everything is closed, whatever quantity is named; with a limit it is an exit, since what must end at once takes none. */
function readFlat(fields: FieldReader): Asked & Pick<TradeSignal, 'action'> {
  const exit = readExit(fields, null, { whole: true });
  if (exit.orderType === 'limit') return { action: 'exit', ...exit };
  return { ...nothingAsked, action: 'flatten' };
}

function refuseKindOfOrder(fields: FieldReader): void {
  const kind = fields.text(['cancelOrderType'], 64);
  if (kind === null || kind.text.toLowerCase() === 'all') return;
  const sentence = 'expected no cancelOrderType: all open entries in the ticker are cancelled, of whatever kind';
  fields.problem(kind.field, 'not_supported', sentence);
}

/** Zero is the average cost itself. */
function readOffset(fields: FieldReader): Price | null {
  const offset = fields.decimal(['breakevenOffset'], 'an amount a share');
  if (offset?.lt(decimal('0'))) {
    return fields.problem('breakevenOffset', 'not_positive', 'expected an amount a share of at least zero');
  }
  return offset?.gt('0') ? (offset as Price) : null;
}
