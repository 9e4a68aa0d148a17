import { type DocumentQuery, instrumentFields, wantedPairs } from './shape.ts';

/** Positions as they stand now, by `<account>:<ticker>`. They live in one index for good: a month would be of no meaning. */
export const positions: DocumentQuery = {
  alias: 'trading-positions',
  read: (sql, wanted) => sql`
    select p.account_id || ':' || p.symbol as id, wanted.version, 'all' as part, json_strip_nulls(json_build_object(
      '@timestamp', p.updated_at, 'openedAt', p.opened_at, 'accountId', p.account_id, 'account', a.name, 'mode', a.mode,
      ${instrumentFields(sql, sql`p.symbol`)},
      'side', case when p.quantity > 0 then 'long' when p.quantity < 0 then 'short' else 'flat' end,
      'quantity', p.quantity, 'cost', p.cost,
      'averagePrice', case when p.quantity <> 0 then round(p.cost / p.quantity, 8) end, 'realizedPnl', p.realized_pnl
    ))::text as json
    from ${wantedPairs(sql, wanted)}
    join positions p on p.account_id = wanted.account_id and p.symbol = wanted.rest
    join accounts a on a.id = p.account_id
    left join instruments i on i.symbol = p.symbol`,
};
