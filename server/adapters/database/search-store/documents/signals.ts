import { type DocumentQuery, instrumentFields, milliseconds, monthOf, wantedRows } from './shape.ts';

/**
 * Alerts as they stand now, by signal id. Its accounts are all that it was decided for, a shadow's by themselves; what else a decision
 * says is the word of the one that counts first, and what was made is made without shadows.
 */
export const signals: DocumentQuery = {
  alias: 'trading-signals',
  read: (sql, wanted, baseUrl) => sql`
    select s.id, wanted.version, ${monthOf(sql, sql`s.received_at`)}, json_strip_nulls(json_build_object(
      '@timestamp', s.received_at, 'signalId', s.id, 'receiptUrl', ${baseUrl}::text || '/signals/' || s.id,
      'accountId', went.ids, 'account', went.names, 'shadowAccount', went.shadows, 'mode', coalesce(d.mode, s.parsed ->> 'requestedMode'),
      ${instrumentFields(sql, sql`s.ticker`)},
      'source', s.source, 'status', s.status, 'orderStatus', o.status, 'action', coalesce(s.parsed ->> 'action', s.side), 'side', s.side, 'strategy', s.strategy,
      'requestedMode', s.parsed ->> 'requestedMode', 'timeframe', s.parsed ->> 'timeframe',
      'riskAmount', (s.parsed ->> 'riskAmount')::numeric,
      'entryPrice', coalesce(d.sizing ->> 'entryPrice', s.parsed ->> 'entryPrice')::numeric,
      'stopPrice', coalesce(d.sizing ->> 'stopLoss', s.parsed ->> 'stopLoss')::numeric,
      'targetPrice', coalesce(d.sizing ->> 'takeProfit', s.parsed ->> 'takeProfit')::numeric,
      'firedAt', s.parsed ->> 'firedAt', 'decidedAt', s.decided_at, 'code', s.code, 'sentence', s.sentence,
      'rawBody', s.raw_body,
      'problems', (select string_agg((p ->> 'field') || ': ' || (p ->> 'message'), '; ')
                   from jsonb_array_elements(s.problems) as p),
      'parseMs', s.parse_micros / 1000.0, 'decideMs', ${milliseconds(sql, sql`d.started_at`, sql`d.decided_at`)},
      'realizedPnl', (select sum(e.realized_pnl) from orders x join trade_executions e on e.order_id = x.id
                      left join decisions w on w.signal_id = x.signal_id and w.account_id = x.account_id
                      where x.signal_id = s.id and w.shadow is not true)
    ))::text as json
    from ${wantedRows(sql, wanted)}
    join trading_signals s on s.id = wanted.id
    left join lateral (
      select * from decisions where signal_id = s.id order by shadow, array_position(array['approved', 'held', 'denied'], outcome), decided_at, id limit 1
    ) d on true
    left join lateral (
      select status from orders where decision_id = d.id and parent_id is null order by role, step limit 1
    ) o on true
    cross join lateral (
      select json_agg(w.account_id order by array_position(array['approved', 'held', 'denied'], w.outcome), w.decided_at, w.id) filter (where not w.shadow) as ids,
        json_agg(a.name order by array_position(array['approved', 'held', 'denied'], w.outcome), w.decided_at, w.id) filter (where not w.shadow) as names,
        json_agg(a.name order by w.decided_at, w.id) filter (where w.shadow) as shadows
      from decisions w join accounts a on a.id = w.account_id where w.signal_id = s.id
    ) went
    left join instruments i on i.symbol = s.ticker`,
};
