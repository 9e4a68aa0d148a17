import { type Big, type Price, price, rounding } from '../../core/decimal.ts';
import type { SizingRecord } from '../../core/model/decision.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { Side, Target } from '../../core/model/signal.ts';
import { chosenOf } from './book.ts';
import type { SizingContext } from './context.ts';
import { type NoSize, noSize } from './method.ts';

/** The prices an order is sized by. */
export interface Levels {
  readonly entry: Price | null;
  readonly entryFrom: SizingRecord['entryFrom'];
  readonly stop: Price | null;
  readonly stopFrom: SizingRecord['stopFrom'];
  /** How the strategy's settings placed the stop; null: they did not. */
  readonly stopHow: string | null;
  /** Why they could not; null: they could, or had not to. */
  readonly stopProblem: NoSize | null;
  readonly target: Price | null;
  readonly targetFrom: SizingRecord['takeProfitFrom'];
  readonly riskPerShare: Big | null;
}

/** The alert's own prices count; what it leaves open comes from the live quote (ask to buy, bid to sell) and the strategy's settings. */
export function priceLevels(side: Side, context: SizingContext): Levels {
  const { signal, strategy, quote } = context;
  const buy = side === 'buy';
  const live = quote && (buy ? quote.ask : quote.bid);
  const entry = signal.entryPrice ?? live;
  const placed = signal.stopLoss === null && entry !== null ? placedStop(side, entry, context) : null;
  const stop = signal.stopLoss ?? placed?.stop ?? null;
  const riskPerShare = entry !== null && stop !== null ? entry.minus(stop).abs() : null;
  // Of several targets the nearest stands for all. A stop that trails is what takes the profit, unless the alert says otherwise.
  const named = signal.takeProfit ?? nearest(buy, signal.takeProfits);
  const trails = signal.trailAmount !== null || signal.trailPercent !== null;
  const target = named ?? (trails ? null : derivedTarget(buy, strategy, entry, riskPerShare));
  return {
    entry,
    entryFrom: signal.entryPrice ? 'alert' : live ? 'quote' : null,
    stop,
    stopFrom: signal.stopLoss ? 'alert' : stop ? 'strategy' : null,
    stopHow: placed?.how ?? null,
    stopProblem: placed?.problem ?? null,
    target,
    targetFrom: named ? 'alert' : target ? 'strategy' : null,
    riskPerShare,
  };
}

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
  const gain = riskPerShare.times(strategy.takeProfitRiskMultiple);
  // Rounded toward the entry: the target is reached no later than the settings say.
  const target = toTick(buy ? entry.plus(gain) : entry.minus(gain), buy ? 'down' : 'up');
  // A short cannot gain more than its whole price: a target at or below zero is none.
  return target.gt('0') ? target : null;
}

/**
 * An alert's price on the venue's grid, as it is sent. Scripts compute prices to many decimals, which venues refuse. A stop or target is
 * rounded toward the entry, by less than a tick: the stop then costs no more than it was sized for.
 */
export const protectionOnGrid = (buy: boolean, kind: 'stop' | 'target', value: Price): Price =>
  toTick(value, buy === (kind === 'stop') ? 'up' : 'down');

/** A limit on the venue's grid: never paying more, never selling for less than the alert said. */
export const limitOnGrid = (buy: boolean, value: Price): Price => toTick(value, buy ? 'down' : 'up');

/** Cents from a dollar up, hundredths of a cent below (SEC Rule 612). */
function toTick(value: Big, direction: 'up' | 'down'): Price {
  const decimals = value.gte('1') ? 2 : 4;
  return price(value.round(decimals, direction === 'up' ? rounding.awayFromZero : rounding.towardZero));
}
