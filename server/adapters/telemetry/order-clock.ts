import type { StoredEvent } from '../../core/model/event.ts';

/**
 * The steps of an order that are timed. `decide`: alert stored to decision; `queue`: approval to the moment before the broker is called;
 * `acknowledge`: to the broker's first word; `fill`: from there to the last share.
 */
export const orderSteps = ['decide', 'queue', 'acknowledge', 'fill'] as const;
export type OrderStep = (typeof orderSteps)[number];

/** What waits for its next step at most; the oldest is forgotten first, and is then not timed. */
export const mostTimed = 10_000;

/** The broker has said something of the order. */
const words = new Set([
  'order.accepted',
  'order.held',
  'order.partially_filled',
  'order.filled',
  'order.rejected',
  'order.canceled',
  'order.expired',
]);
const ends = new Set(['order.filled', 'order.rejected', 'order.canceled', 'order.expired', 'order.replaced']);

interface Reached {
  readonly step: 'stored' | 'approved' | 'submitting' | 'acknowledged';
  readonly atMs: number;
}

/** Times the steps of orders by the times of their events. Legs have no steps of ours, and orders whose beginning was not seen none that are whole. */
export function createOrderClock(observe: (step: OrderStep, seconds: number) => void): (event: StoredEvent) => void {
  /** By the id of the alert until it is decided, by that of the order from then on. */
  const reached = new Map<string, Reached>();

  function note(id: string, step: Reached['step'], atMs: number): void {
    reached.delete(id);
    reached.set(id, { step, atMs });
    if (reached.size > mostTimed) reached.delete(reached.keys().next().value!);
  }
  const measure = (step: OrderStep, from: Reached, atMs: number) =>
    // Two processes' events may be written in one order and timed in the other, by microseconds.
    observe(step, Math.max(0, atMs - from.atMs) / 1000);

  return ({ kind, signalId, orderId, at }) => {
    const atMs = at.getTime();
    if (kind === 'signal.accepted' && signalId) note(signalId, 'stored', atMs);
    else if ((kind === 'decision.approved' || kind === 'decision.denied' || kind === 'decision.held') && signalId) {
      const stored = reached.get(signalId);
      reached.delete(signalId);
      if (stored) measure('decide', stored, atMs);
      if (kind === 'decision.approved' && orderId) note(orderId, 'approved', atMs);
    } else if (orderId) {
      const before = reached.get(orderId);
      if (before === undefined) return;
      if (kind === 'order.submitting' && before.step === 'approved') {
        measure('queue', before, atMs);
        note(orderId, 'submitting', atMs);
      } else if (words.has(kind) && before.step === 'submitting') {
        measure('acknowledge', before, atMs);
        note(orderId, 'acknowledged', atMs);
      }
      if (kind === 'order.filled' && before.step === 'acknowledged') measure('fill', before, atMs);
      if (ends.has(kind)) reached.delete(orderId);
    }
  };
}
