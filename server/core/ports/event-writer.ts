import type { NewEvent } from '../model/event.ts';

/** Stores events that stand for nothing but themselves: no other row changes with them. */
export interface EventWriter {
  append(events: readonly NewEvent[]): Promise<void>;
  /** Stores an event that is told once by what it says, whoever tells it: a unique index knows which. False: it had been told. */
  appendOnce(event: NewEvent): Promise<boolean>;
}
