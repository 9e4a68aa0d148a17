import { createHash } from 'node:crypto';
import type { StoredEvent } from '../model/event.ts';
import { canonicalJson } from './canonical-json.ts';

/** What stands before the first entry. */
export const noHash = '0'.repeat(64);

/** One entry as it is kept: `entry` is canonical JSON (RFC 8785), and `hash` is over it and the hash before. */
export interface ChainRow {
  readonly number: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly entry: string;
}

/** The end of a chain; number 0: nothing is in it. */
export interface ChainHead {
  readonly number: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { number: 0, hash: noHash };

/** SHA-256, in hex, over the hash before, a line feed, and the entry's text, in UTF-8. */
export const hashOf = (previousHash: string, entry: string): string =>
  createHash('sha256').update(`${previousHash}\n${entry}`, 'utf8').digest('hex');

/** What an entry holds of its event. */
export function entryOf(event: StoredEvent, number: number, who: string | null = whoDid(event)): string {
  return canonicalJson({
    number,
    event: event.id,
    at: event.at.toISOString(),
    kind: event.kind,
    who,
    signalId: event.signalId ?? null,
    orderId: event.orderId ?? null,
    accountId: event.accountId ?? null,
    data: event.data,
  });
}

/** The name of whom an event tells of as its doer; null: it says none. */
function whoDid({ data }: StoredEvent): string | null {
  const { who, by, person } = data as Record<string, unknown>;
  if (typeof who === 'object' && who !== null && 'name' in who) return String(who.name);
  for (const one of [who, by, person]) if (typeof one === 'string') return one;
  return null;
}

/** The next rows of a chain, one for each event. */
export function chainOn(head: ChainHead, events: readonly StoredEvent[]): ChainRow[] {
  let { number, hash } = head;
  return events.map((event) => {
    const previousHash = hash;
    number += 1;
    const entry = entryOf(event, number);
    hash = hashOf(previousHash, entry);
    return { number, previousHash, hash, entry };
  });
}
