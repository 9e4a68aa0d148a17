import type { AlarmSeverity } from '../model/alarm.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Proof, ProofFailure } from '../model/proofs.ts';
import type { QueueName } from './job-queue.ts';

/** What became of an alert, as the sender was told. */
export const alertOutcomes = [
  'accepted',
  'repeated',
  'refused',
  'recorded',
  'unauthorized',
  'limited',
  'unavailable',
] as const;
export type AlertOutcome = (typeof alertOutcomes)[number];

/** What a proof came to: it held, or why it did not. */
export type ProofOutcome = 'held' | ProofFailure;

/** What became of a mail with an alert; `later`: it could not be stored, and comes again. */
export const mailReadings = ['accepted', 'repeated', 'unusable', 'alive', 'recorded', 'refused', 'later'] as const;
export type MailReading = (typeof mailReadings)[number];

/** How far the search copy is behind; null: there is none. Throws when that cannot be read. */
export type ReadSearchLag = () => Promise<{
  /** Events that are not in it yet. */
  readonly events: number;
  /** Age of the oldest of them in seconds. */
  readonly seconds: number;
  /** Documents that its mapping refused, kept to be sent again. */
  readonly rejected: number;
} | null>;

/** How this process stands with the broker of an account. */
export interface BrokerLine {
  /** No breaker keeps entries from it. */
  readonly answers: boolean;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** For how long the broker wants to be asked nothing but exits; 0: it does not. */
  readonly pausedSeconds: number;
}

/** What is looked up at the moment of a scrape, and at no other. */
export interface MetricsSources {
  depth(): Promise<Readonly<Record<QueueName, { waiting: number; active: number; failed: number }>>>;
  /** What is open. */
  alarms(): Promise<readonly { readonly severity: AlarmSeverity; readonly acknowledgedAt: Date | null }[]>;
  readonly readSearchLag: ReadSearchLag;
  /** The accounts this process follows at their brokers, and whether the stream of each is up; empty where it follows none. */
  streams(): readonly ({ readonly account: string; readonly connected: boolean } & BrokerLine)[];
  /** Warnings and errors logged since the process started. */
  readonly logged: { readonly warnings: number; readonly errors: number };
}

/** Figures of this process, for Prometheus. Nothing that trades ever waits for them. */
export interface Metrics {
  /** An alert was answered after `seconds`. Takes a microsecond, and cannot fail. */
  alertAnswered(outcome: AlertOutcome, seconds: number): void;
  /** A proof that a source asks for held, or failed by its code. Takes a microsecond, and cannot fail. */
  proofJudged(proof: Proof, outcome: ProofOutcome): void;
  /** A mail of an allowed sender was read, and this became of it. Cannot fail. */
  mailRead(outcome: MailReading): void;
  /** Events, in the order of the table. */
  seen(events: readonly StoredEvent[]): void;
  /** The answer to a scrape, in the text format of Prometheus. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}
