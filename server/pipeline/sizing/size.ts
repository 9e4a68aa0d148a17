import {
  type Big,
  decimal,
  type Price,
  type Quantity,
  quantity as shares,
  text,
  zeroQuantity,
} from '../../core/decimal.ts';
import type { DecisionIntent, SizingMethod, SizingRecord } from '../../core/model/decision.ts';
import type { Trail } from '../../core/model/order.ts';
import type { OrderTerms } from '../../core/model/order-terms.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { Side, Target, TradeSignal } from '../../core/model/signal.ts';
import { capped, tooSmall } from './bounds.ts';
import { methodFor } from './chosen-method.ts';
import type { SizingContext } from './context.ts';
import { termsInWords } from './entry-terms.ts';
import { exitTerms } from './exit-terms.ts';
import { limitOnGrid, protectionOnGrid } from './grid.ts';
import { type Levels, priceLevels } from './levels.ts';
import { lotInWords, lotOf, lotOfHeld, lotsIn } from './lots.ts';
import { isNoSize, type NoSize, noSize, type Wish } from './method.ts';
import { nearOf } from './near.ts';
import { recordOf } from './record.ts';
import { sizeExit } from './size-exit.ts';

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
  /** How it is sent. */
  readonly terms: OrderTerms;
  /** Where an entry rests until the market comes to it; null: it is for the market as it is. */
  readonly restsAt: Price | null;
  readonly stopLoss: Price | null;
  /** The limit of the stop; null: it is a plain stop. */
  readonly stopLossLimit: Price | null;
  /** Of several targets, the nearest. */
  readonly takeProfit: Price | null;
  /** The orders an entry is split into; empty: it is one. Their quantities add up to `quantity`. */
  readonly targets: readonly SizedTarget[];
  /** How the stop of what has no target trails; null: it does not. */
  readonly trail: Trail | null;
  /** What the quantity is a multiple of. */
  readonly lot: Quantity;
  readonly record: SizingRecord;
  readonly problem: { readonly code: RefusalCode; readonly sentence: string } | null;
}

/**
 * Works out the quantity of a buy or a sell. An entry: as the strategy's method has it. A signal against an open position is an exit: the
 * whole of it, or what the risk amount sizes and at most what is held. What open entries may still add counts as the position: an exit that
 * comes before its entry is filled means that one too.
 */
export function size(context: SizingContext): Sizing {
  const { signal, strategy, holding } = context;
  const { side } = signal;
  if (side === null) throw new Error('a buy or a sell names its side');
  const { held } = holding;
  const coming = held.plus(holding.entering) as Quantity;
  const against = side === 'sell' ? coming.gt('0') : coming.lt('0');
  if (!against) return sizeEntry(side, context);
  const levels = priceLevels(side, context);
  const { riskPerShare } = levels;
  const near = signal.entryPrice ?? nearOf(side, context.quote);
  const { terms, problem } = exitTerms(side, signal, near);
  const risk = strategy.exit === 'reduce' && riskPerShare?.gt('0') ? signal.riskAmount : null;
  return sizeExit(side, signal, terms.limitPrice ?? near, {
    ...{ terms, problem },
    held,
    coming,
    wanted: risk ? lotsIn(risk, riskPerShare!, lotOfHeld(coming)) : null,
    method: risk ? 'reduce_by_risk' : 'close_position',
    levels: { ...levels, entry: near, entryFrom: signal.entryPrice ? 'alert' : near && 'quote' },
  });
}

/** What an entry is to be, whoever says so. */
interface Asked {
  readonly method: SizingMethod;
  readonly wish: Wish | NoSize;
}

/** An entry of so many shares, whatever the strategy's method is. */
export const entryOf = (method: SizingMethod, wanted: Big, sum: string, inputs: Wish['inputs']): Asked => ({
  method,
  wish: { found: 'size', amount: wanted, per: one, sum, inputs },
});

