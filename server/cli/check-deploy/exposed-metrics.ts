import { createMetrics } from '../../adapters/telemetry/metrics.ts';
import type { NewEvent } from '../../core/model/event.ts';

/** What a scrape has: by name, the values of each label that were seen. A histogram is there under its three names. */
export type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

const accountId = 'account';

/** Makes the metrics as a process does, has one of everything happen, and scrapes them. */
export async function exposedMetrics(): Promise<Exposed> {
  const idle = { waiting: 0, active: 0, failed: 0 };
  const metrics = createMetrics({
    accountName: (asked) => (asked === accountId ? 'paper' : undefined),
    depth: async () => ({
      'signal.process': idle,
      'order.submit': idle,
      'order.cancel': idle,
      'order.replace': idle,
      'order.lookup': idle,
      'account.compare': idle,
      'approval.settle': idle,
    }),
    alarms: async () => [],
    readSearchLag: async () => ({ events: 0, seconds: 0, rejected: 0 }),
    streams: () => [{ account: 'paper', connected: true, answers: true, waiting: 0, pausedSeconds: 0 }],
    logged: { warnings: 0, errors: 0 },
    log: { debug() {} },
  });
  const told: NewEvent[] = [
    { kind: 'equity.recorded', accountId, data: { equity: '1' } },
    ...['agreed', 'corrected', 'differs', 'failed'].map(
      (outcome): NewEvent => ({ kind: 'reconciliation.completed', accountId, data: { outcome } }),
    ),
  ];
  metrics.seen(told.map((event, at) => ({ ...event, seq: String(at), id: String(at), at: new Date(0) })));
  return readScrape((await metrics.read()).text);
}

/** Reads the text format as far as prom-client writes it. */
export function readScrape(text: string): Exposed {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const line of text.split('\n')) {
    const [, name, labels] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const of = found.get(name) ?? new Map<string, Set<string>>();
    found.set(name, of);
    for (const [, label, value] of (labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      of.set(label!, (of.get(label!) ?? new Set()).add(value!));
  }
  return found;
}
