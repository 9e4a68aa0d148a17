import type postgres from 'postgres';
import type { NewEvent } from '../../../core/model/event.ts';

/** A client or a transaction of one: whatever statements can be sent through. */
// biome-ignore lint/complexity/noBannedTypes: postgres.js names its own default so
export type Statements = postgres.ISql<{}>;

/** Events as one JSON parameter, for `jsonb_to_recordset` with `eventColumns`: any number of them in one statement. */
export const eventRows = (events: readonly NewEvent[]): postgres.JSONValue =>
  events.map((event) => ({
    kind: event.kind,
    signal_id: event.signalId ?? null,
    order_id: event.orderId ?? null,
    account_id: event.accountId ?? null,
    data: event.data,
  })) as postgres.JSONValue;

/** Stores events in the transaction of the change they tell of, in their order. */
export async function appendEvents(sql: Statements, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`${insertOf(sql, events)}`;
}

/** The same, without those that a unique index knows to have been told; answers with how many were not. */
export async function appendNewEvents(sql: Statements, events: readonly NewEvent[]): Promise<number> {
  return (await sql`${insertOf(sql, events)} on conflict do nothing`).count;
}

const insertOf = (sql: Statements, events: readonly NewEvent[]) => sql`
    insert into events (kind, signal_id, order_id, account_id, data)
    select kind, signal_id, order_id, account_id, data
    from jsonb_to_recordset(${sql.json(eventRows(events))}::jsonb)
      as told (kind text, signal_id uuid, order_id uuid, account_id uuid, data jsonb)`;
