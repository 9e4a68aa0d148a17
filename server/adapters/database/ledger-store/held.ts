import { money, quantity } from '../../../core/decimal.ts';
import type { OpenPosition } from '../../../core/model/posting.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface Row {
  quantity: string;
  cost: string;
  realizedPnl: string;
}

const toPosition = (row: Row | undefined): OpenPosition =>
  row ? { quantity: quantity(row.quantity), cost: money(row.cost), realizedPnl: money(row.realizedPnl) } : flat;

/** Locks the account's row, as whatever posts to its books must; throws when there is none. */
export async function lockAccount(tx: Statements, accountId: string): Promise<void> {
  const found = await tx`select from accounts where id = ${accountId} for no key update`;
  if (found.length === 0) throw new Error(`there is no account ${accountId}`);
}

/** What the account has open in a symbol. */
export async function readPosition(tx: Statements, accountId: string, symbol: string): Promise<OpenPosition> {
  const [row] = await tx<Row[]>`
    select quantity, cost, realized_pnl as "realizedPnl" from positions
    where account_id = ${accountId} and symbol = ${symbol}`;
  return toPosition(row);
}

/** Whose the shares of a symbol are. */
export async function readLots(
  tx: Statements,
  accountId: string,
  symbol: string,
): Promise<(OpenPosition & { readonly strategy: string })[]> {
  const rows = await tx<(Row & { strategy: string })[]>`
    select strategy, quantity, cost, realized_pnl as "realizedPnl" from strategy_positions
    where account_id = ${accountId} and symbol = ${symbol} order by strategy`;
  return rows.map((row) => ({ strategy: row.strategy, ...toPosition(row) }));
}
