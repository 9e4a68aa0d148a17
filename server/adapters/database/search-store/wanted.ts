import type { StoredEvent } from '../../../core/model/event.ts';
import { decisions } from './documents/decisions.ts';
import { executions, profits } from './documents/executions.ts';
import { orders } from './documents/orders.ts';
import { positions } from './documents/positions.ts';
import type { DocumentQuery } from './documents/shape.ts';
import { signals } from './documents/signals.ts';

const ticks = new Set(['equity.recorded', 'health.recorded']);

/** Which documents a batch of events brings up to date: for each query its ids, each with the newest event's number. */
export function wantedBy(events: readonly StoredEvent[]): ReadonlyMap<DocumentQuery, ReadonlyMap<string, string>> {
  const wanted = new Map<DocumentQuery, Map<string, string>>();
  const want = (query: DocumentQuery, id: string, { seq }: StoredEvent): void => {
    const ids = wanted.get(query) ?? new Map<string, string>();
    wanted.set(query, ids);
    const known = ids.get(id);
    if (known === undefined || BigInt(seq) > BigInt(known)) ids.set(id, seq);
  };
  for (const event of events) {
    const { kind, signalId, orderId, accountId, data } = event;
    if (ticks.has(kind)) continue;
    if (signalId) want(signals, signalId, event);
    if (signalId && kind.startsWith('decision.')) want(decisions, signalId, event);
    if (orderId) want(orders, orderId, event);
    if (kind === 'execution.recorded' && accountId && typeof data.executionId === 'string') {
      want(executions, `${accountId}:${data.executionId}`, event);
      want(profits, `${accountId}:${data.executionId}`, event);
    }
    if ((kind === 'execution.busted' || kind === 'execution.corrected') && accountId) {
      // The trade that was taken back says so, and the one in its place is a trade like any.
      const { previousExecutionId, executionId } = data;
      for (const id of kind === 'execution.busted' ? [previousExecutionId] : [previousExecutionId, executionId]) {
        if (typeof id !== 'string') continue;
        want(executions, `${accountId}:${id}`, event);
        want(profits, `${accountId}:${id}`, event);
      }
    }
    if (kind === 'position.changed' && accountId && typeof data.symbol === 'string') {
      want(positions, `${accountId}:${data.symbol}`, event);
    }
  }
  return wanted;
}
