import { type Big, type Price, text } from '../../core/decimal.ts';
import type { SizingRecord } from '../../core/model/decision.ts';
import type { OrderTerms } from '../../core/model/order-terms.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { Side, Target } from '../../core/model/signal.ts';
import { chosenOf } from './book.ts';
import type { SizingContext } from './context.ts';
import { entryTerms } from './entry-terms.ts';
import { toTick } from './grid.ts';
import { type NoSize, noSize } from './method.ts';

/** The prices an order is sized by. */
export interface Levels {
  /** How an entry is sent. */
  readonly terms: OrderTerms;
  /** Where it rests until the market comes to it; null: it is for the market as it is. */
  readonly restsAt: Price | null;
  /** What is wrong with its terms; null: nothing. */
  readonly termsProblem: NoSize | null;
  /** The price that it can fill at. */
  readonly entry: Price | null;
  readonly entryFrom: SizingRecord['entryFrom'];
  readonly stop: Price | null;
  readonly stopFrom: SizingRecord['stopFrom'];
  /** How the stop came about, where the alert does not name its price; null: it does. */
  readonly stopHow: string | null;
  /** Why they could not; null: they could, or had not to. */
  readonly stopProblem: NoSize | null;
  readonly target: Price | null;
  readonly targetFrom: SizingRecord['takeProfitFrom'];
  /** Why there is none though the alert names one; null: there is, or it does not. */
  readonly targetProblem: NoSize | null;
  readonly riskPerShare: Big | null;
}

/**
 * The alert's own prices count, as prices, or as distances from the entry; what it leaves open comes from the live quote (ask to buy, bid
 * to sell) and the strategy's settings. Distances are measured from the alert's entry price, and without one from the price that the
 * order can fill at; what is at risk always from that price.
 */
export function priceLevels(side: Side, context: SizingContext): Levels {
  const { signal } = context;
  const buy = side === 'buy';
  const { terms, fill: entry, fillFrom, reference, restsAt, problem } = entryTerms(side, context);
  const named = signal.stopLoss ?? relativeStop(buy, reference, signal);
  const placed = named === null && entry !== null ? placedStop(side, entry, context) : null;
  const stop = named ?? placed?.stop ?? null;
  const riskPerShare = entry !== null && stop !== null ? entry.minus(stop).abs() : null;
  const target = targetOf(buy, context, { reference, entry, riskPerShare });
  return {
    terms,
    restsAt,
    termsProblem: problem,
    entry,
    entryFrom: fillFrom,
    stop,
    stopFrom: named ? 'alert' : stop ? 'strategy' : null,
    stopHow: placed?.how ?? (signal.stopLoss ? null : distanceInWords(buy, reference, signal)),
    stopProblem: placed?.problem ?? null,
    target: target.at,
    targetFrom: target.at && target.from,
    targetProblem: target.problem,
    riskPerShare,
  };
}

type Signal = SizingContext['signal'];

/** The stop at the alert's own distance; rounded away from the entry, so that the risk per share is never understated. */
function relativeStop(
  buy: boolean,
  reference: Price | null,
  { stopLossPercent, stopLossAmount }: Pick<Signal, 'stopLossPercent' | 'stopLossAmount'>,
): Price | null {
  const away = stopLossAmount ?? (reference && stopLossPercent && reference.times(stopLossPercent).div('100'));
  if (!away || !reference) return null;
  return toTick(buy ? reference.minus(away) : reference.plus(away), buy ? 'down' : 'up');
}

function distanceInWords(buy: boolean, reference: Price | null, signal: Signal): string | null {
  const { stopLossPercent, stopLossAmount } = signal;
  if (!reference || (!stopLossPercent && !stopLossAmount)) return null;
  const far = stopLossPercent ? `${text(stopLossPercent)} %` : text(stopLossAmount!);
  return `The stop is ${far} ${buy ? 'below' : 'above'} ${text(reference)}, as the alert says.`;
}

interface Measured {
  readonly reference: Price | null;
  readonly entry: Price | null;
  readonly riskPerShare: Big | null;
}

