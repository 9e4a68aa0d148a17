import type { FuzzSource } from './source.ts';

/** What may become of a request, told apart as a sender can tell it. */
export const outcomes = [
  'accepted',
  'refused',
  'unproven',
  'too large',
  'no such address',
  'no HTTP',
  'closed',
  'a page',
] as const;
export type Outcome = (typeof outcomes)[number];

/** A request as it goes over the wire, and what has to come of it. */
export interface FuzzRequest {
  readonly index: number;
  /** The mutations and the way of sending, for tables. */
  readonly kind: readonly string[];
  readonly route: 'hooks' | 'traders-post';
  readonly source: FuzzSource;
  /** Written one after the other. */
  readonly wire: Buffer;
  /** What reaches the reader; null: nothing does, or it cannot be said. */
  readonly body: Buffer | null;
  /** Headers that a proof is read from, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address names what was issued. */
  readonly addressed: boolean;
  /** What may come of it whatever the reader says; empty: what the reader says, and nothing else. */
  readonly also: readonly Outcome[];
  /** The connection is of no more use afterwards. */
  readonly closes: boolean;
  /** The other end is told that nothing more will come, so that it need not wait. */
  readonly ends: boolean;
}
