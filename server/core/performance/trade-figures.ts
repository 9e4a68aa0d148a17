// What closed trades say. Money stays decimal; ratios of money are divided once. A trade that earned exactly nothing is neither a win nor a loss.
import { type Big, decimal, type Money, money, type Quantity, zeroMoney } from '../decimal.ts';
import type { Side } from '../model/signal.ts';
import { byClose, type ClosedTrade } from '../risk-figures/closed-trade.ts';

/** From nothing held to nothing held again, of one strategy in one account and symbol. */
export interface Trade extends ClosedTrade {
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly openedAt: Date;
  /** Shares opened over its life, without sign. */
  readonly quantity: Quantity;
  /** What its decision would have lost at the stop, for these shares; null: there was no stop, or no decision. */
  readonly risk: Money | null;
}

/** A run of trades that all won, or all lost. */
export interface Streak {
  readonly kind: 'wins' | 'losses' | 'none';
  readonly length: number;
}

/** What trades come to. Ratios have 20 places; null: the trades do not settle it. */
export interface TradeFigures {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** After fees. */
  readonly profit: Money;
  /** Of the wins. */
  readonly won: Money;
  /** Of the losses, without sign. */
  readonly lost: Money;
  /** wins / trades. */
  readonly winRate: Big | null;
  readonly averageWin: Money | null;
  /** Without sign. */
  readonly averageLoss: Money | null;
  /** averageWin / averageLoss. */
  readonly payoffRatio: Big | null;
  /** won / lost (J. D. Schwager 1995, "Technical Analysis", chapter 21). */
  readonly profitFactor: Big | null;
  /** profit / trades: what a trade earned on average. */
  readonly expectancy: Money | null;
  /** Mean of profit over what was at risk, in multiples of it (Van K. Tharp 1998, "Trade Your Way to Financial Freedom", chapter 6). */
  readonly expectancyR: Big | null;
  /** Trades with a known risk: those that `expectancyR` is of. */
  readonly withRisk: number;
  readonly largestWin: Money | null;
  /** Without sign. */
  readonly largestLoss: Money | null;
  readonly longestWins: number;
  readonly longestLosses: number;
  /** By the trades that closed last. */
  readonly current: Streak;
  /** Mean time from the opening to the close, in milliseconds. */
  readonly heldMs: number | null;
}

const zero = decimal('0');
const count = (value: number): Big => decimal(String(value));
const mean = (sum: Big, of: number): Money | null => (of === 0 ? null : money(sum.div(count(of))));

/** Works out what trades come to, in whatever order they are given. Throws a `RangeError` for a close at no moment. */
export function tradeFigures(trades: readonly Trade[]): TradeFigures {
  const wins = trades.filter(({ profit }) => profit.gt('0'));
  const losses = trades.filter(({ profit }) => profit.lt('0'));
  const won = sumOf(wins);
  const lost = money(sumOf(losses).neg());
  const profit = money(won.minus(lost));
  const averageWin = mean(won, wins.length);
  const averageLoss = mean(lost, losses.length);
  const multiples = trades.flatMap(({ profit: made, risk }) => (risk?.gt('0') ? [made.div(risk)] : []));
  return {
    ...{ trades: trades.length, wins: wins.length, losses: losses.length, profit, won, lost },
    winRate: trades.length === 0 ? null : count(wins.length).div(count(trades.length)),
    ...{ averageWin, averageLoss },
    payoffRatio: averageWin && averageLoss && averageWin.div(averageLoss),
    profitFactor: losses.length === 0 ? null : won.div(lost),
    expectancy: mean(profit, trades.length),
    expectancyR: mean(
      multiples.reduce<Big>((sum, one) => sum.plus(one), zero),
      multiples.length,
    ),
    withRisk: multiples.length,
    largestWin: wins.reduce<Money | null>((most, one) => (most?.gte(one.profit) ? most : one.profit), null),
    largestLoss: losses.reduce<Money | null>(
      (most, one) => (most?.gte(one.profit.neg()) ? most : money(one.profit.neg())),
      null,
    ),
    ...streaksOf(trades),
    heldMs:
      trades.length === 0
        ? null
        : trades.reduce((sum, one) => sum + one.closedAt.getTime() - one.openedAt.getTime(), 0) / trades.length,
  };
}

const sumOf = (trades: readonly Trade[]): Money =>
  trades.reduce((sum, { profit }) => money(sum.plus(profit)), zeroMoney);

/** One that earned nothing neither counts nor ends a run, as in `losingStreak`. */
function streaksOf(trades: readonly Trade[]): Pick<TradeFigures, 'longestWins' | 'longestLosses' | 'current'> {
  let current: Streak = { kind: 'none', length: 0 };
  const longest = { wins: 0, losses: 0 };
  for (const { profit } of byClose(trades)) {
    if (profit.eq('0')) continue;
    const kind = profit.gt('0') ? 'wins' : 'losses';
    current = { kind, length: current.kind === kind ? current.length + 1 : 1 };
    longest[kind] = Math.max(longest[kind], current.length);
  }
  return { longestWins: longest.wins, longestLosses: longest.losses, current };
}
