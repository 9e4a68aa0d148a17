import { type Big, type Money, money, type Price, type Quantity, zeroMoney, zeroQuantity } from '../decimal.ts';
import type { Mode } from './mode.ts';
import type { OrderRole, OrderStatus, OrderType, Trail } from './order.ts';
import type { Side } from './signal.ts';

/** One position of an account, folded from the ledger. */
export interface PositionView {
  readonly symbol: string;
  /** Negative when short. */
  readonly quantity: Quantity;
  /** What the open quantity cost, positive for long and short alike. */
  readonly cost: Money;
  readonly realizedPnl: Money;
}

/** Whose part of a position it is. */
export interface LotView {
  /** `external`: bought by nobody here. */
  readonly strategy: string;
  /** Negative when short. Over all strategies it adds up to the account's. */
  readonly quantity: Quantity;
  /** What it cost by the strategy's own fills, positive for long and short alike. */
  readonly cost: Money;
}

/** A position with those whose it is. */
export interface HeldView extends PositionView {
  readonly lots: readonly LotView[];
}

/** An order of ours that is not final. */
export interface OpenOrderView {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly strategy: string;
  readonly role: OrderRole;
  readonly status: OrderStatus;
  readonly type: OrderType;
  /** The entry that it is a leg of; null: it stands by itself. */
  readonly parentId: string | null;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** Of an entry, where the stop that it brings will rest; absent or null: it brings none, or that is not known. */
  readonly stopLoss?: Price | null;
  /** Of a trailing stop. */
  readonly trail: Trail | null;
  /** Quantity not filled yet. */
  readonly remaining: Quantity;
  readonly referencePrice: Price;
  /** Whether the broker had it when it last told its buying power, so that the figure has it taken off already. */
  readonly countedByBroker: boolean;
}

/** What the risk gate knows of the account, read while the account's row is locked. */
export interface AccountView {
  readonly accountId: string;
  readonly name: string;
  readonly mode: Mode;
  readonly enabled: boolean;
  /** Cash by our ledger. */
  readonly cash: Money;
  /**
   * Buying power as the broker last said, less what entries filled since then have cost; null before it has answered. Open entries
   * that the broker did not know of yet are subtracted by the rule.
   */
  readonly brokerBuyingPower: Money | null;
  /** Equity at the start of the New York day; null before the first snapshot. */
  readonly equityAtDayStart: Money | null;
  readonly positions: readonly HeldView[];
  readonly openOrders: readonly OpenOrderView[];
}

/**
 * The account as a strategy sees it: its own shares and its own open orders. What it closes is worked out by this; limits are held
 * against the whole. Of shares that the account does not have any more, as they were sold by hand, it has none.
 */
export function ofStrategy(account: AccountView, strategy: string): AccountView {
  return {
    ...account,
    positions: account.positions.flatMap((held) => {
      const own = held.lots.find((lot) => lot.strategy === strategy);
      if (!own) return [];
      const left = closable(own.quantity, held.quantity);
      if (left.eq('0')) return [];
      const cost = left.eq(own.quantity) ? own.cost : money(own.cost.times(left).div(own.quantity));
      return [{ ...held, quantity: left, cost, lots: [own] }];
    }),
    openOrders: account.openOrders.filter((order) => order.strategy === strategy),
  };
}

/** Buying power as the broker told it, less what open entries will cost that it did not know of; null before it has answered. */
export function freeBuyingPower({ brokerBuyingPower, openOrders }: AccountView): Money | null {
  if (brokerBuyingPower === null) return null;
  const since = openOrders
    .filter((order) => order.role === 'entry' && !order.countedByBroker)
    .reduce<Big>((sum, order) => sum.plus(order.remaining.times(order.referencePrice)), zeroMoney);
  return money(brokerBuyingPower.minus(since));
}

/** What can be closed of a strategy's shares: no more than the account has on that side. Both are negative when short. */
export function closable(own: Quantity, account: Quantity): Quantity {
  if (own.times(account).lte('0')) return zeroQuantity;
  return own.abs().lte(account.abs()) ? own : account;
}
