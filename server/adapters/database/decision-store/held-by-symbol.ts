import { decimal, money, quantity } from '../../../core/decimal.ts';
import type { HeldView } from '../../../core/model/account-view.ts';

/** Shares of a symbol as a row has them: signed, with what they cost in all. */
interface SharesRow {
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
}
export interface HeldRow extends SharesRow {
  readonly realizedPnl: string;
}
export interface LotRow extends SharesRow {
  readonly strategy: string;
}

/** What is held, and what strategies hold against each other where the account holds nothing. */
export function heldBySymbol(positions: readonly HeldRow[], lots: readonly LotRow[]): HeldView[] {
  const heldOf = new Map(positions.map((row) => [row.symbol, row]));
  const lotsOf = Map.groupBy(lots, (row) => row.symbol);
  return [...new Set([...heldOf.keys(), ...lotsOf.keys()])].map((symbol) => {
    const held = heldOf.get(symbol);
    return {
      symbol,
      quantity: quantity(held?.quantity ?? '0'),
      cost: money(decimal(held?.cost ?? '0').abs()),
      realizedPnl: money(held?.realizedPnl ?? '0'),
      lots: (lotsOf.get(symbol) ?? []).map((row) => ({
        strategy: row.strategy,
        quantity: quantity(row.quantity),
        cost: money(decimal(row.cost).abs()),
      })),
    };
  });
}
