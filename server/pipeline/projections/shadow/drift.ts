import { type Big, decimal, type Money, money, type Price, type Quantity } from '../../../core/decimal.ts';
import type { OrderRole } from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { RoundTrip } from './round-trips.ts';
import { median, percentile, slippageBps, sumOf } from './slippage.ts';

/** An order of a signal that ended, or is filled in part, in one of the two accounts. */
export interface ShadowedOrder {
  readonly signalId: string;
  /** Which of the decision's orders, from 0; a leg has its parent's. */
  readonly step: number;
  readonly role: OrderRole;
  readonly symbol: string;
  readonly side: Side;
  readonly filledQuantity: Quantity;
  /** Null: nothing was filled. */
  readonly averagePrice: Price | null;
  readonly firstFillAt: Date | null;
  /** Whether nothing more can be filled. */
  readonly final: boolean;
}

/** One order in production beside its twin on paper. */
export interface Pair {
  readonly production: ShadowedOrder;
  readonly paper: ShadowedOrder;
  /** What production was worse by, in basis points of the price on paper. */
  readonly bps: Big;
  /** From the fill on paper to the one in production; negative when production was first. */
  readonly laterMs: number;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Filled on paper, ended without a fill in production: the fill that paper promised and the market did not give. */
  readonly missedInProduction: readonly ShadowedOrder[];
  readonly missedOnPaper: readonly ShadowedOrder[];
}

const keyOf = (order: ShadowedOrder): string => `${order.signalId} ${order.step} ${order.role}`;

/** Pairs the orders of each signal. What has no twin (a decision that one account's rules denied) is no drift, and left out. */
export function pairOrders(production: readonly ShadowedOrder[], paper: readonly ShadowedOrder[]): Pairing {
  const twins = new Map(paper.map((order) => [keyOf(order), order]));
  const pairs: Pair[] = [];
  const missedInProduction: ShadowedOrder[] = [];
  const missedOnPaper: ShadowedOrder[] = [];
  for (const order of production) {
    const twin = twins.get(keyOf(order));
    if (twin === undefined) continue;
    if (order.averagePrice && twin.averagePrice) {
      pairs.push({
        production: order,
        paper: twin,
        bps: slippageBps(order.side, order.averagePrice, twin.averagePrice),
        laterMs: order.firstFillAt!.getTime() - twin.firstFillAt!.getTime(),
      });
    } else if (order.averagePrice && twin.final) missedOnPaper.push(order);
    else if (twin.averagePrice && order.final) missedInProduction.push(order);
  }
  return { pairs, missedInProduction, missedOnPaper };
}

/** How far production is from paper. Basis points are positive when production is worse. */
export interface Drift {
  readonly pairs: number;
  readonly medianBps: Big | null;
  readonly meanBps: Big | null;
  /** Of the absolute values. */
  readonly p95Bps: Big | null;
  readonly missedInProduction: number;
  readonly missedOnPaper: number;
  readonly medianLaterMs: number | null;
  /** Closed in both. */
  readonly trades: number;
  readonly productionPnl: Money;
  readonly paperPnl: Money;
  /** Production's less paper's. */
  readonly pnlDifference: Money;
  /** The same in multiples of what each trade put at risk, summed over the trades whose risk is known; null: none is. */
  readonly differenceInR: Big | null;
}

/** A trade that the same signal opened in both accounts, and that is closed in both. */
export interface TradeInBoth {
  readonly real: RoundTrip;
  readonly paper: RoundTrip;
}

/** The trades that can be compared, in the order of production's. */
export function tradesInBoth(trades: {
  readonly production: readonly RoundTrip[];
  readonly paper: readonly RoundTrip[];
}): TradeInBoth[] {
  const paperBySignal = new Map(trades.paper.map((trade) => [`${trade.signalId} ${trade.symbol}`, trade]));
  return trades.production.flatMap((real) => {
    const paper = real.signalId === null ? undefined : paperBySignal.get(`${real.signalId} ${real.symbol}`);
    return paper ? [{ real, paper }] : [];
  });
}

/** `riskOf` is the amount a signal put at risk; null: it did not say. */
export function driftOf(
  pairing: Pairing,
  both: readonly TradeInBoth[],
  riskOf: (signalId: string) => Money | null,
): Drift {
  const bps = pairing.pairs.map((pair) => pair.bps);
  const inR = both.flatMap(({ real, paper }) => {
    const risk = riskOf(real.signalId!);
    return risk?.gt('0') ? [real.pnl.minus(paper.pnl).div(risk)] : [];
  });
  const productionPnl = sumOf(both.map(({ real }) => real.pnl));
  const paperPnl = sumOf(both.map(({ paper }) => paper.pnl));
  const later = median(pairing.pairs.map((pair) => decimal(String(pair.laterMs))));
  return {
    pairs: bps.length,
    medianBps: median(bps),
    meanBps: bps.length === 0 ? null : sumOf(bps).div(String(bps.length)).round(2),
    p95Bps: percentile(
      bps.map((one) => one.abs()),
      0.95,
    ),
    missedInProduction: pairing.missedInProduction.length,
    missedOnPaper: pairing.missedOnPaper.length,
    medianLaterMs: later && Math.round(Number(later.toFixed())),
    trades: both.length,
    productionPnl: money(productionPnl),
    paperPnl: money(paperPnl),
    pnlDifference: money(productionPnl.minus(paperPnl)),
    differenceInR: inR.length === 0 ? null : sumOf(inR).round(4),
  };
}
