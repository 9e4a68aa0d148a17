import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EventKind, StoredEvent } from '../../core/model/event.ts';
import { type OrderStatus, orderStatuses } from '../../core/model/order.ts';
import { refusalCodes } from '../../core/model/refusals.ts';
import { eventOfStatus } from '../../pipeline/orders/event-of-status.ts';
import { createOrderClock, orderSteps } from './order-clock.ts';

const everyProcess =
  'Every process that follows the event table counts all of them: take the maximum over instances, not the sum.';

const statusOfEvent: ReadonlyMap<EventKind, Exclude<OrderStatus, 'approved'>> = new Map(
  orderStatuses.flatMap((status) => (status === 'approved' ? [] : [[eventOfStatus(status), status] as const])),
);
const reconciliationOutcomes = ['agreed', 'corrected', 'differs', 'failed'] as const;

/**
 * Counts what the event table tells. `nameOf` gives an account's name; accounts it does not know are left out. Every series that can be
 * foreseen starts at 0, so that the first event is seen as an increase.
 */
export function createEventFigures(
  register: Registry,
  nameOf: (accountId: string) => string | undefined,
): (events: readonly StoredEvent[]) => void {
  const registers = [register];
  const decisions = new Counter({
    name: 'signalbox_decisions_total',
    help: `Decisions of the risk gate; code is empty for approvals, and for entries that a person is asked of: these are counted again when they are decided. ${everyProcess}`,
    labelNames: ['outcome', 'code'] as const,
    registers,
  });
  decisions.inc({ outcome: 'approved', code: '' }, 0);
  decisions.inc({ outcome: 'held', code: '' }, 0);
  for (const code of refusalCodes) if (code.startsWith('RISK_')) decisions.inc({ outcome: 'denied', code }, 0);
  const orders = new Counter({
    name: 'signalbox_orders_total',
    help: `Orders by the status they came to. ${everyProcess}`,
    labelNames: ['status'] as const,
    registers,
  });
  for (const status of orderStatuses) orders.inc({ status }, 0);
  const executions = new Counter({
    name: 'signalbox_executions_total',
    help: `Fills. ${everyProcess}`,
    registers,
  });
  const steps = new Histogram({
    name: 'signalbox_order_step_seconds',
    help: `From one step of an order to the next, by the times of their events: decide, queue, acknowledge, fill. ${everyProcess}`,
    labelNames: ['step'] as const,
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60, 300],
    registers,
  });
  for (const step of orderSteps) steps.zero({ step });
  const protection = new Histogram({
    name: 'signalbox_protection_seconds',
    help: `From a fill to the moment a working stop covered its shares, the longest of each order. ${everyProcess}`,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const comparisons = new Counter({
    name: 'signalbox_reconciliations_total',
    help: `Comparisons with the broker. ${everyProcess}`,
    labelNames: ['account', 'outcome'] as const,
    registers,
  });
  const reconciled = new Gauge({
    name: 'signalbox_reconciled',
    help: '1 when the last comparison with the broker ended in agreement, 0 when it did not.',
    labelNames: ['account'] as const,
    registers,
  });
  const equity = new Gauge({
    name: 'signalbox_equity',
    help: 'What the account was last recorded to be worth, in its currency.',
    labelNames: ['account'] as const,
    registers,
  });
  const orderClock = createOrderClock((step, seconds) => steps.observe({ step }, seconds));

  function count({ kind, accountId, data }: StoredEvent): void {
    const account = accountId ? nameOf(accountId) : undefined;
    switch (kind) {
      case 'decision.approved':
        decisions.inc({ outcome: 'approved', code: '' });
        orders.inc({ status: 'approved' });
        break;
      case 'decision.held':
        decisions.inc({ outcome: 'held', code: '' });
        break;
      case 'decision.denied':
        decisions.inc({ outcome: 'denied', code: String(data.code) });
        break;
      case 'execution.recorded':
        executions.inc();
        break;
      case 'protection.established':
        protection.observe(Number(data.milliseconds) / 1000);
        break;
      case 'reconciliation.completed':
      case 'reconciliation.failed': {
        const outcome = reconciliationOutcomes.find((known) => known === data.outcome);
        if (account === undefined || outcome === undefined) break;
        comparisons.inc({ account, outcome });
        reconciled.set({ account }, outcome === 'agreed' || outcome === 'corrected' ? 1 : 0);
        break;
      }
      case 'equity.recorded':
        // A number: this is a copy to draw curves of. Money is counted in the ledger.
        if (account !== undefined) equity.set({ account }, Number(data.equity));
        break;
      default: {
        const status = statusOfEvent.get(kind);
        // A further partial fill is no new status.
        if (status !== undefined && data.previousStatus !== status) orders.inc({ status });
      }
    }
  }

  return (events) => {
    for (const event of events) {
      count(event);
      orderClock(event);
    }
  };
}
