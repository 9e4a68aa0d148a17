import { type Big, type Price, type Quantity, text, wholeShares, zeroQuantity } from '../../core/decimal.ts';
import type { PositionView } from '../../core/model/account-view.ts';
import type { Intent, SizingRecord } from '../../core/model/decision.ts';
import type { Quote } from '../../core/model/market.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { type Levels, limitOnGrid, priceLevels, protectionOnGrid } from './levels.ts';

/** What a signal comes to: which way, how much, at about which price, protected where. Prices to be sent are on the venue's grid. */
export interface Sizing {
  readonly intent: Intent;
  /** Zero when there is nothing to send; `problem` says why. */
  readonly quantity: Quantity;
  /** Null: neither the alert nor the market says a price. */
  readonly referencePrice: Price | null;
  /** What a limit entry would be sent at. */
  readonly limitPrice: Price | null;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  readonly record: SizingRecord;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/**
 * Works out the quantity. An entry: `floor(risk / |entry - stop|)`, so that the stop costs at most the risk. A signal against an open
 * position is an exit: the whole of it, or what the risk amount sizes and at most what is held. `entering` is what open entries may
 * still add to the position, negative when they sell: an exit that comes before its entry is filled means that one too.
 */
export function size(
  signal: TradeSignal,
  strategy: StrategySettings,
  quote: Quote | null,
  position: Pick<PositionView, 'quantity'> | null,
  entering: Quantity = zeroQuantity,
): Sizing {
  const held = position?.quantity ?? zeroQuantity;
  const coming = held.plus(entering) as Quantity;
  const levels = priceLevels(signal, strategy, quote);
  if (signal.side === 'sell' ? coming.gt('0') : coming.lt('0')) return sizeExit(signal, strategy, levels, held, coming);
  return sizeEntry(signal, strategy, levels);
}

function sizeEntry(signal: TradeSignal, strategy: StrategySettings, levels: Levels): Sizing {
  const { entry, stop, target, riskPerShare } = levels;
  const buy = signal.side === 'buy';
  const quantity = sharesFor(signal.riskAmount, riskPerShare);
  const stopLoss = stop && protectionOnGrid(buy, 'stop', stop);
  const takeProfit = target && protectionOnGrid(buy, 'target', target);
  return {
    intent: 'entry',
    quantity,
    referencePrice: entry,
    limitPrice: entry && limitOnGrid(buy, entry),
    stopLoss,
    takeProfit,
    record: recordOf('risk_per_share', signal, levels, quantity, entrySentence(signal, levels, quantity, stopLoss)),
    problem: entryProblem(signal, strategy, levels, quantity, stopLoss),
  };
}

/** Whole shares whose stops together cost at most the risk. */
function sharesFor(risk: Big, riskPerShare: Big | null): Quantity {
  if (!riskPerShare?.gt('0')) return zeroQuantity;
  const shares = wholeShares(risk.div(riskPerShare));
  // A quotient is kept to 20 decimals: one that was rounded up to a whole number is a share too many.
  return shares.times(riskPerShare).gt(risk) ? (shares.minus('1') as Quantity) : shares;
}

function entrySentence(signal: TradeSignal, levels: Levels, quantity: Quantity, sent: Price | null): string {
  const { entry, stop, riskPerShare } = levels;
  if (!entry || !stop || !riskPerShare) return 'The quantity could not be worked out: there is no price to work from.';
  const sizing = `${text(signal.riskAmount)} at risk / ${text(riskPerShare)} a share (entry ${text(entry)}, stop ${text(stop)}) = ${text(quantity)} shares.`;
  return sent && !sent.eq(stop) ? `${sizing} The stop is sent as ${text(sent)}, on the venue's grid.` : sizing;
}

function entryProblem(
  signal: TradeSignal,
  strategy: StrategySettings,
  levels: Levels,
  quantity: Quantity,
  stopLoss: Price | null,
): Sizing['problem'] {
  if (signal.side === 'sell' && !strategy.allowShort) {
    // An alert with a stop above its entry means to open a short; one without prices means to close what is not there.
    return signal.stopLoss !== null
      ? {
          code: 'RISK_SHORT_NOT_ALLOWED',
          sentence: `Not sent: selling ${signal.ticker} without a position would open a short, which this strategy does not allow.`,
        }
      : { code: 'RISK_NOTHING_TO_CLOSE', sentence: `Not sent: there is no ${signal.ticker} position to close.` };
  }
  if (levels.entry === null) {
    return {
      code: 'RISK_NO_QUOTE',
      sentence: `Not sent: the alert has no entry price, and ${signal.ticker} has no fresh quote.`,
    };
  }
  if (stopLoss === null || stopLoss.lte('0')) {
    return { code: 'RISK_NO_STOP', sentence: 'Not sent: there is no stop to size the position by.' };
  }
  if (signal.side === 'buy' ? stopLoss.gte(levels.entry) : stopLoss.lte(levels.entry)) {
    const side = signal.side === 'buy' ? 'below' : 'above';
    return {
      code: 'RISK_STOP_SIDE',
      sentence: `Not sent: the stop ${text(stopLoss)} is not ${side} the entry ${text(levels.entry)}.`,
    };
  }
  if (quantity.eq('0')) {
    return {
      code: 'RISK_ZERO_QUANTITY',
      sentence: `Not sent: ${text(signal.riskAmount)} at risk buys less than one share at ${text(levels.riskPerShare!)} a share.`,
    };
  }
  return null;
}

function sizeExit(
  signal: TradeSignal,
  strategy: StrategySettings,
  levels: Levels,
  held: Quantity,
  coming: Quantity,
): Sizing {
  const whole = coming.abs() as Quantity;
  const reduce = strategy.exit === 'reduce' && levels.riskPerShare?.gt('0');
  const wanted = reduce ? sharesFor(signal.riskAmount, levels.riskPerShare) : whole;
  const quantity = wanted.lt(whole) ? wanted : whole;
  const way = coming.gt('0') ? 'long' : 'short';
  const unfilled = coming.eq(held) ? '' : `, ${text(whole.minus(held.abs()))} of them not filled yet`;
  const what = `${text(quantity)} of ${text(whole)} ${signal.ticker} ${way}${unfilled}`;
  return {
    intent: 'exit',
    quantity,
    referencePrice: levels.entry,
    limitPrice: null,
    // Protection belongs to entries; a closing order needs none.
    stopLoss: null,
    takeProfit: null,
    record: recordOf(
      reduce ? 'reduce_by_risk' : 'close_position',
      signal,
      { ...levels, stop: null, stopFrom: null, target: null, targetFrom: null },
      quantity,
      reduce ? `Closes ${what}, as sized by the risk amount.` : `Closes ${what}.`,
    ),
    problem: quantity.gt('0')
      ? null
      : {
          code: 'RISK_ZERO_QUANTITY',
          sentence: `Not sent: ${text(signal.riskAmount)} at risk sizes less than one share to close.`,
        },
  };
}

function recordOf(
  method: SizingRecord['method'],
  signal: TradeSignal,
  levels: Levels,
  quantity: Quantity,
  sentence: string,
): SizingRecord {
  const orNull = (value: Big | null): string | null => value && text(value);
  return {
    method,
    riskAmount: text(signal.riskAmount),
    entryPrice: orNull(levels.entry),
    entryFrom: levels.entryFrom,
    stopLoss: orNull(levels.stop),
    stopFrom: levels.stopFrom,
    takeProfit: orNull(levels.target),
    takeProfitFrom: levels.targetFrom,
    riskPerShare: orNull(levels.riskPerShare),
    quantity: text(quantity),
    sentence,
  };
}
