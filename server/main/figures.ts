import type postgres from 'postgres';
import type { CountingLog } from '../adapters/telemetry/counting-log.ts';
import type { ProcessFigures } from '../adapters/telemetry/process-figures.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { JobQueue } from '../core/ports/job-queue.ts';
import type { SearchSink } from '../pipeline/projections/search/sink.ts';

export interface FigureParts {
  readonly sql: postgres.Sql;
  readonly queue: Pick<JobQueue, 'depth'>;
  readonly search: SearchSink | null;
  readonly log: Pick<CountingLog, 'counts'>;
  readonly process: () => ProcessFigures;
  readonly clock: Clock;
}

const logged = new WeakMap<object, { warnings: number; errors: number }>();

/** The figures that are recorded with the state of health, named as in opensearch/templates/trading-health.json. */
export async function readFigures(parts: FigureParts, since: Date): Promise<Record<string, number>> {
  const { clock } = parts;
  const askedMs = clock.monotonicMs();
  const [alerts] = await parts.sql<{ taken: number; refused: number }[]>`
    select count(*) filter (where status <> 'refused')::int as taken,
      count(*) filter (where status in ('refused', 'failed'))::int as refused
    from trading_signals where received_at >= ${since}`;
  const databaseMs = Math.round((clock.monotonicMs() - askedMs) * 100) / 100;
  const depth = Object.values(await parts.queue.depth());
  const sum = (of: 'waiting' | 'failed') => depth.reduce((total, one) => total + one[of], 0);
  const search = await parts.search?.state();
  const { counts } = parts.log;
  const before = logged.get(counts) ?? { warnings: 0, errors: 0 };
  logged.set(counts, { ...counts });
  const { taken, refused } = alerts!;
  const all = taken + refused;
  return {
    queueWaiting: sum('waiting'),
    queueFailed: sum('failed'),
    alertsTaken: taken,
    alertsRefused: refused,
    errorRate: all === 0 ? 0 : refused / all,
    warningsLogged: counts.warnings - before.warnings,
    errorsLogged: counts.errors - before.errors,
    databaseMs,
    ...parts.process(),
    ...(search
      ? { searchLagEvents: search.events, searchLagSeconds: search.seconds, searchRejected: search.refused }
      : {}),
  };
}
