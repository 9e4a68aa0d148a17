import type postgres from 'postgres';
import type { MarketFacts } from '../../../core/model/market-facts.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { StrategyHolding, TradingAccount } from '../../../core/ports/decision-store.ts';
import type { DecisionViews } from '../../../core/ports/decision-views.ts';
import { createActivityReader } from './activity.ts';
import { holdingsOf } from './holdings.ts';
import { readUnlockedView } from './locked-view.ts';

export interface DecisionViewsOptions {
  /** A plain postgres.js client, never one that drizzle was given, nor the one decisions are made with: they do not wait for questions. */
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly market?: Pick<MarketFacts, 'session'>;
}

/** What decisions would see, from PostgreSQL. */
export function createDecisionViews({ sql, clock, market }: DecisionViewsOptions): DecisionViews {
  return {
    async tradingAccounts() {
      return sql<TradingAccount[]>`
        select id as "accountId", name, mode, enabled from accounts order by created_at, name`;
    },

    async holdings({ strategy, ticker }) {
      const [row] = await sql<{ holdings: StrategyHolding[] }[]>`
        select ${holdingsOf(sql, sql`${strategy}::text`, sql`${ticker}::text`)} as holdings`;
      return row!.holdings;
    },

    view(signal, accountId, bar) {
      // What the reader of decisions remembers goes with the locks they hold; a question, which holds none, brings a reader of its own.
      const activity = createActivityReader(market ?? { session: () => null });
      return sql.begin('isolation level repeatable read read only', (tx) =>
        readUnlockedView(tx, signal, accountId, bar, clock.now(), activity),
      );
    },
  };
}
