import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { proofOfFailure, proofs } from '../../core/model/proofs.ts';
import { queueNames } from '../../core/ports/job-queue.ts';
import type { Log } from '../../core/ports/log.ts';
import { alertOutcomes, type Metrics, type MetricsSources, mailReadings } from '../../core/ports/metrics.ts';
import { createEventFigures } from './event-figures.ts';

export interface MetricsParts extends MetricsSources {
  /** By account id. */
  accountName(accountId: string): string | undefined;
  readonly log: Pick<Log, 'debug'>;
}

/** Figures in a registry of their own: two systems in one process do not mix theirs. */
export function createMetrics(parts: MetricsParts): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });

  const alerts = new Counter({
    name: 'signalbox_alerts_total',
    help: 'Alerts that this process answered, by what the sender was told. A sum over instances is the whole.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of alertOutcomes) alerts.inc({ outcome }, 0);
  const mails = new Counter({
    name: 'signalbox_mails_total',
    help: 'Mails of allowed senders that this process read in the mailboxes of sources, by what became of them.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of mailReadings) mails.inc({ outcome }, 0);
  const acknowledgement = new Histogram({
    name: 'signalbox_acknowledgement_seconds',
    help: 'From the whole alert to its answer.',
    labelNames: ['outcome'] as const,
    buckets: [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
    registers,
  });
  for (const outcome of alertOutcomes) acknowledgement.zero({ outcome });
  const proofsJudged = new Counter({
    name: 'signalbox_proofs_total',
    help: 'Proofs that sources asked of senders of this process’s alerts: held, or failed by their code. A sum over instances is the whole.',
    labelNames: ['proof', 'outcome'] as const,
    registers,
  });
  for (const proof of proofs) proofsJudged.inc({ proof, outcome: 'held' }, 0);
  for (const [outcome, proof] of Object.entries(proofOfFailure)) proofsJudged.inc({ proof, outcome }, 0);
  const seen = createEventFigures(register, (accountId) => parts.accountName(accountId));

  const jobs = new Gauge({
    name: 'signalbox_queue_jobs',
    help: 'Jobs in the database: waiting, active, and failed for good. The same from every process.',
    labelNames: ['queue', 'state'] as const,
    registers,
  });
  const alarms = new Gauge({
    name: 'signalbox_alarms_open',
    help: 'Alarms in the database that are open: how urgent, and whether somebody has acknowledged them. The same from every process.',
    labelNames: ['severity', 'acknowledged'] as const,
    registers,
  });
  const databaseUp = new Gauge({
    name: 'signalbox_database_up',
    help: '1 when the database answered this scrape.',
    registers,
  });
  const connected = new Gauge({
    name: 'signalbox_broker_connected',
    help: '1 while the broker’s stream of the account is up; told by the process that follows it.',
    labelNames: ['account'] as const,
    registers,
  });
  const ofAccount = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['account'] as const, registers });
  const answers = ofAccount(
    'signalbox_broker_answers',
    '0 while the broker does not answer this process and no entries are sent; exits are tried on.',
  );
  const waiting = ofAccount('signalbox_broker_requests_waiting', 'Requests of this process that wait for their turn.');
  const paused = ofAccount(
    'signalbox_broker_paused_seconds',
    'For how long the broker wants to be asked nothing but exits by this process.',
  );
  const lagEvents = optional('signalbox_search_lag_events', 'Events that are not in the search copy yet.');
  const lagSeconds = optional(
    'signalbox_search_lag_seconds',
    'Age of the oldest event that is not in the search copy.',
  );
  const rejected = optional(
    'signalbox_search_rejected_documents',
    'Documents that the mapping of the search copy refused, kept to be sent again.',
  );
  new Counter({
    name: 'signalbox_log_errors_total',
    help: 'Errors logged by this process.',
    registers,
    collect() {
      this.reset();
      this.inc(parts.logged.errors);
    },
  });
  new Counter({
    name: 'signalbox_log_warnings_total',
    help: 'Warnings logged by this process.',
    registers,
    collect() {
      this.reset();
      this.inc(parts.logged.warnings);
    },
  });

  /** A gauge that has no series while there is nothing to say: 0 would say that all is well. */
  function optional(name: string, help: string): (value: number | undefined) => void {
    const gauge = new Gauge({ name, help, registers });
    gauge.remove();
    return (value) => (value === undefined ? gauge.remove() : gauge.set(value));
  }

  async function readQueues(): Promise<void> {
    try {
      const depth = await parts.depth();
      for (const queue of queueNames)
        for (const state of ['waiting', 'active', 'failed'] as const) jobs.set({ queue, state }, depth[queue][state]);
      databaseUp.set(1);
    } catch (error) {
      parts.log.debug({ err: error }, 'the queues could not be counted for a scrape');
      jobs.reset();
      databaseUp.set(0);
    }
  }

  async function readAlarms(): Promise<void> {
    alarms.reset();
    try {
      const open = await parts.alarms();
      for (const severity of ['page', 'warn'] as const)
        for (const acknowledged of ['yes', 'no'] as const) {
          const seen = acknowledged === 'yes';
          const count = open.filter(
            (one) => one.severity === severity && (one.acknowledgedAt !== null) === seen,
          ).length;
          alarms.set({ severity, acknowledged }, count);
        }
    } catch (error) {
      parts.log.debug({ err: error }, 'the alarms could not be counted for a scrape');
    }
  }

  async function readSearch(): Promise<void> {
    const lag = await parts.readSearchLag().catch((error: unknown) => {
      parts.log.debug({ err: error }, 'the lag of the search copy could not be read for a scrape');
      return null;
    });
    lagEvents(lag?.events);
    lagSeconds(lag?.seconds);
    rejected(lag?.rejected);
  }

  return {
    alertAnswered(outcome, seconds) {
      alerts.inc({ outcome });
      acknowledgement.observe({ outcome }, seconds);
    },
    proofJudged(proof, outcome) {
      proofsJudged.inc({ proof, outcome });
    },
    mailRead: (outcome) => mails.inc({ outcome }),
    seen,
    async read() {
      for (const gauge of [connected, answers, waiting, paused]) gauge.reset();
      for (const { account, ...stream } of parts.streams()) {
        connected.set({ account }, stream.connected ? 1 : 0);
        answers.set({ account }, stream.answers ? 1 : 0);
        waiting.set({ account }, stream.waiting);
        paused.set({ account }, stream.pausedSeconds);
      }
      await Promise.all([readQueues(), readAlarms(), readSearch()]);
      return { contentType: register.contentType, text: await register.metrics() };
    },
  };
}
