import { checkReplacement } from './account-checks.ts';
import type { Books } from './books.ts';
import type { VenueOrder } from './model.ts';
import { checkTerms } from './order-terms.ts';
import { move, tell } from './posting.ts';
import { refuse } from './refusal.ts';
import { type Replacement, replacementOf } from './replace.ts';

/** Puts another order in an order's place, with its group and its legs. Throws a `VenueRefusal`, and then nothing was changed. */
export function replaceOrder(books: Books, order: VenueOrder, change: Replacement, at: Date): VenueOrder {
  const { state, matching, hours, mark, newId } = books;
  const now = at.toISOString();
  const next = replacementOf(order, change, newId(), state.nextSequence(), now);
  checkTerms(next);
  if (state.findByClientId(order.accountId, next.clientOrderId)) {
    throw refuse.malformed('client_order_id must be unique');
  }
  const account = state.accounts.get(order.accountId)!;
  checkReplacement({ state, account, prices: books.prices(order.symbol, at), mark }, order, next);
  next.expiresAt = hours.end(next, at).toISOString();
  order.replacedBy = next.id;
  move(state, order, 'replaced', 'replaced', now);
  state.addOrder(next);
  for (const leg of state.legs(order)) {
    leg.parentId = next.id;
    state.touch(leg, now);
  }
  if (next.status === 'held') return next;
  tell(state, next, 'new', now);
  matching.replace(order, next, now);
  return next;
}
