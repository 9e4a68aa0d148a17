import type { VenueAccount } from '../venue/model.ts';
import type { Desk } from '../venue/venue.ts';

/** Maintenance margin in ticks: 30 % of what is held or owed; crypto is no collateral and has to be covered whole. */
export function maintenanceMargin(desk: Desk, account: VenueAccount): number {
  return desk.state
    .positions(account.id)
    .reduce(
      (sum, { symbol, qty }) => sum + Math.round(Math.abs(qty) * desk.mark(symbol) * (symbol.includes('/') ? 1 : 0.3)),
      0,
    );
}
