import { type Big, type Price, type Quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { PositionView } from '../../core/model/account-view.ts';
import type { DecisionIntent, SizingMethod, SizingRecord } from '../../core/model/decision.ts';
import type { Quote } from '../../core/model/market.ts';
import type { Trail } from '../../core/model/order.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { Side, Target, TradeSignal } from '../../core/model/signal.ts';
import { isPair, tradable } from '../../core/pairs.ts';
import { type Levels, limitOnGrid, priceLevels, protectionOnGrid } from './levels.ts';

/** A part of an entry that is an order of its own; no target: it has the stop only. */
export interface SizedTarget {
  readonly price: Price | null;
  readonly quantity: Quantity;
}

/** What a signal comes to: which way, how much, at about which price, protected where. Prices to be sent are on the venue's grid. */
export interface Sizing {
  readonly intent: DecisionIntent;
  /** Null: it sends no order. */
  readonly side: Side | null;
  /** Zero when there is nothing to send; `problem` says why. */
  readonly quantity: Quantity;
  /** Null: neither the alert nor the market says a price. */
  readonly referencePrice: Price | null;
  /** What a limit entry would be sent at. */
  readonly limitPrice: Price | null;
  readonly stopLoss: Price | null;
  /** Of several targets, the nearest. */
  readonly takeProfit: Price | null;
  /** The orders an entry is split into; empty: it is one. Their quantities add up to `quantity`. */
  readonly targets: readonly SizedTarget[];
  /** How the stop of what has no target trails; null: it does not. */
  readonly trail: Trail | null;
  readonly record: SizingRecord;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/**
 * Works out the quantity of a buy or a sell. An entry: `floor(risk / |entry - stop|)`, so that the stop costs at most the risk. A signal
 * against an open position is an exit: the whole of it, or what the risk amount sizes and at most what is held. `entering` is what open
 * entries may still add to the position, negative when they sell: an exit that comes before its entry is filled means that one too.
 */
export function size(
  signal: TradeSignal,
  strategy: StrategySettings,
  quote: Quote | null,
  position: Pick<PositionView, 'quantity'> | null,
  entering: Quantity = zeroQuantity,
): Sizing {
  const { side } = signal;
  if (side === null) throw new Error('a buy or a sell names its side');
  const held = position?.quantity ?? zeroQuantity;
  const coming = held.plus(entering) as Quantity;
  const against = side === 'sell' ? coming.gt('0') : coming.lt('0');
  if (!against) return sizeEntry(side, signal, strategy, quote);
  const levels = priceLevels(side, signal, strategy, quote);
  const reduces = strategy.exit === 'reduce' && levels.riskPerShare?.gt('0') && signal.riskAmount !== null;
  return sizeExit(side, signal, levels.entry, {
    held,
    coming,
    wanted: reduces ? sharesFor(signal.ticker, signal.riskAmount, levels.riskPerShare) : null,
    method: reduces ? 'reduce_by_risk' : 'close_position',
    levels,
  });
}

/** Sizes an entry on a side: by the risk amount, or as many shares as the alert names. */
export function sizeEntry(side: Side, signal: TradeSignal, strategy: StrategySettings, quote: Quote | null): Sizing {
  const levels = priceLevels(side, signal, strategy, quote);
  const { entry, stop, target, riskPerShare } = levels;
  const buy = side === 'buy';
  const quantity = signal.quantity
    ? tradable(signal.ticker, signal.quantity)
    : sharesFor(signal.ticker, signal.riskAmount, riskPerShare);
  const stopLoss = stop && protectionOnGrid(buy, 'stop', stop);
  const takeProfit = target && protectionOnGrid(buy, 'target', target);
  const targets = splitBetween(signal.ticker, buy, quantity, signal.takeProfits);
  const trail = trailOf(signal);
  const sentences = [entrySentence(signal, levels, quantity, stopLoss)];
  if (targets.length > 1) sentences.push(`${targets.map(targetInWords).join(', ')}.`);
  if (trail) sentences.push(`Its stop follows the market by ${trailInWords(trail)}.`);
  return {
    intent: 'entry',
    side,
    quantity,
    referencePrice: entry,
    limitPrice: entry && limitOnGrid(buy, entry),
    stopLoss,
    takeProfit,
    targets,
    trail,
    record: {
      ...recordOf(signal.quantity ? 'fixed_quantity' : 'risk_per_share', signal, levels, quantity, sentences.join(' ')),
      ...(targets.length > 0 && {
        targets: targets.map((one) => ({ price: one.price && text(one.price), quantity: text(one.quantity) })),
      }),
      ...(trail && { trail: trailInWords(trail) }),
    },
    problem: entryProblem(side, signal, strategy, levels, quantity, stopLoss),
  };
}

/** Whole shares for each target, what is left for the last; those that get none are left out. */
function splitBetween(ticker: string, buy: boolean, quantity: Quantity, targets: readonly Target[]): SizedTarget[] {
  if (targets.length === 0) return [];
  const sorted = [...targets].sort((a, b) => (buy === a.price.lt(b.price) ? -1 : 1));
  const parts: SizedTarget[] = sorted.map(({ price, portion }) => ({
    price: protectionOnGrid(buy, 'target', price),
    quantity: tradable(ticker, quantity.times(portion)),
  }));
  const whole = sorted.reduce<Big>((sum, { portion }) => sum.plus(portion), zeroQuantity).gte('1');
  const given = parts.reduce<Big>((sum, part) => sum.plus(part.quantity), zeroQuantity);
  const rest = quantity.minus(given) as Quantity;
  const last = parts.at(-1)!;
  const all = whole
    ? [...parts.slice(0, -1), { ...last, quantity: last.quantity.plus(rest) as Quantity }]
    : [...parts, { price: null, quantity: rest }];
  return all.filter((part) => part.quantity.gt('0'));
}

const targetInWords = ({ price, quantity }: SizedTarget): string =>
  price ? `${text(quantity)} of them with a target of ${text(price)}` : `${text(quantity)} without a target`;

function trailOf(signal: TradeSignal): Trail | null {
  if (signal.trailAmount) return { price: signal.trailAmount };
  return signal.trailPercent ? { percent: signal.trailPercent as Price } : null;
}

const trailInWords = (trail: Trail): string =>
  'price' in trail ? `${text(trail.price)} a share` : `${text(trail.percent)} %`;

/** Whole shares whose stops together cost at most the risk. */
function sharesFor(ticker: string, risk: Big | null, riskPerShare: Big | null): Quantity {
  if (risk === null || !riskPerShare?.gt('0')) return zeroQuantity;
  const shares = tradable(ticker, risk.div(riskPerShare));
  // A quotient is kept to 20 decimals: one that was rounded up to a whole number is a share too many.
  return shares.times(riskPerShare).gt(risk)
    ? (shares.minus(isPair(ticker) ? '0.000000001' : '1') as Quantity)
    : shares;
}

function entrySentence(signal: TradeSignal, levels: Levels, quantity: Quantity, sent: Price | null): string {
  const { entry, stop, riskPerShare } = levels;
  if (!entry || !stop || !riskPerShare) return 'The quantity could not be worked out: there is no price to work from.';
  if (signal.quantity || !signal.riskAmount) {
    return `${text(quantity)} shares, as the alert says, with ${text(riskPerShare)} a share at risk (entry ${text(entry)}, stop ${text(stop)}).`;
  }
  const sizing = `${text(signal.riskAmount)} at risk / ${text(riskPerShare)} a share (entry ${text(entry)}, stop ${text(stop)}) = ${text(quantity)} shares.`;
  return sent && !sent.eq(stop) ? `${sizing} The stop is sent as ${text(sent)}, on the venue's grid.` : sizing;
}

function entryProblem(
  side: Side,
  signal: TradeSignal,
  strategy: StrategySettings,
  levels: Levels,
  quantity: Quantity,
  stopLoss: Price | null,
): Sizing['problem'] {
  if (side === 'sell' && !strategy.allowShort) {
    // An alert with a stop above its entry means to open a short; one without prices means to close what is not there.
    return signal.stopLoss !== null || signal.action !== 'sell'
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
  if (side === 'buy' ? stopLoss.gte(levels.entry) : stopLoss.lte(levels.entry)) {
    const right = side === 'buy' ? 'below' : 'above';
    return {
      code: 'RISK_STOP_SIDE',
      sentence: `Not sent: the stop ${text(stopLoss)} is not ${right} the entry ${text(levels.entry)}.`,
    };
  }
  if (quantity.eq('0')) {
    return {
      code: 'RISK_ZERO_QUANTITY',
      sentence: signal.quantity
        ? `Not sent: ${text(signal.quantity)} is less than one share.`
        : `Not sent: ${text(signal.riskAmount ?? zeroQuantity)} at risk buys less than one share at ${text(levels.riskPerShare!)} a share.`,
    };
  }
  return null;
}

/** What of a position is to be closed. */
export interface Closing {
  /** Signed. */
  readonly held: Quantity;
  /** With what open entries may still add; signed. */
  readonly coming: Quantity;
  /** Null: all of it. */
  readonly wanted: Quantity | null;
  readonly method: Extract<SizingMethod, 'close_position' | 'close_part' | 'reduce_by_risk'>;
  /** What else the alert and the settings say; for the record. */
  readonly levels: Levels | null;
}

/** Sizes an exit on a side, at about `near`: at most what is held and coming. */
export function sizeExit(side: Side, signal: TradeSignal, near: Price | null, closing: Closing): Sizing {
  const { held, coming, wanted, method } = closing;
  const whole = coming.abs() as Quantity;
  const quantity = wanted?.lt(whole) ? wanted : whole;
  const way = coming.gt('0') ? 'long' : 'short';
  const unfilled = coming.eq(held) ? '' : `, ${text(whole.minus(held.abs()))} of them not filled yet`;
  const what = `${text(quantity)} of ${text(whole)} ${signal.ticker} ${way}${unfilled}`;
  const none: Levels = { ...noLevels, entry: near, entryFrom: near && 'quote' };
  const levels = { ...(closing.levels ?? none), stop: null, stopFrom: null, target: null, targetFrom: null };
  const sentence = method === 'reduce_by_risk' ? `Closes ${what}, as sized by the risk amount.` : `Closes ${what}.`;
  return {
    intent: 'exit',
    side,
    quantity,
    referencePrice: near,
    limitPrice: null,
    // Protection belongs to entries; a closing order needs none.
    stopLoss: null,
    takeProfit: null,
    targets: [],
    trail: null,
    record: recordOf(method, signal, levels, quantity, sentence),
    problem: quantity.gt('0')
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

const noLevels: Levels = {
  entry: null,
  entryFrom: null,
  stop: null,
  stopFrom: null,
  target: null,
  targetFrom: null,
  riskPerShare: null,
};

/** The record of a sizing; decimals as text. */
export function recordOf(
  method: SizingRecord['method'],
  signal: TradeSignal,
  levels: Levels,
  quantity: Quantity,
  sentence: string,
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
  };
}
