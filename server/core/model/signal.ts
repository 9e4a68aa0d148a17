import { type Big, decimal, type Money, money, type Price, price, type Quantity, quantity, text } from '../decimal.ts';
import type { Mode } from './mode.ts';
import { type SignalTerms, type SignalTermsJson, termsFromJson, termsToJson } from './signal-terms.ts';

export type Side = 'buy' | 'sell';
export const sides = ['buy', 'sell'] as const satisfies readonly Side[];

/** The other side. */
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/**
 * What an alert asks for. `buy` and `sell` open a position, or close one that is held the other way. `exit` closes the strategy's
 * position or a part of it; `flatten` closes all of it and cancels its open entries; `reverse` closes it and enters the other side;
 * `add` makes it larger; `breakeven` moves its stops to what it cost; `cancel` cancels open entries. docs/order-life.md has each step.
 */
export const signalActions = ['buy', 'sell', 'exit', 'flatten', 'reverse', 'add', 'breakeven', 'cancel'] as const;
export type SignalAction = (typeof signalActions)[number];

/** One of several targets: where, and for which part of the entry. */
export interface Target {
  readonly price: Price;
  /** Above 0, at most 1. */
  readonly portion: Big;
}

/** The strategy of an alert that names none. */
export const defaultStrategy = 'default';

/** The side of a position, as scripts name it. */
export const previousPositions = ['long', 'short', 'flat'] as const;
export type PreviousPosition = (typeof previousPositions)[number];

/**
 * What an alert was understood to say, whatever dialect it spoke. Amounts are in the account's currency. `noTerms` is all that it may
 * leave open of how it is carried out.
 */
export interface TradeSignal extends SignalTerms {
  readonly action: SignalAction;
  /** The side the alert names; null where it speaks of what is held, whichever side that is on. Of an exit, that of its order: `sell` closes a long. */
  readonly side: Side | null;
  readonly ticker: string;
  /** What the alert asks for; production still needs the strategy, the account and the master switch to agree. */
  readonly requestedMode: Mode;
  /** The money that is lost when the stop is hit, before slippage; null where nothing is opened, or a quantity is named. */
  readonly riskAmount: Money | null;
  /** Shares to enter or to exit, in place of the risk amount or the whole position; null: not named. */
  readonly quantity: Quantity | null;
  /** The part of the position to exit, above 0 and at most 1; null: all of it, or `quantity`. */
  readonly portion: Big | null;
  /** Null in the short form: the live quote is the entry. */
  readonly entryPrice: Price | null;
  /** Null in the short form: the strategy's settings say where the stop is. */
  readonly stopLoss: Price | null;
  readonly takeProfit: Price | null;
  /** Several targets, nearest first; what their portions leave has the stop only. Empty: `takeProfit` counts. */
  readonly takeProfits: readonly Target[];
  /** The stop follows the market at this distance; at most one of the two. Percent as it is written: "1.5" is 1.5 %. */
  readonly trailAmount: Price | null;
  readonly trailPercent: Big | null;
  /** How far beyond the average cost a break-even stop is put, in the position's favour; null: on it. */
  readonly breakEvenOffset: Price | null;
  /** How sure the alert is, from 0 to 1; null: it does not say. */
  readonly confidence: Big | null;
  /** What is to be held once it is carried out, negative for a short position, in place of an order's quantity; null: not named. */
  readonly targetPosition: Quantity | null;
  /** What its script held before it, as it believes; null: the alert does not say. */
  readonly previousPosition: PreviousPosition | null;
  /** How much of it, without sign; null: the alert does not say. */
  readonly previousSize: Quantity | null;
  /** When the alert fired, by its own account; null when it does not say. */
  readonly firedAt: Date | null;
  /** The sender's own id of the alert, if it carries one. */
  readonly alertId: string | null;
  readonly strategy: string;
  readonly timeframe: string | null;
  /** The account it is for, by name, in place of those the strategy is routed to; null: it names none. */
  readonly account: string | null;
}