/** Sizes an entry on a side: as asked, by the quantity that the alert names, or by the strategy's method. */
export function sizeEntry(side: Side, context: SizingContext, asked?: Asked): Sizing {
  const { signal } = context;
  const levels = priceLevels(side, context);
  const { entry, stop, target } = levels;
  const buy = side === 'buy';
  const lot = lotOf(context, side);
  const stopLoss = stop && protectionOnGrid(buy, 'stop', stop);
  const { method, wish } = asked ?? askedBy(side, context, levels);
  const exact = wish.found === 'size' ? lotsIn(wish.amount, wish.per, lot) : zeroQuantity;
  const { quantity, said } = capped(exact, entry, lot, context);
  const takeProfit = target && protectionOnGrid(buy, 'target', target);
  const targets = splitBetween(buy, quantity, lot, signal.takeProfits);
  const trail = trailOf(signal);
  const sentences = [entrySentence(method, context, levels, wish, exact, stopLoss), ...said];
  if (targets.length > 1) sentences.push(`${targets.map(targetInWords).join(', ')}.`);
  const sent = termsInWords(levels.terms);
  if (sent) sentences.push(sent);
  if (trail) sentences.push(`Its stop follows the market by ${trailInWords(trail)}.`);
  const inputs = wish.found === 'size' ? wish.inputs : undefined;
  const problem =
    pricesProblem(side, context, levels, stopLoss) ??
    sizeProblem(method, context, wish, lot, { exact, quantity, said }) ??
    tooSmall(quantity, entry!, lot, context);
  return {
    intent: 'entry',
    side,
    quantity,
    referencePrice: entry,
    terms: levels.terms,
    restsAt: levels.restsAt,
    stopLoss,
    stopLossLimit: signal.stopLossLimit && limitOnGrid(!buy, signal.stopLossLimit),
    takeProfit,
    targets,
    trail,
    lot,
    record: {
      ...recordOf(method, signal, levels, quantity, sentences.join(' '), inputs),
      ...targetsInRecord(targets),
      ...(trail && { trail: trailInWords(trail) }),
    },
    problem: problem && { code: problem.code, sentence: `Not sent: ${problem.sentence}` },
  };
}

/** What the limits left of an entry: its targets share that. */
export function sizedDownTo(left: Quantity, sized: Sizing, { takeProfits }: TradeSignal): Sizing {
  const targets = splitBetween(sized.side === 'buy', left, sized.lot, takeProfits);
  const { targets: _before, ...record } = sized.record;
  const sentence = `${record.sentence} Limits leave ${text(left)} of ${text(sized.quantity)}.`;
  return {
    ...sized,
    quantity: left,
    targets,
    record: { ...record, ...targetsInRecord(targets), quantity: text(left), sentence },
  };
}

const one = decimal('1');

function askedBy(side: Side, context: SizingContext, { entry, stop, riskPerShare }: Levels): Asked {
  const { signal } = context;
  const chosen = methodFor(context);
  if (signal.quantity && (isNoSize(chosen) || !chosen.method.readsQuantity)) {
    return entryOf('fixed_quantity', signal.quantity, text(signal.quantity), {});
  }
  if (isNoSize(chosen)) return { method: 'risk_per_share', wish: chosen };
  const { method, values } = chosen;
  const recordAs = method.recordAs;
  // Without prices there is nothing to work from; that is what the refusal will say.
  if (!entry || !stop || !riskPerShare?.gt('0')) {
    return { method: recordAs, wish: noSize('RISK_NO_SIZE', 'there is no price to work from.') };
  }
  try {
    return { method: recordAs, wish: method.wish({ context, side, entry, stop, riskPerShare }, values as never) };
  } catch (error) {
    // Figures that cannot be meant, such as broken bars: no size is better than a wrong one.
    const why = error instanceof Error ? error.message : String(error);
    return { method: recordAs, wish: noSize('RISK_NO_SIZE', `the size could not be worked out (${why}).`) };
  }
}

/** Whole lots for each target, what is left for the last; those that get none are left out. */
function splitBetween(buy: boolean, quantity: Quantity, lot: Quantity, targets: readonly Target[]): SizedTarget[] {
  if (targets.length === 0) return [];
  const sorted = [...targets].sort((a, b) => (buy === a.price.lt(b.price) ? -1 : 1));
  const parts: SizedTarget[] = sorted.map(({ price, portion }) => ({
    price: protectionOnGrid(buy, 'target', price),
    quantity: lotsIn(quantity.times(portion), one, lot),
  }));
  const whole = sorted.reduce<Big>((sum, { portion }) => sum.plus(portion), zeroQuantity).gte('1');
  const given = parts.reduce<Big>((sum, part) => sum.plus(part.quantity), zeroQuantity);
  const rest = shares(quantity.minus(given));
  const last = parts.at(-1)!;
  const all = whole
    ? [...parts.slice(0, -1), { ...last, quantity: shares(last.quantity.plus(rest)) }]
    : [...parts, { price: null, quantity: rest }];
  return all.filter((part) => part.quantity.gt('0'));
}

const targetsInRecord = (targets: readonly SizedTarget[]): Pick<SizingRecord, 'targets'> =>
  targets.length === 0
    ? {}
    : { targets: targets.map((one) => ({ price: one.price && text(one.price), quantity: text(one.quantity) })) };

