import { gridOf } from '../market/market.ts';
import type { Ticks } from './model.ts';
import type { Money } from './money.ts';
import { moneyPerDollar } from './money.ts';
import { isCrypto } from './quantity.ts';

/** What may be done with an instrument here. */
export interface AssetTerms {
  readonly fractionable: boolean;
  /** May be sold without being held. What is hard to borrow cannot be, as at Alpaca. */
  readonly shortable: boolean;
  readonly easyToBorrow: boolean;
  /** Is collateral, and may be bought with borrowed money. */
  readonly marginable: boolean;
  /** What an order has to come to, in dollars. */
  readonly leastCost: Money;
  readonly mostCost: Money | null;
  /** In millionths of what a fill brings. */
  readonly takerFeePpm: number;
}

// A few of the listed ones are marked, so that each refusal can be met.
const unfractionable = new Set(['CAT', 'GE']);
const unshortable = new Set(['GM']);
const hardToBorrow = new Set(['NKE']);

export function termsOf(symbol: string): AssetTerms {
  if (isCrypto(symbol)) {
    return {
      fractionable: true,
      shortable: false,
      easyToBorrow: false,
      marginable: false,
      leastCost: 10n * moneyPerDollar,
      mostCost: 200_000n * moneyPerDollar,
      takerFeePpm: 2500,
    };
  }
  const easyToBorrow = !hardToBorrow.has(symbol) && !unshortable.has(symbol);
  return {
    fractionable: !unfractionable.has(symbol),
    shortable: easyToBorrow,
    easyToBorrow,
    marginable: true,
    leastCost: moneyPerDollar,
    mostCost: null,
    takerFeePpm: 0,
  };
}

/** Whether a price is on the symbol's grid: cents from a dollar up and hundredths of a cent below; of coins always the latter. */
export const isOnGrid = (symbol: string, price: Ticks): boolean => isCrypto(symbol) || price % gridOf(price) === 0;
