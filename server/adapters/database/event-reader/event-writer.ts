import type postgres from 'postgres';
import type { EventWriter } from '../../../core/ports/event-writer.ts';
import { appendEvents, appendNewEvents } from './append-events.ts';

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
    async appendOnce(event) {
      const told = (await appendNewEvents(options.sql, [event])) === 1;
      if (told) options.committed?.();
      return told;
    },
  };
}
