import type postgres from 'postgres';
import { systemRandom } from '../adapters/clock/system-random.ts';
import type { Mode } from '../core/model/mode.ts';
import type { Side } from '../core/model/signal.ts';

/** A day's last equity; recorded at the close in New York, whatever the season. */
export interface SeededClose {
  readonly day: string;
  readonly equity: string;
  /** Posted an hour before. */
  readonly paidIn?: string;
}

export interface SeededTrade {
  readonly strategy: string;
  readonly symbol: string;
  readonly side?: Side;
  readonly quantity?: string;
  readonly profit: string;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly signalId?: string;
}

/** For tests of what performance is read from: accounts, their equity and their closed trades, straight in the tables, without a broker. */
export function seedPerformance(sql: postgres.Sql) {
  return {
    async account(name: string, mode: Mode): Promise<string> {
      const id = systemRandom.id();
      await sql`
        insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted, enabled)
        values (${id}, ${name}, 'alpaca', ${mode === 'paper' ? 'alpaca-paper' : 'alpaca-live'}, ${mode}, 'key', 'sealed', false)`;
      return id;
    },

    async closes(accountId: string, closes: readonly SeededClose[]): Promise<void> {
      for (const { day, equity, paidIn } of closes) {
        const at = sql`((${day}::date + time '16:00') at time zone 'America/New_York')`;
        if (paidIn) {
          const [row] = await sql<{ id: string }[]>`
            insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
            values (${systemRandom.id()}, ${accountId}, 'correction', ${`paid ${day}`}, ${at}, ${at} - interval '1 hour') returning id`;
          await sql`
            insert into ledger_entries (id, transaction_id, account_id, book, amount) values
            (${systemRandom.id()}, ${row!.id}, ${accountId}, 'cash', ${paidIn}::numeric),
            (${systemRandom.id()}, ${row!.id}, ${accountId}, 'capital', -${paidIn}::numeric)`;
        }
        await sql`
          insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
          values (${accountId}, ${at}, ${equity}, 0, ${equity}, 0, 0)`;
      }
    },

    async trades(accountId: string, trades: readonly SeededTrade[]): Promise<void> {
      for (const trade of trades) {
        await sql`
          insert into closed_trades (account_id, strategy, symbol, side, quantity, profit, signal_id, opened_at, closed_at)
          values (${accountId}, ${trade.strategy}, ${trade.symbol}, ${trade.side ?? 'buy'}, ${trade.quantity ?? '10'}, ${trade.profit},
            ${trade.signalId ?? null}, ${trade.openedAt}, ${trade.closedAt})`;
        await sql`
          insert into trade_folds (account_id, strategy, symbol) values (${accountId}, ${trade.strategy}, ${trade.symbol})
          on conflict do nothing`;
      }
    },
  };
}
