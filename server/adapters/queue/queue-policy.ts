import type { Queue } from 'pg-boss';
import type { QueueName } from '../../core/ports/job-queue.ts';

type Policy = Omit<Queue, 'name' | 'deadLetter'>;

/**
 * `short`: at most one waiting job of a key. Jobs without a key get one of their own, so only those that ask for it are held to
 * that. Done jobs are kept a day, for whoever looks into a receipt.
 */
const every: Policy = {
  policy: 'short',
  retryBackoff: true,
  retryDelay: 1,
  // The pump's heartbeats say whether a job's worker lives; this only ends a handler that hangs for ever.
  expireInSeconds: 3600,
  retentionSeconds: 30 * 86_400,
  deleteAfterSeconds: 86_400,
};

/**
 * An order may already be at the broker: giving up on it leaves a position nobody watches. With at most 30 s between attempts
 * this many last ten months; what to do in the meantime is the order's status' business, not the queue's.
 */
const neverGivesUp: Policy = { ...every, retryLimit: 1_000_000, retryDelayMax: 30, retentionSeconds: 365 * 86_400 };

/** Ten attempts over about five minutes: a fault that outlasts this needs a person, and the alert is too old by then. */
const signal: Policy = { ...every, retryLimit: 9, retryDelayMax: 60 };

/** Somebody waits for it now, and nobody later. */
const onDemand: Policy = { ...every, retryLimit: 0, retentionSeconds: 300 };

/** It ends what waits for a person, whatever happens: nobody else would. */
const approval: Policy = { ...neverGivesUp };

/** How jobs of each queue are retried and kept. */
export const queuePolicies: Readonly<Record<QueueName, Policy>> = {
  'signal.process': signal,
  'order.submit': neverGivesUp,
  'order.cancel': neverGivesUp,
  'order.replace': neverGivesUp,
  'order.lookup': neverGivesUp,
  'account.compare': onDemand,
  'approval.settle': approval,
};

/** Jobs that were given up are kept a year, for somebody to send them again or discard them. */
export const deadLetterPolicy: Policy = { policy: 'standard', retentionSeconds: 365 * 86_400 };
