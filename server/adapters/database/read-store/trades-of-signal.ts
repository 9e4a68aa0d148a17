import type postgres from 'postgres';
import type { SignalTrade } from '../../../contract/index.ts';
import { type Big, decimal, money, rounding, text, toCents } from '../../../core/decimal.ts';
import { iso, isoOrNull } from './paging.ts';

interface TradeRow {
  accountId: string;
  account: string;
  strategy: string;
  symbol: string;
  side: 'buy' | 'sell';
  quantity: string;
  held: string;
  profit: string | null;
  cash: string;
  riskPerShare: string | null;
  openedAt: Date;
  closedAt: Date | null;
}

/** The trades that a signal's first fill has opened, closed or not, by account. */
export async function tradesOfSignal(sql: postgres.Sql, signalId: string): Promise<SignalTrade[]> {
  const rows = await sql<TradeRow[]>`
    select t.*, a.name as account, d.sizing ->> 'riskPerShare' as "riskPerShare"
    from (
      select account_id as "accountId", strategy, symbol, side, quantity::text as quantity, '0' as held, profit::text as profit,
        profit::text as cash, opened_at as "openedAt", closed_at as "closedAt"
      from closed_trades where signal_id = ${signalId}
      union all
      select account_id, strategy, symbol, side, opened::text, held::text, null, cash::text, opened_at, null
      from trade_folds where signal_id = ${signalId} and side is not null
    ) t
    join accounts a on a.id = t."accountId"
    left join decisions d on d.signal_id = ${signalId} and d.account_id = t."accountId"
    order by t."openedAt", a.name`;
  return rows.map(({ riskPerShare, ...row }): SignalTrade => {
    const risk = riskPerShare === null ? null : decimal(riskPerShare).times(row.quantity);
    const made = row.profit === null ? null : decimal(row.profit);
    return {
      ...row,
      ...{ quantity: plain(row.quantity), held: plain(row.held), cash: plain(row.cash) },
      profit: made && text(toCents(money(made))),
      risk: risk && text(toCents(money(risk))),
      multiple: made && risk?.gt('0') ? text(made.div(risk).round(2, rounding.halfAwayFromZero)) : null,
      ...{ openedAt: iso(row.openedAt), closedAt: isoOrNull(row.closedAt) },
    };
  });
}

const plain = (value: string): string => text(decimal(value) as Big);
