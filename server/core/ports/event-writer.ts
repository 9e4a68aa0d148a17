import type { NewEvent } from '../model/event.ts';

/** Stores events that stand for nothing but themselves: no other row changes with them. */
export interface EventWriter {
  append(events: readonly NewEvent[]): Promise<void>;
}