/** `TradeSignal` as it is stored and sent: decimal strings and ISO times. Fields that came later are absent in what was stored before. */
export interface TradeSignalJson extends SignalTermsJson {
  action?: SignalAction;
  side: Side | null;
  ticker: string;
  requestedMode: Mode;
  riskAmount: string | null;
  quantity?: string | null;
  portion?: string | null;
  entryPrice: string | null;
  stopLoss: string | null;
  takeProfit: string | null;
  takeProfits?: { price: string; portion: string }[];
  trailAmount?: string | null;
  trailPercent?: string | null;
  breakEvenOffset?: string | null;
  confidence?: string | null;
  targetPosition?: string | null;
  previousPosition?: PreviousPosition | null;
  previousSize?: string | null;
  firedAt: string | null;
  alertId: string | null;
  strategy: string;
  timeframe: string | null;
  account?: string | null;
}

export function signalToJson(
  signal: TradeSignal,
): Required<Omit<TradeSignalJson, keyof SignalTermsJson>> & SignalTermsJson {
  const orNull = (value: Big | null): string | null => value && text(value);
  return {
    action: signal.action,
    side: signal.side,
    ticker: signal.ticker,
    requestedMode: signal.requestedMode,
    riskAmount: orNull(signal.riskAmount),
    quantity: orNull(signal.quantity),
    portion: orNull(signal.portion),
    entryPrice: orNull(signal.entryPrice),
    stopLoss: orNull(signal.stopLoss),
    takeProfit: orNull(signal.takeProfit),
    takeProfits: signal.takeProfits.map((target) => ({ price: text(target.price), portion: text(target.portion) })),
    trailAmount: orNull(signal.trailAmount),
    trailPercent: orNull(signal.trailPercent),
    breakEvenOffset: orNull(signal.breakEvenOffset),
    confidence: orNull(signal.confidence),
    targetPosition: orNull(signal.targetPosition),
    previousPosition: signal.previousPosition,
    previousSize: orNull(signal.previousSize),
    firedAt: signal.firedAt?.toISOString() ?? null,
    alertId: signal.alertId,
    strategy: signal.strategy,
    timeframe: signal.timeframe,
    account: signal.account,
    ...termsToJson(signal),
  };
}

export function signalFromJson(json: TradeSignalJson): TradeSignal {
  const priceOrNull = (value: string | null | undefined): Price | null => (value ? price(value) : null);
  const decimalOrNull = (value: string | null | undefined): Big | null => (value ? decimal(value) : null);
  return {
    // Before there were actions, the side was the action.
    action: json.action ?? json.side ?? 'buy',
    side: json.side,
    ticker: json.ticker,
    requestedMode: json.requestedMode,
    riskAmount: json.riskAmount === null ? null : money(json.riskAmount),
    quantity: json.quantity ? quantity(json.quantity) : null,
    portion: decimalOrNull(json.portion),
    entryPrice: priceOrNull(json.entryPrice),
    stopLoss: priceOrNull(json.stopLoss),
    takeProfit: priceOrNull(json.takeProfit),
    takeProfits: (json.takeProfits ?? []).map((target) => ({
      price: price(target.price),
      portion: decimal(target.portion),
    })),
    trailAmount: priceOrNull(json.trailAmount),
    trailPercent: decimalOrNull(json.trailPercent),
    breakEvenOffset: priceOrNull(json.breakEvenOffset),
    confidence: decimalOrNull(json.confidence),
    targetPosition: json.targetPosition ? quantity(json.targetPosition) : null,
    previousPosition: json.previousPosition ?? null,
    previousSize: json.previousSize ? quantity(json.previousSize) : null,
    firedAt: json.firedAt === null ? null : new Date(json.firedAt),
    alertId: json.alertId,
    strategy: json.strategy,
    timeframe: json.timeframe,
    account: json.account ?? null,
    ...termsFromJson(json),
  };
}

/**
 * Where an alert stands. `accepted`: stored and queued; `refused`: could not be understood, kept for its author to see;
 * `waiting`: the risk gate asks a person; `approved` / `denied`: it has decided; `failed`: processing gave up and a person must look.
 */
export type SignalStatus = 'accepted' | 'refused' | 'waiting' | 'approved' | 'denied' | 'failed';
export const signalStatuses = [
  'accepted',
  'refused',
  'waiting',
  'approved',
  'denied',
  'failed',
] as const satisfies readonly SignalStatus[];

/** One thing wrong with an alert: where, what stood there, what was expected. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** From when on an alert grows old: since it fired, by its own clock or else ours, and not while it asked to be kept back. */
export const countsFrom = ({ firedAt, delaySeconds }: TradeSignal, receivedAt: Date): Date =>
  new Date((firedAt ?? receivedAt).getTime() + delaySeconds * 1000);
