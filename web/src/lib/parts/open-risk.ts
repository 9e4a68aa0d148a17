import type { Position } from '../api/contract.ts';
import { absolute, add, compare, multiply, rounded, signOf, subtract } from '../format/decimal.ts';

/** What would be lost from now on if every stop were hit at its price, and what has none. */
export interface OpenRisk {
  /** From the latest prices to the stops; what a stop has locked in counts nothing. */
  readonly atStops: string;
  /** Shares that no stop covers, and what they are worth. */
  readonly bare: readonly { readonly symbol: string; readonly shares: string; readonly worth: string }[];
}

/** Adds up what is between prices and stops, lot by lot, as the rule on open risk does. */
export function openRiskOf(positions: readonly Position[]): OpenRisk {
  let atStops = '0';
  const bare = new Map<string, { shares: string; worth: string }>();
  for (const position of positions) {
    const last = position.lastPrice ?? position.averagePrice;
    for (const { quantity, protection } of position.lots) {
      const shares = absolute(quantity);
      const stop = protection?.stopPrice ?? null;
      const covered = stop === null || !protection ? '0' : smaller(protection.covered, shares);
      if (stop !== null && signOf(covered) > 0) {
        const distance = quantity.startsWith('-') ? subtract(stop, last) : subtract(last, stop);
        if (signOf(distance) > 0) atStops = add(atStops, multiply(distance, covered));
      }
      const rest = subtract(shares, covered);
      if (signOf(rest) <= 0) continue;
      const known = bare.get(position.symbol) ?? { shares: '0', worth: '0' };
      bare.set(position.symbol, {
        shares: add(known.shares, rest),
        worth: add(known.worth, multiply(rest, last)),
      });
    }
  }
  return {
    atStops: rounded(atStops, 2),
    bare: [...bare].map(([symbol, { shares, worth }]) => ({ symbol, shares, worth: rounded(worth, 2) })),
  };
}

const smaller = (a: string, b: string): string => (compare(a, b) < 0 ? a : b);
