import { type DocumentQuery, instrumentFields, milliseconds, monthOf, wantedRows } from './shape.ts';

/** Decisions of the risk gate, by signal id: a signal has one for each account it went to. */
export const decisions: DocumentQuery = {
  alias: 'trading-decisions',
  read: (sql, wanted, baseUrl) => sql`
    select d.id, wanted.version, ${monthOf(sql, sql`d.decided_at`)}, json_strip_nulls(json_build_object(
      '@timestamp', d.decided_at, 'decisionId', d.id, 'signalId', s.id,
      'receiptUrl', ${baseUrl}::text || '/signals/' || s.id, 'accountId', d.account_id, 'account', a.name, 'mode', d.mode,
      'weight', d.weight, 'shadow', d.shadow,
      'exitOnly', exists (select from jsonb_array_elements(s.destinations) as t
                          where t ->> 'accountId' = d.account_id::text and t ? 'exitOnly'),
      ${instrumentFields(sql, sql`s.ticker`)},
      'strategy', s.strategy, 'action', coalesce(s.parsed ->> 'action', s.side), 'side', s.side, 'intent', d.intent, 'outcome', d.outcome, 'code', d.code,
      'sentence', d.sentence,
      'modeReasons', (select json_agg((r ->> 'source') || ': ' || (r ->> 'says')) from jsonb_array_elements(d.mode_reasons) as r),
      'deniedBy', (select json_agg(v ->> 'rule') from jsonb_array_elements(d.verdicts) as v where v ->> 'verdict' = 'deny'),
      'passed', (select json_agg(v ->> 'rule') from jsonb_array_elements(d.verdicts) as v where v ->> 'verdict' = 'pass'),
      'quantity', d.quantity, 'riskAmount', (s.parsed ->> 'riskAmount')::numeric,
      'entryPrice', (d.sizing ->> 'entryPrice')::numeric, 'stopPrice', (d.sizing ->> 'stopLoss')::numeric,
      'targetPrice', (d.sizing ->> 'takeProfit')::numeric,
      'notional', d.quantity * (d.sizing ->> 'entryPrice')::numeric,
      'decideMs', ${milliseconds(sql, sql`d.started_at`, sql`d.decided_at`)}
    ))::text as json
    from ${wantedRows(sql, wanted)}
    join trading_signals s on s.id = wanted.id
    join decisions d on d.signal_id = s.id
    left join accounts a on a.id = d.account_id
    left join instruments i on i.symbol = s.ticker`,
};
