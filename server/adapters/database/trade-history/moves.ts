import { decimal, money, price, quantity, zeroQuantity } from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { TradeFill } from '../../../pipeline/projections/shadow/round-trips.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** A strategy's shares of a symbol in an account: what its trades are told by. */
export interface TradeKey {
  readonly accountId: string;
  readonly strategy: string;
  readonly symbol: string;
}

/** Something that changed them: a fill, or a correction of the books that moved shares. */
export interface Move extends TradeFill {
  /** Of fills: how much of the order was filled with it. Zero for a correction. */
  readonly cumulative: string;
  /** Of the execution's row, or of the ledger's transaction. */
  readonly id: string;
}

/** The order in which moves are folded; those of one moment by the order's own count. */
export function compareMoves(a: Omit<Move, keyof TradeFill> & { at: Date }, b: typeof a): number {
  const later = a.at.getTime() - b.at.getTime();
  if (later !== 0) return later;
  const more = decimal(a.cumulative).cmp(decimal(b.cumulative));
  if (more !== 0) return more;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/**
 * A correction as a fill: the money is all in the fee, so that it is exact whatever the number of shares.
 *
 * @param cash what came in for the strategy; negative for what went out
 */
export const correctionMove = (
  { accountId, symbol }: TradeKey,
  moved: { readonly id: string; readonly at: Date; readonly quantity: string; readonly cash: string },
): Move => ({
  accountId,
  symbol,
  id: moved.id,
  at: moved.at,
  cumulative: '0',
  side: decimal(moved.quantity).gt('0') ? 'buy' : 'sell',
  quantity: quantity(decimal(moved.quantity).abs()),
  price: price(zeroQuantity),
  fee: money(decimal(moved.cash).neg()),
  signalId: null,
});

/**
 * All moves of a strategy's shares of a symbol, in their order: the fills that the venue has not taken back, and the corrections of the
 * books that moved shares, when they were posted. A coin's fee leaves without money; shares that are given change hands at their cost.
 */
export async function allMoves(tx: Statements, key: TradeKey): Promise<Move[]> {
  const { accountId, strategy, symbol } = key;
  const [fills, corrections] = await Promise.all([
    tx<FillRow[]>`
      select e.id, e.executed_at as at, e.cumulative_quantity as cumulative, e.side, e.quantity, e.price, e.fee,
        o.signal_id as "signalId"
      from orders o join trade_executions e on e.order_id = o.id
      where o.account_id = ${accountId} and o.symbol = ${symbol} and o.strategy = ${strategy}
        and not exists (select from execution_corrections c
          where c.account_id = e.account_id and c.previous_execution_id = e.execution_id)`,
    tx<{ id: string; at: Date; quantity: string; cash: string }[]>`
      select t.id, t.posted_at as at, moved.quantity,
        -(select sum(e.amount) from ledger_entries e
          where e.transaction_id = t.id and e.symbol = ${symbol} and (e.strategy = ${strategy} or e.book = 'fees')) as cash
      from (
        select transaction_id, sum(quantity) as quantity from ledger_entries
        where account_id = ${accountId} and book = 'securities' and symbol = ${symbol} and strategy = ${strategy}
        group by transaction_id having sum(quantity) <> 0
      ) as moved join ledger_transactions t on t.id = moved.transaction_id
      where t.kind = 'correction'`,
  ]);
  return [...fills.map((row) => fillMove(key, row)), ...corrections.map((row) => correctionMove(key, row))].sort(
    compareMoves,
  );
}

interface FillRow {
  id: string;
  at: Date;
  cumulative: string;
  side: Side;
  quantity: string;
  price: string;
  fee: string;
  signalId: string | null;
}

const fillMove = ({ accountId, symbol }: TradeKey, row: FillRow): Move => ({
  ...row,
  accountId,
  symbol,
  quantity: quantity(row.quantity),
  price: price(row.price),
  fee: money(row.fee),
});
