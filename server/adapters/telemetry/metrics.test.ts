// A scrape as Prometheus does it: over HTTP, with a viewer's token, of a process that follows a real event table.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../core/model/event.ts';
import { type Api, openApi } from '../../testing/api.ts';
import { createEventWriter } from '../database/event-reader/event-writer.ts';

const accountId = '019aa2f4-0000-7000-8000-000000000001';
const id = (last: number) => `019aa2f4-0000-7000-8000-0000000001${String(last).padStart(2, '0')}`;
const busy = { waiting: 3, active: 1, failed: 2 };
const idle = { waiting: 0, active: 0, failed: 0 };

const now = {
  search: null as { events: number; seconds: number; rejected: number } | null | Error,
  database: true,
  connected: true,
  line: { answers: true, waiting: 0, pausedSeconds: 0 },
};
const logged = { warnings: 0, errors: 0 };
let api: Api;
let stop: () => Promise<void>;
let onCounted: (many: number) => void = () => {};

beforeAll(async () => {
  api = await openApi({
    accountName: (asked) => (asked === accountId ? 'paper' : undefined),
    async depth() {
      if (!now.database) throw new Error('away');
      return {
        'signal.process': busy,
        'order.submit': idle,
        'order.cancel': idle,
        'order.replace': idle,
        'order.lookup': idle,
        'account.compare': idle,
        'approval.settle': idle,
      };
    },
    async readSearchLag() {
      if (now.search instanceof Error) throw now.search;
      return now.search;
    },
    streams: () => [{ account: 'paper', connected: now.connected, ...now.line }],
    logged,
  });
  stop = await api.events.follow({
    reader: null,
    async onBatch(batch) {
      api.metrics.seen(batch);
      onCounted(batch.length);
    },
  });
});
afterAll(async () => {
  await stop();
  await api.close();
});

