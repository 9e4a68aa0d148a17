import type postgres from 'postgres';
import { openStatuses } from './locked-view.ts';

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** As a value of a query: what a strategy has in a ticker, in each account, as JSON of `StrategyHolding`. */
export const holdingsOf = (sql: postgres.Sql, strategy: Fragment, ticker: Fragment) => sql`(
  select coalesce(jsonb_agg(jsonb_build_object('accountId', a.id, 'held', coalesce(p.quantity, 0)::text,
    'entering', coalesce(o.entering, 0)::text, 'entries', o.entries, 'weight', coalesce(d.weight, '1'),
    'shadow', coalesce(d.shadow, false)) order by a.name), '[]')
  from accounts a
  left join strategy_positions p on p.account_id = a.id and p.strategy = ${strategy} and p.symbol = ${ticker}
  cross join lateral (
    select count(*) as entries,
      sum(case side when 'buy' then quantity - filled_quantity else filled_quantity - quantity end) as entering
    from orders
    where account_id = a.id and symbol = ${ticker} and strategy = ${strategy} and role = 'entry'
      and status in ${sql(openStatuses)}
  ) o
  left join lateral (
    select e.weight::text, e.shadow from trading_signals t join decisions e on e.signal_id = t.id
    where t.ticker = ${ticker} and t.strategy = ${strategy} and e.account_id = a.id
      and e.outcome = 'approved' and e.intent = 'entry'
    order by t.received_at desc limit 1
  ) d on true
  where a.archived_at is null and (p.quantity <> 0 or o.entries > 0))`;
