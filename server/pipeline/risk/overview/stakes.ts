import { type Big, type Money, money, notional, type Price, type Quantity, zeroMoney } from '../../../core/decimal.ts';
import type { HeldView } from '../../../core/model/account-view.ts';
import type { Side } from '../../../core/model/signal.ts';

/** Money in a symbol: a position, or what an open entry may add. */
export interface Stake {
  readonly symbol: string;
  /** Negative when short. */
  readonly value: Money;
  readonly entering: boolean;
  /** It has no price, and counts at cost. */
  readonly atCost: boolean;
}

/** A stake with whose it is. */
export interface StrategyStake extends Stake {
  readonly strategy: string;
}

/** An entry on its way. */
export interface OpenEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly strategy: string;
  readonly remaining: Quantity;
  readonly referencePrice: Price;
}

/** What an account holds at these prices, counted as the rules count it: what has no price counts at cost. */
export function stakesOf(
  positions: readonly HeldView[],
  entries: readonly OpenEntry[],
  prices: ReadonlyMap<string, Price>,
): { readonly stakes: readonly Stake[]; readonly byStrategy: readonly StrategyStake[] } {
  const worth = (symbol: string, quantity: Quantity, cost: Money) => {
    const price = prices.get(symbol);
    const atCost = price === undefined;
    const value = price ? notional(price, quantity) : money(quantity.lt('0') ? cost.abs().neg() : cost.abs());
    return { symbol, value, atCost, entering: false };
  };
  const open = entries.map(({ symbol, side, strategy, remaining, referencePrice }): StrategyStake => {
    const value = notional(referencePrice, remaining);
    return { strategy, symbol, value: side === 'sell' ? money(value.neg()) : value, entering: true, atCost: false };
  });
  const held = positions
    .filter(({ quantity }) => !quantity.eq('0'))
    .map(({ symbol, quantity, cost }) => worth(symbol, quantity, cost));
  const lots = positions.flatMap(({ symbol, lots: parts }) =>
    parts
      .filter(({ quantity }) => !quantity.eq('0'))
      .map(({ strategy, quantity, cost }) => ({ strategy, ...worth(symbol, quantity, cost) })),
  );
  return { stakes: [...held, ...open], byStrategy: [...lots, ...open] };
}

/** Long and short, without sign, and how much of both is on its way. */
export interface Sides {
  readonly long: Money;
  readonly short: Money;
  readonly entering: Money;
  readonly gross: Money;
  readonly net: Money;
  readonly atCost: boolean;
}

/** Stakes added up. Exact. */
export function sidesOf(stakes: readonly Stake[]): Sides {
  let [long, short, entering]: Big[] = [zeroMoney, zeroMoney, zeroMoney];
  for (const { value, entering: open } of stakes) {
    if (value.lt('0')) short = short!.minus(value);
    else long = long!.plus(value);
    if (open) entering = entering!.plus(value.abs());
  }
  return {
    long: money(long!),
    short: money(short!),
    entering: money(entering!),
    gross: money(long!.plus(short!)),
    net: money(long!.minus(short!)),
    atCost: stakes.some(({ atCost }) => atCost),
  };
}

/** By a name, in no order. */
export function groupedBy<One extends Stake>(stakes: readonly One[], nameOf: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>();
  for (const one of stakes) {
    const name = nameOf(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}
