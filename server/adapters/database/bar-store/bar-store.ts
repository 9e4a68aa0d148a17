import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import type { Bar } from '../../../core/indicators/bar.ts';
import type { BarStore } from '../../../core/ports/bar-history.ts';
import { type BarFigures, toBar } from './read-bars.ts';

interface BarRow extends BarFigures {
  symbol: string;
  readAt: Date;
  /** Null: the symbol has no bars. */
  at: Date | null;
}

/** What was read of the market, in PostgreSQL. */
export function createBarStore(sql: postgres.Sql): BarStore {
  return {
    async bars(source, symbols) {
      const rows = await sql<BarRow[]>`
        select r.symbol, r.read_at as "readAt", b.at, b.open, b.high, b.low, b.close, b.volume
        from daily_bar_reads r left join daily_bars b using (symbol)
        where r.source = ${source} and r.symbol = any(${symbols as string[]}::text[]) order by r.symbol, b.at`;
      const found = new Map<string, { bars: Bar[]; readAt: Date }>();
      for (const row of rows) {
        let read = found.get(row.symbol);
        if (read === undefined) {
          read = { bars: [], readAt: row.readAt };
          found.set(row.symbol, read);
        }
        if (row.at) read.bars.push(toBar(row, row.at));
      }
      return found;
    },

    async keepBars(source, bars, readAt, wanted) {
      for (const [symbol, own] of bars) {
        const rows = own.map((bar) => ({
          at: bar.at.toISOString(),
          open: text(bar.open),
          high: text(bar.high),
          low: text(bar.low),
          close: text(bar.close),
          volume: text(bar.volume),
        }));
        await sql.begin(async (tx) => {
          // Two processes that have read the same symbol come one after the other.
          await tx`
            insert into daily_bar_reads (symbol, source, read_at, wanted_at)
            values (${symbol}, ${source}, ${readAt}, ${readAt})
            on conflict (symbol) do update set source = excluded.source, read_at = excluded.read_at,
              wanted_at = case when ${wanted} then excluded.wanted_at else daily_bar_reads.wanted_at end`;
          await tx`delete from daily_bars where symbol = ${symbol}`;
          await tx`
            insert into daily_bars (symbol, at, open, high, low, close, volume)
            select ${symbol}, bar.* from jsonb_to_recordset(${tx.json(rows)}::jsonb)
              as bar (at timestamptz, open numeric, high numeric, low numeric, close numeric, volume numeric)`;
        });
      }
    },

    async wanted(since) {
      const rows = await sql<{ symbol: string }[]>`
        select symbol from strategy_positions where quantity <> 0
        union select symbol from positions where quantity <> 0
        union select symbol from orders where created_at >= ${since}
        union select symbol from daily_bar_reads where wanted_at >= ${since}`;
      return rows.map((row) => row.symbol);
    },

    async sessions(source) {
      const rows = await sql<{ day: string; opensAt: Date | null; closesAt: Date | null; readAt: Date }[]>`
        select day::text, opens_at as "opensAt", closes_at as "closesAt", read_at as "readAt" from market_sessions
        where source = ${source} order by day`;
      const [first] = rows;
      if (first === undefined) return null;
      return {
        from: first.day,
        readAt: first.readAt,
        sessions: rows.flatMap(({ day, opensAt, closesAt }) =>
          opensAt && closesAt ? [{ day, opensAt, closesAt }] : [],
        ),
      };
    },

    async keepSessions(source, { from, sessions, readAt }) {
      const rows = sessions.map((one) => ({
        day: one.day,
        opens_at: one.opensAt.toISOString(),
        closes_at: one.closesAt.toISOString(),
      }));
      await sql.begin(async (tx) => {
        await tx`lock table market_sessions in share row exclusive mode`;
        await tx`delete from market_sessions`;
        await tx`
          insert into market_sessions (day, opens_at, closes_at, source, read_at)
          select d.day::date, s.opens_at, s.closes_at, ${source}, ${readAt}
          from generate_series(${from}::date, ${sessions.at(-1)?.day ?? from}::date, interval '1 day') as d (day)
          left join jsonb_to_recordset(${tx.json(rows)}::jsonb)
            as s (day date, opens_at timestamptz, closes_at timestamptz) on s.day = d.day::date`;
      });
    },
  };
}
