import { type Big, decimal, type Price, price, text } from '../decimal.ts';
import { type OrderType, orderTypes, type TimeInForce, timesInForce } from './order.ts';

/** How an alert names the size of an entry beside a quantity, a risk amount and a position to come to. */
export const sizeKinds = ['notional', 'percent_of_equity', 'percent_risk', 'percent_of_position'] as const;
export type SizeKind = (typeof sizeKinds)[number];

/** `notional` is money in the account's currency; the others are percent as they are written: "5" is 5 %. */
export interface SizeBy {
  readonly kind: SizeKind;
  /** Above 0. */
  readonly value: Big;
}

/** What a buy or a sell does against a position on the other side: closes it, closes it and then enters, or nothing. */
export const oppositeWays = ['close', 'reverse', 'reject'] as const;
export type OppositeWay = (typeof oppositeWays)[number];

/** What a buy does while long, a sell while short: adds to the position, or nothing. */
export const whenHeldWays = ['add', 'reject'] as const;
export type WhenHeld = (typeof whenHeldWays)[number];

/** The longest an alert may ask to be kept back, in seconds. */
export const maxDelaySeconds = 600;

/**
 * What an alert may say of how it is carried out, beside what it asks for. Every one of them may be left open: `noTerms` is an alert
 * that says nothing of it. Amounts are in the account's currency, percents as they are written: "1.5" is 1.5 %.
 */
export interface SignalTerms {
  /** How the order is sent; null: as the strategy's settings have it. An exit is sent at the market or with a limit. */
  readonly orderType: OrderType | null;
  /** Of a limit and of a stop-limit order; null: at `entryPrice`, or else at the live quote. */
  readonly limitPrice: Price | null;
  /** What triggers a stop and a stop-limit order. The protective stop is `stopLoss`. */
  readonly stopPrice: Price | null;
  /** How far an entry that trails keeps from the market; one of the two. The trail of the protective stop is `trailAmount`. */
  readonly entryTrailAmount: Price | null;
  readonly entryTrailPercent: Big | null;
  /** How far the stop is from the entry, in place of `stopLoss`; at most one of the two. */
  readonly stopLossPercent: Big | null;
  readonly stopLossAmount: Price | null;
  /** The limit of the protective stop, which is then a stop-limit order; null: it is a plain stop. */
  readonly stopLossLimit: Price | null;
  /** How far the target is from the entry, in place of `takeProfit`; at most one of the three. */
  readonly takeProfitPercent: Big | null;
  readonly takeProfitAmount: Price | null;
  /** In multiples of the risk per share. */
  readonly takeProfitRisk: Big | null;
  /** In place of a risk amount, a quantity and the strategy's sizing; null: not named. */
  readonly sizeBy: SizeBy | null;
  /** Null: as the order needs it. */
  readonly timeInForce: TimeInForce | null;
  /** Whether it is to be filled before the opening and after the close too. */
  readonly extendedHours: boolean;
  /** Null: a buy or a sell closes what is held the other way. */
  readonly opposite: OppositeWay | null;
  /** Null: a buy or a sell adds to what is held on its side. */
  readonly whenHeld: WhenHeld | null;
  /** Whether open entries of the strategy in the ticker are cancelled, and their end awaited, before anything is sent. */
  readonly cancelFirst: boolean;
  /** A test goes through everything, and sends nothing. */
  readonly test: boolean;
  /** How long after it was received it is decided, from 0 to 600. */
  readonly delaySeconds: number;
  /** When it stops counting; null: by its age alone. */
  readonly expiresAt: Date | null;
  /** Whether it is to be sent outside the hours of entries; only where its strategy allows that. */
  readonly ignoreTradingWindows: boolean;
}

/** Of an alert that leaves all of it open. */
export const noTerms: SignalTerms = {
  orderType: null,
  limitPrice: null,
  stopPrice: null,
  entryTrailAmount: null,
  entryTrailPercent: null,
  stopLossPercent: null,
  stopLossAmount: null,
  stopLossLimit: null,
  takeProfitPercent: null,
  takeProfitAmount: null,
  takeProfitRisk: null,
  sizeBy: null,
  timeInForce: null,
  extendedHours: false,
  opposite: null,
  whenHeld: null,
  cancelFirst: false,
  test: false,
  delaySeconds: 0,
  expiresAt: null,
  ignoreTradingWindows: false,
};

