import { type Big, type Money, money, zeroMoney } from '../../core/decimal.ts';
import type { HeldView } from '../../core/model/account-view.ts';
import type { LimitScope } from '../../core/model/risk-limit.ts';
import { openEntryValue } from './figures.ts';
import type { RiskContext } from './rule.ts';

/** What is held and what open entries may add, without signs, in the account's currency. */
export interface Exposure {
  readonly held: Money;
  readonly openEntries: Money;
}

/** What a position is worth; one that is held at a loss of its price counts at cost. */
export function worthOf({ prices }: RiskContext, position: Pick<HeldView, 'symbol' | 'quantity' | 'cost'>): Money {
  if (position.quantity.eq('0')) return zeroMoney;
  const last = prices.get(position.symbol);
  return money(last ? position.quantity.times(last).abs() : position.cost.abs());
}

/** Of the symbols that count, over all strategies. */
export function exposureTo(context: RiskContext, counts: (symbol: string) => boolean): Exposure {
  let held: Big = zeroMoney;
  for (const position of context.account?.positions ?? [])
    if (counts(position.symbol)) held = held.plus(worthOf(context, position));
  return { held: money(held), openEntries: openEntryValue(context, (order) => counts(order.symbol)) };
}

/** Of what a limit's scope covers: of a strategy its own shares and orders, of a sector and a symbol all strategies'. */
export function exposureWithin(context: RiskContext, { kind, name }: LimitScope): Exposure {
  if (kind === 'sector') return exposureTo(context, (symbol) => context.sectorOf(symbol) === name);
  if (kind === 'symbol') return exposureTo(context, (symbol) => symbol === name);
  if (kind !== 'strategy') return exposureTo(context, () => true);
  let held: Big = zeroMoney;
  for (const { symbol, lots } of context.account?.positions ?? [])
    for (const lot of lots) if (lot.strategy === name) held = held.plus(worthOf(context, { symbol, ...lot }));
  return { held: money(held), openEntries: openEntryValue(context, (order) => order.strategy === name) };
}
