import { type Big, decimal, rounding, text, toCents, zeroMoney } from '../../core/decimal.ts';

/** An order as far as its slippage is told by it. */
export interface SlippedOrder {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly referencePrice: string;
}

/** A fill of it. */
export interface SlippedFill {
  readonly orderId: string;
  readonly quantity: string;
  readonly price: string;
}

/** What the fills of an order came to beside the price it was decided at. Positive is a cost, on either side. */
export interface Slippage {
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly referencePrice: string;
  readonly averagePrice: string;
  /** Hundredths of a percent of the reference price. */
  readonly bps: string;
  readonly cost: string;
}

/** The slippage of each order that has fills and was decided at a price. */
export function slippagesOf(orders: readonly SlippedOrder[], executions: readonly SlippedFill[]): Slippage[] {
  return orders.flatMap(({ id, side, referencePrice }) => {
    const fills = executions.filter((fill) => fill.orderId === id);
    const reference = decimal(referencePrice);
    const shares = fills.reduce<Big>((sum, fill) => sum.plus(fill.quantity), zeroMoney);
    if (shares.lte('0') || reference.eq('0')) return [];
    const paid = fills.reduce<Big>((sum, fill) => sum.plus(decimal(fill.price).times(fill.quantity)), zeroMoney);
    const more = paid.minus(reference.times(shares));
    const cost = side === 'buy' ? more : more.neg();
    return [
      {
        ...{ orderId: id, side, quantity: text(shares), referencePrice: text(reference) },
        averagePrice: text(paid.div(shares).round(6, rounding.halfAwayFromZero)),
        bps: text(cost.div(reference.times(shares)).times('10000').round(2, rounding.halfAwayFromZero)),
        cost: text(toCents(cost)),
      },
    ];
  });
}
