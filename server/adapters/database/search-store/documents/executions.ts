import type { Statements } from '../../event-reader/append-events.ts';
import { type DocumentQuery, instrumentFields, milliseconds, monthOf, type Wanted, wantedPairs } from './shape.ts';

/** Fills with their orders, by `<account>:<the venue's execution id>`. */
const fills = (sql: Statements, wanted: Wanted) => sql`
  from ${wantedPairs(sql, wanted)}
  join trade_executions e on e.account_id = wanted.account_id and e.execution_id = wanted.rest
  join orders o on o.id = e.order_id
  join accounts a on a.id = e.account_id
  left join execution_corrections c on c.account_id = e.account_id and c.previous_execution_id = e.execution_id
  left join instruments i on i.symbol = e.symbol`;

const about = (sql: Statements, baseUrl: string) => sql`
  '@timestamp', e.executed_at, 'executionId', e.execution_id, 'orderId', o.id, 'signalId', o.signal_id,
  'receiptUrl', ${baseUrl}::text || '/signals/' || o.signal_id, 'accountId', a.id, 'account', a.name, 'mode', o.mode,
  ${instrumentFields(sql, sql`e.symbol`)}, 'strategy', o.strategy, 'role', o.role, 'quantity', e.quantity,
  'fee', e.fee, 'realizedPnl', e.realized_pnl, 'takenBack', c.kind, 'takenBackAt', c.corrected_at`;

/** Fills. Slippage is against the order's reference price; positive is worse for us. */
export const executions: DocumentQuery = {
  alias: 'trade-executions',
  read: (sql, wanted, baseUrl) => {
    const worse = sql`(e.price - o.reference_price) * case e.side when 'buy' then 1 else -1 end`;
    return sql`
      select e.id, wanted.version, ${monthOf(sql, sql`e.executed_at`)}, json_strip_nulls(json_build_object(
        ${about(sql, baseUrl)}, 'recordedAt', e.recorded_at, 'side', e.side, 'orderType', o.type, 'price', e.price,
        'notional', e.quantity * e.price, 'referencePrice', o.reference_price, 'slippageAmount', ${worse} * e.quantity,
        'slippageBps', case when o.reference_price > 0 then round(${worse} / o.reference_price * 10000, 4) end,
        'heardBy', e.source, 'heardAfterMs', ${milliseconds(sql, sql`e.executed_at`, sql`e.recorded_at`)}
      ))::text as json
      ${fills(sql, wanted)}`;
  },
};

/** Fills that closed something, or cost a fee. Of one that was taken back, what its end has left: its fee is given back. */
export const profits: DocumentQuery = {
  alias: 'trading-pnl',
  read: (sql, wanted, baseUrl) => sql`
    select e.id, wanted.version, ${monthOf(sql, sql`e.executed_at`)}, json_strip_nulls(json_build_object(
      ${about(sql, baseUrl)}, 'netPnl', e.realized_pnl + coalesce(c.realized_pnl, -e.fee),
      'outcome', case when o.role = 'entry' and e.realized_pnl = 0 then 'fee' when e.realized_pnl > 0 then 'win'
                      when e.realized_pnl < 0 then 'loss' else 'even' end
    ))::text as json
    ${fills(sql, wanted)} where e.realized_pnl <> 0 or e.fee <> 0 or o.role <> 'entry'`,
};
