import type postgres from 'postgres';
import { systemRandom } from '../adapters/clock/system-random.ts';

/** Rows that stand for `count` alerts from the first to the last step, every third of them closing at a profit or a loss. */
export interface SeededTrades {
  readonly accountId: string;
  /** Appends that many more alerts with all that follows them; as one transaction. */
  more(count: number): Promise<void>;
}

/** An account whose alerts went all the way, with the events of each step, made in the database at its own speed. */
export async function seedTrades(sql: postgres.Sql, startAt = '2026-11-02T14:30:00Z'): Promise<SeededTrades> {
  const accountId = systemRandom.id();
  await sql`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (${accountId}, ${`seeded ${accountId.slice(-6)}`}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
  let made = 0;
  return {
    accountId,
    async more(count) {
      const first = made;
      made += count;
      await sql.begin(async (tx) => {
        await tx`
          create temporary table seed on commit drop as
          select n, gen_random_uuid() as signal, gen_random_uuid() as decision, gen_random_uuid() as "order",
            gen_random_uuid() as execution, ${startAt}::timestamptz + n * interval '7 seconds' as at,
            (array['AAPL','MSFT','XOM','JPM','KO','PFE','CAT','NOPE'])[1 + n % 8] as ticker,
            (array['opening range','mean reversion','breakout'])[1 + n % 3] as strategy,
            case when n % 3 = 2 then 'sell' else 'buy' end as side,
            case when n % 3 = 2 then 'exit' else 'entry' end as role,
            (50 + n % 97)::numeric as price, (1 + n % 40)::numeric as quantity,
            case when n % 3 = 2 then ((n % 11) - 5) * 1.25 else 0 end::numeric as pnl, n % 10 = 9 as denied
          from generate_series(${first}::int, ${made - 1}::int) as n`;
        await tx`
          insert into trading_signals (id, source, received_at, status, raw_body, content_type, proofs, parsed, ticker, side, strategy,
            code, sentence, parse_micros, decided_at)
          select signal, 'tradingview', at, case when denied then 'denied' else 'approved' end,
            format('{"signal":"%s","ticker":"%s","risk":100}', upper(side), ticker), 'application/json', '{}',
            jsonb_build_object('side', side, 'ticker', ticker, 'requestedMode', 'paper', 'riskAmount', '100', 'entryPrice', null,
              'stopLoss', null, 'takeProfit', null, 'firedAt', null, 'alertId', null, 'strategy', strategy, 'timeframe', '5m'),
            ticker, side, strategy, case when denied then 'RISK_MAX_POSITION' end,
            case when denied then format('Not sent: %s would be 29.9 %% of equity, the limit is 20 %%.', ticker) end,
            200, at + interval '9 milliseconds'
          from seed`;
        await tx`
          insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, sentence, quantity, sizing, verdicts,
            started_at, decided_at)
          select decision, signal, ${accountId}, 'paper', '[{"source":"signal","says":"paper","sentence":"The alert asks for paper."}]',
            role, case when denied then 'denied' else 'approved' end, case when denied then 'RISK_MAX_POSITION' end, null, quantity,
            jsonb_build_object('entryPrice', price::text, 'stopLoss', (price - 1)::text, 'takeProfit', (price + 2)::text),
            case when denied then '[{"rule":"kill-switch","verdict":"pass"},{"rule":"max-position","verdict":"deny"}]'::jsonb
              else '[{"rule":"kill-switch","verdict":"pass"},{"rule":"max-position","verdict":"pass"}]'::jsonb end,
            at + interval '4 milliseconds', at + interval '9 milliseconds'
          from seed`;
        await tx`
          insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, broker_order_id, symbol, side,
            type, order_class, time_in_force, quantity, reference_price, status, filled_quantity, filled_cost, created_at,
            submitting_at, acknowledged_at, closed_at, updated_at)
          select "order", ${accountId}, decision, signal, strategy, 'paper', role, 'sbx-' || "order", 'broker-' || "order", ticker,
            side, 'market', 'simple', 'gtc', quantity, price - 0.01, 'filled', quantity, quantity * price,
            at + interval '9 milliseconds', at + interval '12 milliseconds', at + interval '16 milliseconds',
            at + interval '20 milliseconds', at + interval '20 milliseconds'
          from seed where not denied`;
        await tx`
          insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, fee, cumulative_quantity,
            realized_pnl, source, executed_at, recorded_at)
          select execution, "order", ${accountId}, 'fill-' || execution, ticker, side, quantity, price, 0.02, quantity, pnl, 'stream',
            at + interval '15 milliseconds', at + interval '20 milliseconds'
          from seed where not denied`;
        await tx`
          insert into positions (account_id, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
          select ${accountId}, ticker, sum(quantity), sum(quantity * price), sum(pnl), min(at), max(at)
          from seed where not denied group by ticker
          on conflict (account_id, symbol) do update set quantity = positions.quantity + excluded.quantity,
            cost = positions.cost + excluded.cost, realized_pnl = positions.realized_pnl + excluded.realized_pnl,
            updated_at = excluded.updated_at`;
        await tx`
          insert into strategy_positions as held (account_id, strategy, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
          select ${accountId}, strategy, ticker, sum(quantity), sum(quantity * price), sum(pnl), min(at), max(at)
          from seed where not denied group by strategy, ticker
          on conflict (account_id, strategy, symbol) do update set quantity = held.quantity + excluded.quantity,
            cost = held.cost + excluded.cost, realized_pnl = held.realized_pnl + excluded.realized_pnl,
            updated_at = excluded.updated_at`;
        await tx`
          insert into events (kind, signal_id, order_id, account_id, data)
          select kind, signal, case when kind like 'signal.%' or denied then null else "order" end,
            case when kind like 'signal.%' then null else ${accountId}::uuid end,
            jsonb_build_object('symbol', ticker, 'side', side, 'quantity', quantity::text, 'strategy', strategy)
              || case when kind = 'execution.recorded' then jsonb_build_object('executionId', 'fill-' || execution) else '{}' end
          from seed, unnest(case when denied then array['signal.accepted', 'decision.denied']
            else array['signal.accepted', 'decision.approved', 'order.submitting', 'order.accepted', 'execution.recorded',
              'order.filled', 'position.changed'] end) with ordinality as step (kind, nth)
          order by n, nth`;
      });
    },
  };
}
