import type { VenueAccount } from '../venue/model.ts';
import { costOf, type Money, shareOf } from '../venue/money.ts';
import { isCrypto } from '../venue/quantity.ts';
import type { Desk } from '../venue/venue.ts';

/** 30 % of what is held or owed; crypto is no collateral and has to be covered whole. */
export function maintenanceMargin(desk: Desk, account: VenueAccount): Money {
  return desk.state.positions(account.id).reduce((sum, { symbol, qty }) => {
    const value = costOf(symbol, Math.abs(qty), desk.mark(symbol));
    return sum + (isCrypto(symbol) ? value : shareOf(value, 30n, 100n));
  }, 0n);
}
