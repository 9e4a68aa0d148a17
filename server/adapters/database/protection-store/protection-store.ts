import { text } from '../../../core/decimal.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import type { ExposureFacts, ProtectionStage } from '../../../core/model/protection.ts';
import type { JobWriter } from '../../../core/ports/job-queue.ts';
import type { Measures, ProtectionStore, ProtectionTime } from '../../../core/ports/protection-store.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import type { OrderStoreOptions } from '../order-store/context.ts';
import { placeOwn } from '../order-store/own-orders.ts';
import { readFacts } from './facts.ts';

/** Protection in PostgreSQL. `enqueued` is told of commits that stored jobs; meant for the queue's `kick`. */
export function createProtectionStore(
  options: Omit<OrderStoreOptions, 'random'> & { readonly jobs: JobWriter; readonly enqueued?: () => void },
): ProtectionStore {
  const { sql, jobs, clock } = options;
  return {
    read: (accountId, symbol) => readFacts(sql, { accountId, symbol }),

    async act(exposure, decide) {
      const measures = await sql.begin(async (tx) => {
        // As with fills and decisions: whoever moves shares or decides about them waits until this is done.
        await tx`select from accounts where id = ${exposure.accountId} for no key update`;
        const [facts] = await readFacts(tx, exposure);
        if (facts === undefined) return null;
        const decided = decide(facts);
        await store(tx, jobs, facts, decided, clock.now());
        return decided;
      });
      if (measures) {
        options.committed?.();
        if (measures.place.length + measures.cancel.length + measures.replace.length > 0) options.enqueued?.();
      }
      return measures;
    },
  };
}

async function store(
  tx: Statements,
  jobs: JobWriter,
  facts: ExposureFacts,
  measures: Measures,
  now: Date,
): Promise<void> {
  const { accountId, strategy, symbol } = facts;
  const { stop } = measures;
  for (const order of measures.place) await placeOwn(tx, jobs, order, now);
  const cancels = jobs.insert(
    'order.cancel',
    measures.cancel.map((data) => ({ data, key: `protection of ${data.orderId}` })),
  );
  const replaces = jobs.insert(
    'order.replace',
    measures.replace.map((data) => ({ data, key: `protection of ${data.orderId}` })),
  );
  const statements: PromiseLike<unknown>[] = [
    tx`
      insert into protections (account_id, strategy, symbol, stage, held, covered, stop_order_id, stop_price,
        uncovered_since, over_since, alarmed, updated_at)
      values (${accountId}, ${strategy}, ${symbol}, ${measures.stage}, ${text(measures.held)}, ${text(measures.covered)},
        ${stop?.orderId ?? null}, ${stop?.price ? text(stop.price) : null}, ${measures.uncoveredSince},
        ${measures.overSince}, ${measures.alarm !== null}, ${now})
      on conflict (account_id, strategy, symbol) do update set stage = excluded.stage, held = excluded.held,
        covered = excluded.covered, stop_order_id = excluded.stop_order_id, stop_price = excluded.stop_price,
        uncovered_since = excluded.uncovered_since, over_since = excluded.over_since, alarmed = excluded.alarmed,
        updated_at = excluded.updated_at`,
    appendEvents(tx, [...established(facts, measures), ...changed(facts, measures)]),
  ];
  if (measures.cancel.length > 0)
    statements.push(tx.unsafe(cancels.text, cancels.values as never[], { prepare: true }));
  if (measures.replace.length > 0) {
    statements.push(tx.unsafe(replaces.text, replaces.values as never[], { prepare: true }));
  }
  if (measures.times.length > 0) {
    statements.push(tx`
      insert into protection_times (execution_id, order_id, stop_order_id, milliseconds, recorded_at)
      select t.execution_id, t.order_id, t.stop_order_id, t.milliseconds, ${now}::timestamptz
      from jsonb_to_recordset(${tx.json(
        measures.times.map((time) => ({
          execution_id: time.executionId,
          order_id: time.orderId,
          stop_order_id: time.stopOrderId,
          milliseconds: time.milliseconds,
        })),
      )}::jsonb) as t (execution_id uuid, order_id uuid, stop_order_id uuid, milliseconds int)
      on conflict do nothing`);
  }
  await Promise.all(statements);
}

/** What a person would want to see as it happens; that a fill is protected at once is the rule, and told by itself. */
const notable: readonly ProtectionStage[] = ['placing', 'flattening', 'unprotected', 'excess'];

function changed(facts: ExposureFacts, { stage, held, covered, stop, uncoveredSince, alarm }: Measures): NewEvent[] {
  const before = facts.known?.stage ?? 'none';
  if (before === stage || (!notable.includes(before) && !notable.includes(stage))) return [];
  return [
    {
      kind: 'protection.changed',
      accountId: facts.accountId,
      data: {
        strategy: facts.strategy,
        symbol: facts.symbol,
        stage,
        previousStage: before,
        quantity: text(held.abs()),
        covered: text(covered),
        stopPrice: stop?.price ? text(stop.price) : null,
        uncoveredSince: uncoveredSince?.toISOString() ?? null,
        sentence: alarm?.sentence ?? null,
      },
    },
  ];
}

/** An event for each order whose fills are protected now, with the longest that one of them waited. */
function established(facts: ExposureFacts, measures: Measures): NewEvent[] {
  const byOrder = new Map<string, ProtectionTime>();
  for (const time of measures.times) {
    const known = byOrder.get(time.orderId);
    if (!known || known.milliseconds < time.milliseconds) byOrder.set(time.orderId, time);
  }
  return [...byOrder.values()].map((time) => ({
    kind: 'protection.established',
    signalId: facts.orders.find((order) => order.orderId === time.orderId)?.signalId ?? null,
    orderId: time.orderId,
    accountId: facts.accountId,
    data: {
      strategy: facts.strategy,
      symbol: facts.symbol,
      quantity: text(measures.held.abs()),
      milliseconds: time.milliseconds,
      stopOrderId: time.stopOrderId,
      stopPrice: measures.stop?.price ? text(measures.stop.price) : null,
    },
  }));
}