const targetInWords = ({ price, quantity }: SizedTarget): string =>
  price ? `${text(quantity)} of them with a target of ${text(price)}` : `${text(quantity)} without a target`;

function trailOf(signal: TradeSignal): Trail | null {
  if (signal.trailAmount) return { price: signal.trailAmount };
  return signal.trailPercent ? { percent: signal.trailPercent as Price } : null;
}

const trailInWords = (trail: Trail): string =>
  'price' in trail ? `${text(trail.price)} a share` : `${text(trail.percent)} %`;

function entrySentence(
  method: SizingMethod,
  { signal, strategy }: SizingContext,
  levels: Levels,
  wish: Wish | NoSize,
  quantity: Quantity,
  sent: Price | null,
): string {
  const { entry, stop, stopHow, riskPerShare } = levels;
  if (!entry || !stop || !riskPerShare) return 'The quantity could not be worked out: there is no price to work from.';
  if (wish.found === 'nothing') return `The quantity could not be worked out: ${wish.sentence}`;
  if (method === 'fixed_quantity' && signal.quantity) {
    return `${text(quantity)} shares, as the alert says, with ${text(riskPerShare)} a share at risk (entry ${text(entry)}, stop ${text(stop)}).`;
  }
  const sentences = [`${wish.sum} = ${text(quantity)} shares.`];
  // Of a stop at the plain distance, the prices say all there is to say.
  if (stopHow && (levels.stopFrom === 'alert' || strategy.stop.method !== 'percent')) sentences.push(stopHow);
  if (sent && !sent.eq(stop)) sentences.push(`The stop is sent as ${text(sent)}, on the venue's grid.`);
  return sentences.join(' ');
}

/** What is wrong with the side or the prices. */
function pricesProblem(
  side: Side,
  { signal, strategy }: SizingContext,
  levels: Levels,
  stopLoss: Price | null,
): Omit<NoSize, 'found'> | null {
  if (side === 'sell' && !strategy.allowShort) {
    // An alert with a stop above its entry means to open a short; one without prices means to close what is not there.
    const opens = namesStop(signal) || signal.action !== 'sell' || signal.targetPosition !== null;
    return opens
      ? {
          code: 'RISK_SHORT_NOT_ALLOWED',
          sentence: `selling ${signal.ticker} without a position would open a short, which this strategy does not allow.`,
        }
      : { code: 'RISK_NOTHING_TO_CLOSE', sentence: `there is no ${signal.ticker} position to close.` };
  }
  if (levels.termsProblem) return levels.termsProblem;
  if (levels.entry === null) {
    return {
      code: 'RISK_NO_QUOTE',
      sentence: `the alert has no entry price, and ${signal.ticker} has no fresh quote.`,
    };
  }
  if (levels.stopProblem) return levels.stopProblem;
  if (stopLoss === null || stopLoss.lte('0')) {
    return { code: 'RISK_NO_STOP', sentence: 'there is no stop to size the position by.' };
  }
  if (side === 'buy' ? stopLoss.gte(levels.entry) : stopLoss.lte(levels.entry)) {
    const right = side === 'buy' ? 'below' : 'above';
    return {
      code: 'RISK_STOP_SIDE',
      sentence: `the stop ${text(stopLoss)} is not ${right} the entry ${text(levels.entry)}.`,
    };
  }
  return levels.targetProblem;
}

const namesStop = ({ stopLoss, stopLossPercent, stopLossAmount }: TradeSignal): boolean =>
  stopLoss !== null || stopLossPercent !== null || stopLossAmount !== null;

interface Result {
  readonly exact: Quantity;
  readonly quantity: Quantity;
  readonly said: readonly string[];
}

/** Why there is nothing to send, though the prices are as they should be. */
function sizeProblem(
  method: SizingMethod,
  { signal }: SizingContext,
  wish: Wish | NoSize,
  lot: Quantity,
  { exact, quantity, said }: Result,
): Omit<NoSize, 'found'> | null {
  if (wish.found === 'nothing') return wish;
  if (quantity.gt('0')) return null;
  const what = lotInWords(lot);
  const sentence = exact.gt('0')
    ? `nothing is left of ${text(exact)} ${signal.ticker}. ${said.join(' ')}`
    : signal.quantity
      ? `${text(signal.quantity)} is less than ${what}.`
      : method === 'risk_per_share'
        ? `${text(wish.amount)} at risk buys less than ${what} at ${text(wish.per)} a share.`
        : `${wish.sum} is less than ${what}.`;
  return { code: 'RISK_ZERO_QUANTITY', sentence };
}
