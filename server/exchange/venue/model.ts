import type { Money } from './money.ts';
import type { Lots } from './quantity.ts';

/** Prices are ticks of a hundredth of a cent: whole numbers. */
export type Ticks = number;

export type VenueSide = 'buy' | 'sell';
export type VenueType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
export type VenueTimeInForce = 'day' | 'gtc' | 'ioc' | 'fok' | 'opg' | 'cls';
export type VenueClass = '' | 'simple' | 'bracket' | 'oco' | 'oto';
export type GroupRole = 'entry' | 'take_profit' | 'stop_loss';

/** `accepted`: waits for its hours or its auction, and has never worked. `pending_cancel`: ends when the venue opens. */
export type VenueStatus =
  | 'pending_new'
  | 'accepted'
  | 'pending_cancel'
  | 'new'
  | 'held'
  | 'partially_filled'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'rejected';

export const isFinal = (status: VenueStatus): boolean =>
  status === 'filled' ||
  status === 'canceled' ||
  status === 'expired' ||
  status === 'replaced' ||
  status === 'rejected';

/** Whether an order of this status is not at work though it is not final: for its entry, its hours or its end. */
export const isWaiting = (status: VenueStatus): boolean =>
  status === 'held' || status === 'accepted' || status === 'pending_cancel';

/** How far a trailing stop follows its mark: in ticks, or in millionths of it. */
export interface Trail {
  readonly unit: 'ticks' | 'millionths';
  readonly by: number;
}

/** An order as the venue keeps it. Times are ISO text, so that the record is plain JSON. */
export interface VenueOrder {
  readonly id: string;
  readonly accountId: string;
  clientOrderId: string;
  readonly symbol: string;
  readonly side: VenueSide;
  readonly type: VenueType;
  readonly timeInForce: VenueTimeInForce;
  readonly orderClass: VenueClass;
  readonly extendedHours: boolean;
  /** Of an order by dollars, what has been filled of it. */
  qty: Lots;
  /** What an order by dollars may cost at most, or is to bring; null of one by quantity. */
  readonly notional: Money | null;
  limitPrice: Ticks | null;
  stopPrice: Ticks | null;
  /** Of a trailing stop, whose `stopPrice` moves with its mark. */
  readonly trail?: Trail | null;
  /** The mark of a trailing stop: the highest trade it has seen, of a buy the lowest; null: none yet. */
  hwm?: Ticks | null;
  status: VenueStatus;
  /** Before fees. */
  filledQty: Lots;
  /** Sum of price x quantity over the fills. */
  filledCost: Money;
  /** A stop order that was elected works in the book from then on. */
  elected: boolean;
  readonly positionIntent: 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close';
  readonly groupId: string | null;
  readonly groupRole: GroupRole | null;
  /** The order that is answered with this one among its legs. */
  parentId: string | null;
  replaces: string | null;
  replacedBy: string | null;
  readonly createdAt: string;
  readonly submittedAt: string;
  updatedAt: string;
  filledAt: string | null;
  canceledAt: string | null;
  expiredAt: string | null;
  replacedAt: string | null;
  /** When it ends unless it is filled before; null or none: of itself it does not. */
  expiresAt?: string | null;
  /** When the venue refused it after it was taken. */
  failedAt?: string | null;
  /** Order of arrival, which is also the order at a price. */
  readonly sequence: number;
  /** Its turn, where that is an older order's whose place it took. */
  readonly turn?: number;
}

/** Whose turn comes first at a price, and when the market opens. */
export const byTurn = (a: VenueOrder, b: VenueOrder): number => (a.turn ?? a.sequence) - (b.turn ?? b.sequence);

/** Taken of what a fill brings: of coins on a buy, of money on a sell. An activity of its own. */
export interface VenueFee {
  readonly id: string;
  readonly lots: Lots;
  readonly money: Money;
}

export interface VenueExecution {
  readonly id: string;
  readonly accountId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: VenueSide;
  /** Before fees. */
  readonly qty: Lots;
  readonly price: Ticks;
  readonly cumQty: Lots;
  readonly leavesQty: Lots;
  /** What the venue keeps of it; null: nothing. */
  readonly fee: VenueFee | null;
  readonly orderStatus: VenueStatus;
  /** Of a trade that is taken back (`bust`) or changed (`correct`): which. A bust has the terms of that one, a correction the new ones. */
  readonly corrects?: { readonly kind: 'bust' | 'correct'; readonly executionId: string };
  readonly at: string;
  readonly sequence: number;
}

export interface VenuePosition {
  readonly accountId: string;
  readonly symbol: string;
  /** Negative when short. */
  qty: Lots;
  /** Signed like the quantity. */
  cost: Money;
}

export interface VenueAccount {
  readonly id: string;
  readonly number: string;
  readonly keyId: string;
  cash: Money;
  readonly createdAt: string;
  /** What the account's owner has set; none: `defaultConfiguration`. */
  configuration?: AccountConfiguration;
}

/** What an account's owner may set, under Alpaca's names. */
export interface AccountConfiguration {
  readonly disable_overnight_trading: boolean;
  readonly fractional_trading: boolean;
  readonly max_margin_multiplier: '1' | '2' | '4';
  readonly max_options_trading_level: 0 | 1 | 2 | 3;
  readonly no_shorting: boolean;
  readonly ptp_no_exception_entry: boolean;
  readonly suspend_trade: boolean;
  readonly trade_confirm_email: 'all' | 'none';
}

/** As a new paper account has it. */
export const defaultConfiguration: AccountConfiguration = {
  disable_overnight_trading: false,
  fractional_trading: true,
  max_margin_multiplier: '4',
  max_options_trading_level: 0,
  no_shorting: false,
  ptp_no_exception_entry: false,
  suspend_trade: false,
  trade_confirm_email: 'none',
};

export const configurationOf = (account: VenueAccount): AccountConfiguration =>
  account.configuration ?? defaultConfiguration;

/** One message of the trade_updates stream; `order` is as it was at that moment. */
export interface VenueUpdate {
  /** Of the venue's one numbering: updates are told in its order. */
  readonly sequence: number;
  readonly accountId: string;
  readonly event:
    | 'accepted'
    | 'new'
    | 'fill'
    | 'partial_fill'
    | 'pending_cancel'
    | 'canceled'
    | 'expired'
    | 'replaced'
    | 'rejected'
    | 'trade_bust'
    | 'trade_correct';
  readonly order: VenueOrder;
  readonly execution: VenueExecution | null;
  /** Signed position after a fill. */
  readonly positionQty: Lots | null;
  readonly at: string;
}

/** What a request asks for, understood but not yet checked against the account. */
export interface OrderRequest {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: VenueSide;
  readonly type: VenueType;
  readonly timeInForce: VenueTimeInForce;
  readonly orderClass: VenueClass;
  readonly extendedHours: boolean;
  /** 0 of an order by dollars. */
  readonly qty: Lots;
  readonly notional: Money | null;
  readonly limitPrice: Ticks | null;
  readonly stopPrice: Ticks | null;
  /** Of a trailing stop. */
  readonly trail?: Trail | null;
  readonly takeProfit: { readonly limitPrice: Ticks } | null;
  readonly stopLoss: { readonly stopPrice: Ticks; readonly limitPrice: Ticks | null } | null;
  /** What the client takes the order to do; none: whatever it does. */
  readonly intent?: VenueOrder['positionIntent'] | null;
}