interface FoundTarget {
  readonly at: Price | null;
  readonly from: 'alert' | 'strategy';
  readonly problem: NoSize | null;
}

/** Of several targets the nearest stands for all. A stop that trails is what takes the profit, unless the alert says otherwise. */
function targetOf(buy: boolean, { signal, strategy }: SizingContext, measured: Measured): FoundTarget {
  const { reference, entry, riskPerShare } = measured;
  const named = signal.takeProfit ?? nearest(buy, signal.takeProfits);
  if (named) return { at: named, from: 'alert', problem: null };
  const { takeProfitPercent, takeProfitAmount, takeProfitRisk } = signal;
  if (takeProfitPercent || takeProfitAmount || takeProfitRisk) {
    const from = takeProfitRisk ? entry : reference;
    const gain =
      takeProfitAmount ??
      (takeProfitRisk ? riskPerShare?.times(takeProfitRisk) : from?.times(takeProfitPercent!).div('100'));
    // Without a price there is nothing to say of it: that is what the refusal will be about.
    if (!from || !gain) return { at: null, from: 'alert', problem: null };
    const at = beyond(buy, from, gain);
    if (at.gt('0')) return { at, from: 'alert', problem: null };
    const sentence = `a target ${text(gain)} below ${text(from)} is no price above zero.`;
    return { at: null, from: 'alert', problem: noSize('RISK_NO_TARGET', sentence) };
  }
  const trails = signal.trailAmount !== null || signal.trailPercent !== null;
  return { at: trails ? null : derivedTarget(buy, strategy, entry, riskPerShare), from: 'strategy', problem: null };
}

/** Rounded toward the entry: the target is reached no later than was said. */
const beyond = (buy: boolean, from: Big, gain: Big): Price =>
  toTick(buy ? from.plus(gain) : from.minus(gain), buy ? 'down' : 'up');

interface PlacedStop {
  readonly stop: Price | null;
  readonly how: string | null;
  readonly problem: NoSize | null;
}

/** The stop as the strategy's settings have it. What cannot be worked out is said, and never guessed. */
function placedStop(side: Side, entry: Price, { strategy, signal, market, book }: SizingContext): PlacedStop {
  const nowhere = (problem: NoSize): PlacedStop => ({ stop: null, how: null, problem });
  const chosen = chosenOf(book.stops, strategy.stop);
  if (typeof chosen === 'string')
    return nowhere(noSize('RISK_SIZING_UNREADABLE', `its stop cannot be read: ${chosen}.`));
  const { method, values } = chosen;
  try {
    const placed = method.place(
      {
        ...{ side, entry, symbol: signal.ticker, stopDistance: strategy.stopDistance },
        bars: market.dailyBars(signal.ticker),
      },
      values as never,
    );
    if (placed.found === 'nothing')
      return nowhere(noSize('RISK_NO_STOP', `the alert has no stop, and ${placed.sentence}`));
    // Rounded away from the entry: the stop is never nearer than the settings say, and the risk per share never understated.
    return { stop: toTick(placed.at, side === 'buy' ? 'down' : 'up'), how: placed.how, problem: null };
  } catch (error) {
    // Bars that cannot be meant; a stop from them would be a wrong order.
    const why = error instanceof Error ? error.message : String(error);
    return nowhere(noSize('RISK_NO_STOP', `the alert has no stop, and the strategy’s could not be placed (${why}).`));
  }
}

const nearest = (buy: boolean, targets: readonly Target[]): Price | null =>
  targets.reduce<Price | null>(
    (near, { price }) => (near === null || (buy ? price.lt(near) : price.gt(near)) ? price : near),
    null,
  );

function derivedTarget(
  buy: boolean,
  strategy: StrategySettings,
  entry: Price | null,
  riskPerShare: Big | null,
): Price | null {
  if (entry === null || riskPerShare === null || strategy.takeProfitRiskMultiple === null) return null;
  const target = beyond(buy, entry, riskPerShare.times(strategy.takeProfitRiskMultiple));
  // A short cannot gain more than its whole price: a target at or below zero is none.
  return target.gt('0') ? target : null;
}
