import type postgres from 'postgres';
import type { Destination } from '../../../core/model/destination.ts';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import { type SignalStatus, signalFromJson, type TradeSignalJson } from '../../../core/model/signal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import {
  type DecisionStore,
  mostAhead,
  type StrategyHolding,
  type TradingAccount,
} from '../../../core/ports/decision-store.ts';
import type { JobStatements, JobWriter } from '../../../core/ports/job-queue.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { createActivityReader } from './activity.ts';
import { holdingsOf } from './holdings.ts';
import { readLockedView } from './locked-view.ts';
import { storeDecision } from './store-decision.ts';

export interface DecisionStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly jobs: JobWriter & JobStatements;
  readonly clock: Clock;
  /** The venue's calendar, by which sessions are counted; without it weekdays are. */
  readonly market?: Pick<MarketFacts, 'session'>;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Decisions in PostgreSQL. */
export function createDecisionStore(options: DecisionStoreOptions): DecisionStore {
  const { sql, jobs, clock, committed } = options;
  const before = sql`
    from trading_signals e
    where e.status = 'accepted' and e.ticker = s.ticker and e.strategy = s.strategy
      and (e.received_at, e.id) < (s.received_at, s.id) and e.received_at > s.received_at - interval '10 minutes'`;
  const activity = createActivityReader(options.market ?? { session: () => null });
  return {
    async signal(signalId) {
      const [row] = await sql<SignalRow[]>`
        select parsed, received_at as "receivedAt", status, destinations, replay_of is not null as replay,
          array(select account_id::text from decisions where signal_id = s.id) as "decidedFor",
          case when exists (
            select ${before}
              -- One that asked to be decided later holds nobody up until then.
              and e.received_at + make_interval(secs => coalesce((e.parsed->>'delaySeconds')::float8, 0)) <= ${clock.now()}
          ) then (select count(*)::int from (select ${before} limit ${mostAhead}) e) else 0 end as ahead,
          case when s.destinations is null then ${holdingsOf(sql, sql`s.strategy`, sql`s.ticker`)} else '[]' end as holdings
        from trading_signals s where id = ${signalId}`;
      if (!row?.parsed) return null;
      const { parsed, ...rest } = row;
      return { signalId, signal: signalFromJson(parsed), ...rest };
    },

    async tradingAccounts() {
      return sql<
        TradingAccount[]
      >`select id as "accountId", name, mode, enabled from accounts order by created_at, name`;
    },

    async decide(signal, accountId, bar, decide, destinations = [{ accountId, weight: '1', shadow: false }]) {
      const decided = await sql.begin(async (tx) => {
        const locked = await readLockedView(tx, signal, accountId, bar, clock.now(), activity);
        const decision = locked && decide(locked.view);
        if (!locked || decision === null) return false;
        await storeDecision(tx, jobs, signal, accountId, decision, {
          destinations: locked.destinations ?? destinations,
          before: locked.before,
        });
        return true;
      });
      if (decided) committed?.();
      return decided;
    },

    async fail(signalId, sentence) {
      const failed = await sql.begin(async (tx) => {
        const { count } = await tx`
          update trading_signals set status = 'failed', sentence = ${sentence}
          where id = ${signalId} and status = 'accepted'`;
        if (count === 1) await appendEvents(tx, [{ kind: 'signal.failed', signalId, data: { sentence } }]);
        return count === 1;
      });
      if (failed) committed?.();
      return failed;
    },
  };
}

interface SignalRow {
  parsed: TradeSignalJson | null;
  receivedAt: Date;
  status: SignalStatus;
  destinations: Destination[] | null;
  replay: boolean;
  ahead: number;
  decidedFor: (string | null)[];
  holdings: StrategyHolding[];
}
