import type { ProofPolicy } from '../../core/model/proofs.ts';
import type { SourceReading } from '../../core/model/source-reading.ts';

/** A source of the server under test, with what its senders know. */
export interface FuzzSource {
  readonly id: string;
  readonly source: string;
  readonly token: string;
  readonly dialect: string | null;
  readonly reading: SourceReading | null;
  /** What it asks of its senders, as the server was told. */
  readonly policy: ProofPolicy;
  /** What goes into the body; null: nothing. */
  readonly bodySecret: string | null;
  /** What its alerts are signed with; null: nothing. */
  readonly signingKey: string | null;
}

/** Addresses of the block that is asked for where an address is a proof; documentation's own (RFC 5737). */
export const allowedAddresses = '192.0.2.0/24';
export const allowedAddress = '192.0.2.7';