/** As they are stored and sent: what an alert leaves open is absent. */
export interface SignalTermsJson {
  orderType?: OrderType;
  limitPrice?: string;
  stopPrice?: string;
  entryTrailAmount?: string;
  entryTrailPercent?: string;
  stopLossPercent?: string;
  stopLossAmount?: string;
  stopLossLimit?: string;
  takeProfitPercent?: string;
  takeProfitAmount?: string;
  takeProfitRisk?: string;
  sizeBy?: SizeKind;
  sizeValue?: string;
  timeInForce?: TimeInForce;
  extendedHours?: 'yes';
  opposite?: OppositeWay;
  whenHeld?: WhenHeld;
  cancelFirst?: 'yes';
  test?: 'yes';
  delaySeconds?: string;
  expiresAt?: string;
  ignoreTradingWindows?: 'yes';
}

const decimals = [
  'limitPrice',
  'stopPrice',
  'entryTrailAmount',
  'entryTrailPercent',
  'stopLossPercent',
  'stopLossAmount',
  'stopLossLimit',
  'takeProfitPercent',
  'takeProfitAmount',
  'takeProfitRisk',
] as const;
const flags = ['extendedHours', 'cancelFirst', 'test', 'ignoreTradingWindows'] as const;

export function termsToJson(terms: SignalTerms): SignalTermsJson {
  const json: SignalTermsJson = {};
  for (const name of decimals) {
    const value = terms[name];
    if (value !== null) json[name] = text(value);
  }
  for (const name of flags) if (terms[name]) json[name] = 'yes';
  if (terms.orderType) json.orderType = terms.orderType;
  if (terms.sizeBy) Object.assign(json, { sizeBy: terms.sizeBy.kind, sizeValue: text(terms.sizeBy.value) });
  if (terms.timeInForce) json.timeInForce = terms.timeInForce;
  if (terms.opposite) json.opposite = terms.opposite;
  if (terms.whenHeld) json.whenHeld = terms.whenHeld;
  if (terms.delaySeconds > 0) json.delaySeconds = String(terms.delaySeconds);
  if (terms.expiresAt) json.expiresAt = terms.expiresAt.toISOString();
  return json;
}

/** From what is stored. A word that is not known, as of a later version, throws: half of what was asked for is never done. */
export function termsFromJson(json: SignalTermsJson): SignalTerms {
  const orNull = (value: string | undefined): Price | null => (value === undefined ? null : price(value));
  return {
    orderType: oneOf(orderTypes, json.orderType),
    limitPrice: orNull(json.limitPrice),
    stopPrice: orNull(json.stopPrice),
    entryTrailAmount: orNull(json.entryTrailAmount),
    entryTrailPercent: orNull(json.entryTrailPercent),
    stopLossPercent: orNull(json.stopLossPercent),
    stopLossAmount: orNull(json.stopLossAmount),
    stopLossLimit: orNull(json.stopLossLimit),
    takeProfitPercent: orNull(json.takeProfitPercent),
    takeProfitAmount: orNull(json.takeProfitAmount),
    takeProfitRisk: orNull(json.takeProfitRisk),
    sizeBy: json.sizeBy ? { kind: oneOf(sizeKinds, json.sizeBy)!, value: decimal(json.sizeValue ?? '0') } : null,
    timeInForce: oneOf(timesInForce, json.timeInForce),
    extendedHours: json.extendedHours === 'yes',
    opposite: oneOf(oppositeWays, json.opposite),
    whenHeld: oneOf(whenHeldWays, json.whenHeld),
    cancelFirst: json.cancelFirst === 'yes',
    test: json.test === 'yes',
    delaySeconds: Number(json.delaySeconds ?? '0'),
    expiresAt: json.expiresAt === undefined ? null : new Date(json.expiresAt),
    ignoreTradingWindows: json.ignoreTradingWindows === 'yes',
  };
}

function oneOf<T extends string>(known: readonly T[], value: T | undefined): T | null {
  if (value === undefined) return null;
  if (!known.includes(value)) throw new RangeError(`${value} is not one of ${known.join(', ')}`);
  return value;
}
