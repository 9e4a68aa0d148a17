import {
  type Big,
  type Price,
  price,
  type Quantity,
  rounding,
  text,
  wholeShares,
  zeroQuantity,
} from '../../core/decimal.ts';
import type { PositionView } from '../../core/model/account-view.ts';
import type { Intent, SizingRecord } from '../../core/model/decision.ts';
import type { Quote } from '../../core/model/market.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';

/** What a signal comes to: which way, how much, at about which price, protected where. */
export interface Sizing {
  readonly intent: Intent;
  /** Zero when there is nothing to send; `problem` says why. */
  readonly quantity: Quantity;
  /** Null: neither the alert nor the market says a price. */
  readonly referencePrice: Price | null;
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  readonly record: SizingRecord;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/**
 * Works out the quantity. An entry: `floor(risk / |entry - stop|)`, so that the stop costs at most the risk. A signal against an open
 * position is an exit: the whole of it, or what the risk amount sizes and at most what is held.
 */
export function size(
  signal: TradeSignal,
  strategy: StrategySettings,
  quote: Quote | null,
  position: Pick<PositionView, 'quantity'> | null,
): Sizing {
  const held = position?.quantity ?? zeroQuantity;
  const against = signal.side === 'sell' ? held.gt('0') : held.lt('0');
  const levels = priceLevels(signal, strategy, quote);
  if (against) return sizeExit(signal, strategy, levels, held);
  return sizeEntry(signal, strategy, levels);
}

interface Levels {
  readonly entry: Price | null;
  readonly entryFrom: SizingRecord['entryFrom'];
  readonly stop: Price | null;
  readonly stopFrom: SizingRecord['stopFrom'];
  readonly target: Price | null;
  readonly targetFrom: SizingRecord['takeProfitFrom'];
  readonly riskPerShare: Big | null;
}

/** The alert's own prices count; what it leaves open comes from the live quote and the strategy's settings. */
function priceLevels(signal: TradeSignal, strategy: StrategySettings, quote: Quote | null): Levels {
  const buy = signal.side === 'buy';
  const live = quote && (buy ? quote.ask : quote.bid);
  const entry = signal.entryPrice ?? live;
  const entryFrom = signal.entryPrice ? 'alert' : live ? 'quote' : null;
  let stop = signal.stopLoss;
  if (stop === null && entry !== null) {
    const distance = entry.times(strategy.stopDistance);
    // Rounded away from the entry: the stop is never nearer than the settings say, and the risk per share never understated.
    stop = toTick(buy ? entry.minus(distance) : entry.plus(distance), buy ? 'down' : 'up');
  }
  const riskPerShare = entry !== null && stop !== null ? entry.minus(stop).abs() : null;
  let target = signal.takeProfit;
  if (target === null && entry !== null && riskPerShare !== null && strategy.takeProfitRiskMultiple !== null) {
    const gain = riskPerShare.times(strategy.takeProfitRiskMultiple);
    // Rounded toward the entry: the target is reached no later than the settings say.
    target = toTick(buy ? entry.plus(gain) : entry.minus(gain), buy ? 'down' : 'up');
  }
  return {
    entry,
    entryFrom,
    stop,
    stopFrom: signal.stopLoss ? 'alert' : stop ? 'strategy' : null,
    target,
    targetFrom: signal.takeProfit ? 'alert' : target ? 'strategy' : null,
    riskPerShare,
  };
}

function sizeEntry(signal: TradeSignal, strategy: StrategySettings, levels: Levels): Sizing {
  const { entry, stop, riskPerShare } = levels;
  const risk = signal.riskAmount;
  const quantity = riskPerShare?.gt('0') ? wholeShares(risk.div(riskPerShare)) : zeroQuantity;
  const problem = entryProblem(signal, strategy, levels, quantity);
  const sentence =
    entry && stop && riskPerShare
      ? `${text(risk)} at risk / ${text(riskPerShare)} a share (entry ${text(entry)}, stop ${text(stop)}) = ${text(quantity)} shares.`
      : 'The quantity could not be worked out: there is no price to work from.';
  return {
    intent: 'entry',
    quantity,
    referencePrice: entry,
    stopLoss: stop,
    takeProfit: levels.target,
    record: recordOf('risk_per_share', signal, levels, quantity, sentence),
    problem,
  };
}

function entryProblem(
  signal: TradeSignal,
  strategy: StrategySettings,
  levels: Levels,
  quantity: Quantity,
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
  if (levels.stop === null || levels.stop.lte('0')) {
    return { code: 'RISK_NO_STOP', sentence: 'Not sent: there is no stop to size the position by.' };
  }
  if (quantity.eq('0')) {
    return {
      code: 'RISK_ZERO_QUANTITY',
      sentence: `Not sent: ${text(signal.riskAmount)} at risk buys less than one share at ${text(levels.riskPerShare!)} a share.`,
    };
  }
  return null;
}

function sizeExit(signal: TradeSignal, strategy: StrategySettings, levels: Levels, held: Quantity): Sizing {
  const whole = held.abs() as Quantity;
  const reduce = strategy.exit === 'reduce' && levels.riskPerShare?.gt('0');
  const wanted = reduce ? wholeShares(signal.riskAmount.div(levels.riskPerShare!)) : whole;
  const quantity = wanted.lt(whole) ? wanted : whole;
  const what = `${text(quantity)} of ${text(whole)} ${signal.ticker} held ${held.gt('0') ? 'long' : 'short'}`;
  return {
    intent: 'exit',
    quantity,
    referencePrice: levels.entry,
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

/** On the venue's grid: cents from a dollar up, hundredths of a cent below (SEC Rule 612). */
function toTick(value: Big, direction: 'up' | 'down'): Price {
  const decimals = value.gte('1') ? 2 : 4;
  return price(value.round(decimals, direction === 'up' ? rounding.awayFromZero : rounding.towardZero));
}