/** The samples of a scrape: `name{labels}` to value. */
async function scrape(): Promise<Map<string, number>> {
  const response = await api.as('viewer', '/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** Stores events, and resolves when they were counted. */
async function happen(...events: NewEvent[]): Promise<void> {
  const counted = Promise.withResolvers<void>();
  let left = events.length;
  onCounted = (many) => {
    left -= many;
    if (left <= 0) counted.resolve();
  };
  await createEventWriter({ sql: api.sql, committed: () => api.events.kick() }).append(events);
  await counted.promise;
}

describe('GET /metrics', () => {
  it('is for those who are signed in, by a bearer token', async () => {
    expect((await api.request('/metrics')).status).toBe(401);
    expect((await api.request('/metrics', { headers: { authorization: 'Bearer sbx_nobody' } })).status).toBe(401);
  });

  it('has every foreseeable series at 0 before anything happened, so that the first one is an increase', async () => {
    const samples = await scrape();
    for (const outcome of ['accepted', 'repeated', 'refused', 'unauthorized', 'limited', 'unavailable'])
      expect(samples.get(`signalbox_alerts_total{outcome="${outcome}"}`), outcome).toBe(0);
    expect(samples.get('signalbox_proofs_total{proof="signature",outcome="PROOF_REPLAYED"}')).toBe(0);
    expect(samples.get('signalbox_decisions_total{outcome="denied",code="RISK_MAX_POSITION"}')).toBe(0);
    expect(samples.get('signalbox_orders_total{status="submit_unknown"}')).toBe(0);
    expect(samples.get('signalbox_executions_total')).toBe(0);
    expect(samples.get('signalbox_order_step_seconds_count{step="acknowledge"}')).toBe(0);
  });

  it('tells of the process itself', async () => {
    const samples = await scrape();
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(samples.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('counts alerts by what the sender was told, and how long that took', async () => {
    api.metrics.alertAnswered('accepted', 0.004);
    api.metrics.alertAnswered('accepted', 0.2);
    api.metrics.alertAnswered('limited', 0.001);
    const samples = await scrape();
    expect(samples.get('signalbox_alerts_total{outcome="accepted"}')).toBe(2);
    expect(samples.get('signalbox_alerts_total{outcome="limited"}')).toBe(1);
    expect(samples.get('signalbox_acknowledgement_seconds_bucket{le="0.005",outcome="accepted"}')).toBe(1);
    expect(samples.get('signalbox_acknowledgement_seconds_bucket{le="0.25",outcome="accepted"}')).toBe(2);
    expect(samples.get('signalbox_acknowledgement_seconds_sum{outcome="accepted"}')).toBeCloseTo(0.204);
  });

  it('counts proofs by what they came to', async () => {
    api.metrics.proofJudged('address', 'held');
    api.metrics.proofJudged('address', 'PROOF_ADDRESS');
    api.metrics.proofJudged('address', 'PROOF_ADDRESS');
    const samples = await scrape();
    expect(samples.get('signalbox_proofs_total{proof="address",outcome="held"}')).toBe(1);
    expect(samples.get('signalbox_proofs_total{proof="address",outcome="PROOF_ADDRESS"}')).toBe(2);
  });

  it('counts the alarms that are open, apart those that somebody has seen', async () => {
    const series = (severity: string, acknowledged: string) =>
      `signalbox_alarms_open{severity="${severity}",acknowledged="${acknowledged}"}`;
    expect((await scrape()).get(series('page', 'no'))).toBe(0);
    const raise = (key: string, severity: 'page' | 'warn') =>
      api.alarms.raise({ key, kind: 'job.dead', severity, sentence: 'Wrong.' });
    await Promise.all([raise('a', 'page'), raise('b', 'page'), raise('c', 'warn')]);
    await api.alarms.acknowledge((await api.alarms.open()).find((one) => one.key === 'a')!.id, 'ada');
    const samples = await scrape();
    expect(samples.get(series('page', 'no'))).toBe(1);
    expect(samples.get(series('page', 'yes'))).toBe(1);
    expect(samples.get(series('warn', 'no'))).toBe(1);
  });

  it('counts decisions, orders and fills as the event table tells them, and times an order’s steps', async () => {
    const about = { signalId: id(1), orderId: id(2), accountId };
    const order = (kind: NewEvent['kind'], previousStatus: string): NewEvent => ({
      kind,
      ...about,
      data: { previousStatus },
    });
    await happen(
      { kind: 'signal.accepted', signalId: id(1), data: {} },
      { kind: 'decision.approved', ...about, data: { code: null } },
      { kind: 'decision.denied', signalId: id(3), accountId, data: { code: 'RISK_MAX_POSITION' } },
      order('order.submitting', 'approved'),
      order('order.accepted', 'submitting'),
      { kind: 'execution.recorded', ...about, data: {} },
      order('order.partially_filled', 'accepted'),
      { kind: 'execution.recorded', ...about, data: {} },
      order('order.partially_filled', 'partially_filled'),
      { kind: 'execution.recorded', ...about, data: {} },
      order('order.filled', 'partially_filled'),
      // A leg: nobody has decided it, so it has no steps.
      { kind: 'order.accepted', signalId: id(1), orderId: id(4), accountId, data: { previousStatus: 'held' } },
      { kind: 'mode.changed', data: {} },
    );
    const samples = await scrape();
    expect(samples.get('signalbox_decisions_total{outcome="approved",code=""}')).toBe(1);
    expect(samples.get('signalbox_decisions_total{outcome="denied",code="RISK_MAX_POSITION"}')).toBe(1);
    const statuses = ['approved', 'submitting', 'accepted', 'partially_filled', 'filled', 'rejected'];
    expect(statuses.map((status) => samples.get(`signalbox_orders_total{status="${status}"}`))).toEqual([
      1, 1, 2, 1, 1, 0,
    ]);
    expect(samples.get('signalbox_executions_total')).toBe(3);
    for (const step of ['decide', 'queue', 'acknowledge', 'fill'])
      expect(samples.get(`signalbox_order_step_seconds_count{step="${step}"}`), step).toBe(1);
  });

  it('tells of each account what was last recorded, by its name', async () => {
    const outcome = (kind: NewEvent['kind'], word: string): NewEvent => ({ kind, accountId, data: { outcome: word } });
    await happen(outcome('reconciliation.completed', 'agreed'), {
      kind: 'equity.recorded',
      accountId,
      data: { equity: '100250.75' },
    });
    const before = await scrape();
    expect(before.get('signalbox_reconciled{account="paper"}')).toBe(1);
    expect(before.get('signalbox_equity{account="paper"}')).toBe(100250.75);
    await happen(outcome('reconciliation.completed', 'differs'), { kind: 'mode.changed', data: {} });
    const after = await scrape();
    expect(after.get('signalbox_reconciled{account="paper"}')).toBe(0);
    expect(after.get('signalbox_reconciliations_total{account="paper",outcome="differs"}')).toBe(1);
  });

  it('asks at the scrape what is in the queues, whether the streams are up, and what was logged', async () => {
    Object.assign(logged, { warnings: 7, errors: 2 });
    const up = await scrape();
    expect(up.get('signalbox_queue_jobs{queue="signal.process",state="waiting"}')).toBe(3);
    expect(up.get('signalbox_queue_jobs{queue="signal.process",state="failed"}')).toBe(2);
    expect(up.get('signalbox_broker_connected{account="paper"}')).toBe(1);
    expect([up.get('signalbox_log_warnings_total'), up.get('signalbox_log_errors_total')]).toEqual([7, 2]);
    now.connected = false;
    now.line = { answers: false, waiting: 4, pausedSeconds: 1.5 };
    const down = await scrape();
    expect(down.get('signalbox_broker_answers{account="paper"}')).toBe(0);
    expect(down.get('signalbox_broker_requests_waiting{account="paper"}')).toBe(4);
    expect(down.get('signalbox_broker_paused_seconds{account="paper"}')).toBe(1.5);
    expect((await scrape()).get('signalbox_broker_connected{account="paper"}')).toBe(0);
    expect((await scrape()).get('signalbox_log_errors_total')).toBe(2);
  });

  it('goes on without the database’s figures when it does not answer', async () => {
    now.database = false;
    const samples = await scrape();
    expect(samples.get('signalbox_database_up')).toBe(0);
    expect(samples.has('signalbox_queue_jobs{queue="signal.process",state="waiting"}')).toBe(false);
    now.database = true;
    expect((await scrape()).get('signalbox_database_up')).toBe(1);
  });

  it('has no lag where there is no search copy, or where it cannot be read; 0 would say that all is well', async () => {
    const names = ['lag_events', 'lag_seconds', 'rejected_documents'].map((name) => `signalbox_search_${name}`);
    const read = async () => {
      const samples = await scrape();
      return names.map((name) => samples.get(name));
    };
    expect(await read()).toEqual([undefined, undefined, undefined]);
    now.search = { events: 12, seconds: 3.5, rejected: 1 };
    expect(await read()).toEqual([12, 3.5, 1]);
    now.search = new Error('away');
    expect(await read()).toEqual([undefined, undefined, undefined]);
  });
});
