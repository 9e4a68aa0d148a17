// The share of equity that makes a bet's money grow fastest, if its odds are known and stay. They are neither, so that a desk takes a
// fraction of it, under a cap. (J. L. Kelly 1956, "A New Interpretation of Information Rate"; E. O. Thorp 2006, "The Kelly Criterion in
// Blackjack, Sports Betting, and the Stock Market".)
import { Big, minimum, rounding } from '../decimal.ts';
import { toAmount } from './amounts.ts';
import type { ClosedTrade } from './closed-trade.ts';
import { isConstant, mean, requireCount, requireFinite, type Series } from './series.ts';
import { sampleVariance } from './volatility.ts';

/** How much of the full fraction is taken. */
export interface KellyOptions {
  /** Of the full Kelly fraction, in (0, 1]: 0.25 is quarter Kelly. */
  readonly fraction: Big;
  /** The largest share of equity, above 0, whatever the trades say. */
  readonly cap: Big;
  /** Fewer trades (or returns) than these say nothing. */
  readonly atLeast: number;
}

/** What closed trades say. Ratios, not money; 20 places. */
export interface KellyOfTrades {
  readonly wins: number;
  readonly losses: number;
  /** wins / (wins + losses). */
  readonly winRate: Big;
  /** Mean win / mean loss; 0 without a win. */
  readonly payoffRatio: Big;
  /** The full Kelly fraction; not above zero: the trades lost money, or earned none. Null without a win, where it has no lower end. */
  readonly full: Big | null;
  /** What to risk: full x fraction, at most the cap, 0 without an edge; 12 places, rounded down. */
  readonly applied: Big;
}

/**
 * From closed trades, in any order: full = p - (1 - p) / b, of win rate p and payoff ratio b. Trades that earned exactly nothing count
 * neither way, which is what maximises the growth when such trades are possible. `applied` is a share of equity to put at risk up to the
 * stop, where one losing trade loses what was at risk.
 *
 * Null with fewer than `atLeast` trades that won or lost, and with no losing trade, when the payoff ratio is not known and nothing says how
 * much a loss would be. Throws a `RangeError` for options that are not usable.
 */
export function kellyOfTrades(trades: readonly ClosedTrade[], options: KellyOptions): KellyOfTrades | null {
  requireOptions(options);
  let [wins, losses, won, lost] = [0, 0, zero, zero];
  for (const { profit } of trades) {
    if (profit.gt('0')) {
      wins++;
      won = won.plus(profit);
    } else if (profit.lt('0')) {
      losses++;
      lost = lost.minus(profit);
    }
  }
  if (wins + losses < options.atLeast || losses === 0) return null;
  const winRate = count(wins).div(count(wins + losses));
  if (wins === 0) return { wins, losses, winRate, payoffRatio: zero, full: null, applied: zero };
  const payoffRatio = won.times(count(losses)).div(lost.times(count(wins)));
  // (1 - p) / b = lost / won x p, exact up to one division, so that an edge of nothing is not a little more than nothing.
  const full = won
    .minus(lost)
    .times(count(wins))
    .div(won.times(count(wins + losses)));
  return { wins, losses, winRate, payoffRatio, full, applied: applied(full, options) };
}

/** What a series of returns says. */
export interface KellyOfReturns {
  readonly observations: number;
  readonly mean: number;
  readonly variance: number;
  /** mean / variance: the share of equity to hold, above 1 with borrowed money. */
  readonly full: number;
  /** As of trades, but a share of equity to hold, not to risk. */
  readonly applied: Big;
}

/**
 * From returns per period over the rate at which money is borrowed: full = mean / variance (Thorp 2006, section 7.1), the sample variance.
 * Null with fewer than `atLeast` (and two) returns, and for returns that do not vary, which no market has. Throws a `RangeError` for a return
 * that is not finite, and for options that are not usable.
 */
export function kellyOfReturns(returns: Series, options: KellyOptions): KellyOfReturns | null {
  requireOptions(options);
  requireFinite(returns, 'returns');
  if (returns.length < options.atLeast || isConstant(returns)) return null;
  const average = mean(returns)!;
  const variance = sampleVariance(returns)!;
  const full = average / variance;
  if (!Number.isFinite(full)) return null;
  return { observations: returns.length, mean: average, variance, full, applied: applied(toAmount(full), options) };
}

const zero = new Big('0');
const count = (value: number): Big => new Big(String(value));

function applied(full: Big, { fraction, cap }: KellyOptions): Big {
  if (full.lte('0')) return zero;
  return minimum(full.times(fraction), cap).round(12, rounding.towardZero);
}

function requireOptions({ fraction, cap, atLeast }: KellyOptions): void {
  requireCount(atLeast, 1, 'atLeast');
  if (fraction.lte('0') || fraction.gt('1')) throw new RangeError(`a fraction of Kelly must be in (0, 1]: ${fraction}`);
  if (cap.lte('0')) throw new RangeError(`a cap must be above zero: ${cap}`);
}
