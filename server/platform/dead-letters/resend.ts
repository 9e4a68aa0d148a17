import { isTerminal } from '../../core/model/order.ts';
import type { DeadLetter, DeadLetters } from '../../core/ports/dead-letters.ts';
import type { DecisionStore } from '../../core/ports/decision-store.ts';
import { jobDataProblems } from '../../core/ports/job-data.ts';
import type { Jobs } from '../../core/ports/job-queue.ts';
import type { OrderStore } from '../../core/ports/order-store.ts';

export interface ResendParts {
  readonly letters: Pick<DeadLetters, 'find' | 'resend'>;
  readonly orders: Pick<OrderStore, 'find'>;
  readonly decisions: Pick<DecisionStore, 'signal'>;
}

/** What became of the wish to send a dead letter again. `pointless`: it would do nothing, and why; it stays where it is. */
export type Resent =
  | { readonly kind: 'sent'; readonly jobId: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'invalid'; readonly fields: readonly { readonly field: string; readonly message: string }[] }
  | { readonly kind: 'pointless'; readonly sentence: string };

/**
 * Sends a dead letter again, with its own data or repaired ones. It goes the way of any job: an order is sent under the client order id of its
 * decision, and only as far as its status allows, so that nothing is doubled by it.
 */
export async function resendDeadLetter(
  parts: ResendParts,
  id: string,
  repaired: Readonly<Record<string, unknown>> | undefined,
  by: string,
): Promise<Resent> {
  const letter = await parts.letters.find(id);
  if (!letter) return { kind: 'gone' };
  const data = repaired ?? letter.data;
  const fields = jobDataProblems(letter.queue, data);
  if (fields.length > 0) return { kind: 'invalid', fields };
  const pointless = await whyPointless(parts, letter, data);
  if (pointless) return { kind: 'pointless', sentence: pointless };
  const jobId = await parts.letters.resend(letter, data, by);
  return jobId === null ? { kind: 'gone' } : { kind: 'sent', jobId };
}

async function whyPointless(
  { orders, decisions }: ResendParts,
  { queue }: DeadLetter,
  data: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  if (queue === 'signal.process') {
    const found = await decisions.signal((data as Jobs['signal.process']).signalId);
    if (!found) return 'There is no such signal.';
    if (found.status === 'accepted' || found.status === 'failed') return null;
    // Decided for some of its accounts, and given up before the others.
    if (found.destinations?.some((one) => !found.decidedFor.some((id) => id === one.accountId))) return null;
    return `The signal has been decided already: it was ${found.status}.`;
  }
  if (!queue.startsWith('order.')) return null;
  const order = await orders.find((data as { orderId: string }).orderId);
  if (!order) return 'There is no such order.';
  if (isTerminal(order.status)) return `The order has ended already: it was ${order.status.replaceAll('_', ' ')}.`;
  const submits = queue === 'order.submit' || queue === 'order.lookup';
  if (submits && !['approved', 'waiting', 'submitting', 'submit_unknown'].includes(order.status)) {
    return `The broker has the order already: it is ${order.status.replaceAll('_', ' ')}.`;
  }
  return null;
}
