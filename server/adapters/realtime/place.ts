import type { EventCursor } from '../../core/ports/event-reader.ts';

/** A place in the event table as a client keeps it: it says it again when it comes back, and reads nothing else in it. */
export const placeText = ({ xid, seq }: EventCursor): string => `${xid}.${seq}`;

/** The place that a client says it has seen; undefined where that is none: who says so reads everything anew. */
export function placeOf(said: unknown): EventCursor | undefined {
  // As many digits as fit into 64 bits for certain.
  const found = typeof said === 'string' ? /^(\d{1,19})\.(\d{1,18})$/.exec(said) : null;
  return found ? { xid: found[1]!, seq: found[2]! } : undefined;
}

/** Whether one place comes after another, as the event table is read. */
export function isPast(one: EventCursor, other: EventCursor): boolean {
  const [x, y] = [BigInt(one.xid), BigInt(other.xid)];
  return x > y || (x === y && BigInt(one.seq) > BigInt(other.seq));
}
