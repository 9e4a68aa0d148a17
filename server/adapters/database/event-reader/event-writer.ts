import type postgres from 'postgres';
import type { EventWriter } from '../../../core/ports/event-writer.ts';
import { appendEvents } from './append-events.ts';

/** Appends to the event table; `committed` is called after each commit. */
export function createEventWriter(options: {
  readonly sql: postgres.Sql;
  readonly committed?: () => void;
}): EventWriter {
  return {
    async append(events) {
      await appendEvents(options.sql, events);
      options.committed?.();
    },
  };
}
