import { type Big, type Money, money, notional, type Price, type Quantity, zeroMoney } from '../decimal.ts';

/** Shares and what they cost, signed alike: both negative when short. */
export interface Holding {
  readonly symbol: string;
  readonly quantity: Quantity;
  readonly cost: Money;
}

/** What holdings are worth at the latest prices. */
export interface Valuation {
  /** Sum of quantity x price; negative for shorts. */
  readonly positionValue: Money;
  readonly unrealizedPnl: Money;
  /** Cash plus the positions' value. */
  readonly equity: Money;
  /** Symbols that had no price; they count at cost, with no profit or loss. */
  readonly unpriced: readonly string[];
}

/** What the open shares are worth above what they cost; right for long and short, as both are signed. */
export const unrealizedPnl = (holding: Pick<Holding, 'quantity' | 'cost'>, price: Price): Money =>
  notional(price, holding.quantity).minus(holding.cost) as Money;

/** Cash and holdings at these prices. A holding without a price counts at cost. */
export function equity(cash: Money, holdings: Iterable<Holding>, prices: ReadonlyMap<string, Price>): Valuation {
  let positionValue: Big = zeroMoney;
  let unrealized: Big = zeroMoney;
  const unpriced: string[] = [];
  for (const holding of holdings) {
    if (holding.quantity.eq('0')) continue;
    const price = prices.get(holding.symbol);
    if (price === undefined) {
      unpriced.push(holding.symbol);
      positionValue = positionValue.plus(holding.cost);
      continue;
    }
    positionValue = positionValue.plus(notional(price, holding.quantity));
    unrealized = unrealized.plus(unrealizedPnl(holding, price));
  }
  return {
    positionValue: money(positionValue),
    unrealizedPnl: money(unrealized),
    equity: money(cash.plus(positionValue)),
    unpriced,
  };
}
