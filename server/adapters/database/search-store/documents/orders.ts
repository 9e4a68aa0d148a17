import { type DocumentQuery, instrumentFields, milliseconds, monthOf, wantedRows } from './shape.ts';

/** Orders and legs as they stand now, by order id. The steps' times are those of the order that a decision made, not of its legs. */
export const orders: DocumentQuery = {
  alias: 'trading-orders',
  read: (sql, wanted, baseUrl) => sql`
    select o.id, wanted.version, ${monthOf(sql, sql`o.created_at`)}, json_strip_nulls(json_build_object(
      '@timestamp', o.created_at, 'updatedAt', o.updated_at, 'orderId', o.id, 'parentId', o.parent_id,
      'decisionId', o.decision_id, 'clientOrderId', o.client_order_id, 'brokerOrderId', o.broker_order_id,
      'signalId', o.signal_id, 'receiptUrl', ${baseUrl}::text || '/signals/' || o.signal_id,
      'accountId', o.account_id, 'account', a.name, 'mode', o.mode, 'shadow', coalesce(w.shadow, false),
      ${instrumentFields(sql, sql`o.symbol`)},
      'strategy', o.strategy, 'side', o.side, 'role', o.role, 'type', o.type, 'orderClass', o.order_class,
      'timeInForce', o.time_in_force, 'status', o.status, 'quantity', o.quantity, 'limitPrice', o.limit_price,
      'stopPrice', o.stop_price, 'referencePrice', o.reference_price, 'filledQuantity', o.filled_quantity,
      'averagePrice', case when o.filled_quantity > 0 then round(o.filled_cost / o.filled_quantity, 8) end,
      'filledNotional', o.filled_cost, 'problem', o.problem,
      'intakeToDecisionMs', ${milliseconds(sql, sql`s.received_at`, sql`d.decided_at`)},
      'decisionToSubmitMs', ${milliseconds(sql, sql`d.decided_at`, sql`o.submitting_at`)},
      'submitToAcknowledgedMs', ${milliseconds(sql, sql`o.submitting_at`, sql`o.acknowledged_at`)},
      'submitToFilledMs', ${milliseconds(sql, sql`o.submitting_at`, sql`fill.first_at`)},
      'alertToFilledMs', case when d.id is not null then ${milliseconds(sql, sql`s.received_at`, sql`fill.first_at`)} end
    ))::text as json
    from ${wantedRows(sql, wanted)}
    join orders o on o.id = wanted.id
    join accounts a on a.id = o.account_id
    left join decisions d on d.id = o.decision_id
    left join trading_signals s on s.id = o.signal_id
    left join decisions w on w.signal_id = o.signal_id and w.account_id = o.account_id
    left join lateral (select e.executed_at as first_at from trade_executions e where e.order_id = o.id
                       order by e.cumulative_quantity limit 1) as fill on true
    left join instruments i on i.symbol = o.symbol`,
};
