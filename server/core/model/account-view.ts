import type { Money, Price, Quantity } from '../decimal.ts';
import type { Mode } from './mode.ts';
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

/** An order of ours that is not final. */
export interface OpenOrderView {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly role: 'entry' | 'exit' | 'take_profit' | 'stop_loss';
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
  readonly positions: readonly PositionView[];
  readonly openOrders: readonly OpenOrderView[];
}
