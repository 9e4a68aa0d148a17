import { type Money, type Price, type Quantity, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import { atMarket } from '../../core/model/order-terms.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { noLevels, recordOf } from './record.ts';
import type { Sizing } from './size.ts';

/** What the strategy has in the ticker, filled and not. */
export interface Holding {
  /** Negative when short. */
  readonly held: Quantity;
  /** What it cost, without sign. */
  readonly cost: Money;
  /** What open entries may still add; negative when they sell. */
  readonly entering: Quantity;
  /** Its open orders in the ticker. */
  readonly open: readonly OpenOrderView[];
}

/** A stop that is to be moved. */
export interface StopMove {
  readonly orderId: string;
  readonly stopPrice: Price;
  /** Of a stop-limit, as far behind as it was; null: it has none. */
  readonly limitPrice: Price | null;
}

/** A sizing that sends no order. */
export function adjusting(
  signal: TradeSignal,
  method: 'break_even' | 'cancel_entries',
  sentence: string,
  problem: Sizing['problem'],
): Sizing {
  return {
    intent: 'adjust',
    side: null,
    quantity: zeroQuantity,
    referencePrice: null,
    terms: atMarket,
    restsAt: null,
    stopLoss: null,
    stopLossLimit: null,
    takeProfit: null,
    targets: [],
    trail: null,
    lot: quantity('1'),
    record: recordOf(method, signal, noLevels, zeroQuantity, sentence),
    problem,
  };
}
