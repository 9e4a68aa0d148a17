import { type Price, type Quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { SizingMethod, SizingRecord } from '../../core/model/decision.ts';
import { atMarket, type OrderTerms } from '../../core/model/order-terms.ts';
import type { Side, TradeSignal } from '../../core/model/signal.ts';
import { isPair } from '../../core/pairs.ts';
import { exitInWords } from './exit-terms.ts';
import type { Levels } from './levels.ts';
import { lotOfHeld, smallestLot } from './lots.ts';
import type { NoSize } from './method.ts';
import { noLevels, recordOf } from './record.ts';
import type { Sizing } from './size.ts';

/** What of a position is to be closed. */
export interface Closing {
  /** Signed. */
  readonly held: Quantity;
  /** With what open entries may still add; signed. */
  readonly coming: Quantity;
  /** Null: all of it. */
  readonly wanted: Quantity | null;
  readonly method: Extract<
    SizingMethod,
    'close_position' | 'close_part' | 'reduce_by_risk' | 'percent_of_position' | 'target_position'
  >;
  /** Why so much, for the record; absent: the method says it. */
  readonly sum?: string;
  readonly inputs?: SizingRecord['inputs'];
  /** What else the alert and the settings say; for the record. */
  readonly levels: Levels | null;
  /** How it is sent; absent: at the market. */
  readonly terms?: OrderTerms;
  readonly problem?: NoSize | null;
}

/** Sizes an exit on a side, at about `near`: at most what is held and coming. */
export function sizeExit(side: Side, signal: TradeSignal, near: Price | null, closing: Closing): Sizing {
  const { held, coming, wanted, method, terms = atMarket } = closing;
  const whole = coming.abs() as Quantity;
  const quantity = wanted?.lt(whole) ? wanted : whole;
  const way = coming.gt('0') ? 'long' : 'short';
  const unfilled = coming.eq(held) ? '' : `, ${text(whole.minus(held.abs()))} of them not filled yet`;
  const what = `${text(quantity)} of ${text(whole)} ${signal.ticker} ${way}${unfilled}`;
  const none: Levels = { ...noLevels, entry: near, entryFrom: near && 'quote' };
  const levels = {
    ...(closing.levels ?? none),
    stop: null,
    stopFrom: null,
    stopHow: null,
    target: null,
    targetFrom: null,
  };
  const why = closing.sum ?? (method === 'reduce_by_risk' ? 'as sized by the risk amount' : '');
  const how = `${what}${exitInWords(terms)}`;
  const sentence = why === '' ? `Closes ${how}.` : `Closes ${how}, ${why}.`;
  return {
    intent: 'exit',
    side,
    quantity,
    referencePrice: near,
    terms,
    restsAt: null,
    // Protection belongs to entries; a closing order needs none.
    stopLoss: null,
    stopLossLimit: null,
    takeProfit: null,
    targets: [],
    trail: null,
    lot: isPair(signal.ticker) ? smallestLot : lotOfHeld(whole),
    record: recordOf(method, signal, levels, quantity, sentence, closing.inputs),
    problem: closing.problem
      ? { code: closing.problem.code, sentence: `Not sent: ${closing.problem.sentence}` }
      : quantity.gt('0')
        ? null
        : {
            code: 'RISK_ZERO_QUANTITY',
            sentence:
              method === 'reduce_by_risk'
                ? `Not sent: ${text(signal.riskAmount ?? zeroQuantity)} at risk sizes less than one share to close.`
                : `Not sent: the part of ${text(whole)} ${signal.ticker} is less than one share.`,
          },
  };
}
