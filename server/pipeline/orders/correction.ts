import type { Quantity } from '../../core/decimal.ts';
import { canFollowCorrection, correctionSteps, type OrderStatus, orderSteps } from '../../core/model/order.ts';
import type { BrokerWord, Step } from './broker-word.ts';

/**
 * The step after a trade was taken back or changed, which left `filled` of the order's quantity filled, and why. An order that had ended
 * otherwise stays ended; one that was filled goes on only if the venue says that it works.
 */
export function stepOfCorrection(
  status: OrderStatus,
  quantity: Quantity,
  filled: Quantity,
  told: Pick<BrokerWord, 'status' | 'quantity'> | null,
): { readonly step: Step; readonly sentence: string } {
  const to = statusAfter(status, quantity, filled, told);
  const taken = 'The venue took a trade back or changed its terms.';
  if (to === status || to === 'approved') return { step: { kind: 'stay' }, sentence: taken };
  const why = correctionSteps[status][to] ?? orderSteps[status][to];
  return canFollowCorrection(status, to)
    ? { step: { kind: 'move', to }, sentence: why ?? taken }
    : { step: { kind: 'refuse', to }, sentence: taken };
}

function statusAfter(
  status: OrderStatus,
  quantity: Quantity,
  filled: Quantity,
  told: Pick<BrokerWord, 'status' | 'quantity'> | null,
): OrderStatus {
  if (status !== 'filled' && status !== 'partially_filled') return status;
  // A venue may have changed the order with its trade.
  if (filled.gte(told?.quantity.gt('0') ? told.quantity : quantity)) return 'filled';
  if (told?.status === 'canceled' || told?.status === 'expired') return told.status;
  // It calls the order filled though it is not: nothing more will be filled of it.
  if (told?.status === 'filled') return 'canceled';
  return filled.gt('0') ? 'partially_filled' : 'accepted';
}
