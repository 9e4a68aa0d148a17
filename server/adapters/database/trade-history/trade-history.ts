import type postgres from 'postgres';
import { type Big, decimal, text } from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';
import { type OpenTrade, type RoundTrip, stepRoundTrip } from '../../../pipeline/projections/shadow/round-trips.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { allMoves, compareMoves, type Move, type TradeKey } from './moves.ts';

/** Where the fold of a strategy's shares of a symbol stands, as it is stored. */
export interface FoldRow {
  side: Side | null;
  signalId: string | null;
  openedAt: Date | null;
  held: string;
  opened: string;
  cash: string;
  lastAt: Date | null;
  lastCumulative: string | null;
  lastId: string | null;
  stale: boolean;
}

/** The columns of `FoldRow`. */
export const foldColumns = (sql: Statements) => sql`
  f.side, f.signal_id as "signalId", f.opened_at as "openedAt", f.held, f.opened, f.cash, f.last_at as "lastAt",
  f.last_cumulative as "lastCumulative", f.last_id as "lastId", f.stale`;

/** A fold's next state with the trade that the move closed; null: the move is older than what was folded, and the fold begins anew. */
export function nextFold(row: FoldRow | undefined, move: Move): Folded | null {
  if (row === undefined || row.stale) return null;
  const { lastAt, lastCumulative, lastId } = row;
  const last = lastAt && { at: lastAt, cumulative: lastCumulative!, id: lastId! };
  if (last && compareMoves(move, last) <= 0) return null;
  const { open, closed } = stepRoundTrip(openOf(row), move);
  return { open, last: move, closed: closed ? [closed] : [] };
}

interface Folded {
  readonly open: OpenTrade | null;
  /** Null: there has been no move. */
  readonly last: Move | null;
  /** What was closed on the way. */
  readonly closed: readonly RoundTrip[];
}

const openOf = (row: FoldRow): OpenTrade | null =>
  row.side && {
    side: row.side,
    known: true,
    signalId: row.signalId,
    openedAt: row.openedAt!,
    held: decimal(row.held),
    opened: decimal(row.opened),
    cash: decimal(row.cash),
  };

/** Folds the moves of a strategy's shares of a symbol from the first on. */
export function foldAll(moves: readonly Move[]): Folded {
  let open: OpenTrade | null = null;
  const closed: RoundTrip[] = [];
  for (const move of moves) {
    const after = stepRoundTrip(open, move);
    open = after.open;
    if (after.closed) closed.push(after.closed);
  }
  return { open, last: moves.at(-1) ?? null, closed };
}

/**
 * Stores what a move came to. With the id of an execution nothing is stored unless that row is there: the statement can be sent together
 * with the one that may find the fill known already. The caller has locked the account's row.
 */
export function storeFold(
  tx: Statements,
  { accountId, strategy, symbol }: TradeKey,
  { open, last, closed }: Folded,
  executionId: string | null = null,
): PromiseLike<unknown> {
  const plain = (value: Big | undefined): string => (value ? text(value) : '0');
  const trades = closed.map((trade) => ({
    side: trade.side,
    quantity: text(trade.quantity),
    profit: text(trade.pnl),
    signal_id: trade.signalId,
    opened_at: trade.openedAt.toISOString(),
    closed_at: trade.closedAt.toISOString(),
  }));
  return tx`
    with known as (
      select where ${executionId}::uuid is null
        or exists (select from trade_executions where id = ${executionId}::uuid)
    ), folded as (
      insert into trade_folds (account_id, strategy, symbol, side, signal_id, opened_at, held, opened, cash, last_at,
        last_cumulative, last_id, stale)
      select ${accountId}::uuid, ${strategy}, ${symbol}, ${open?.side ?? null}, ${open?.signalId ?? null}::uuid,
        ${open?.openedAt ?? null}::timestamptz, ${plain(open?.held)}::numeric, ${plain(open?.opened)}::numeric,
        ${plain(open?.cash)}::numeric, ${last?.at ?? null}::timestamptz, ${last?.cumulative ?? null}::numeric,
        ${last?.id ?? null}::uuid, false
      from known
      on conflict (account_id, strategy, symbol) do update set side = excluded.side, signal_id = excluded.signal_id,
        opened_at = excluded.opened_at, held = excluded.held, opened = excluded.opened, cash = excluded.cash,
        last_at = excluded.last_at, last_cumulative = excluded.last_cumulative, last_id = excluded.last_id, stale = false
    )
    insert into closed_trades (account_id, strategy, symbol, side, quantity, profit, signal_id, opened_at, closed_at)
    select ${accountId}::uuid, ${strategy}, ${symbol}, trade.side, trade.quantity, trade.profit, trade.signal_id,
      trade.opened_at, trade.closed_at
    from known, jsonb_to_recordset(${tx.json(trades)}::jsonb)
      as trade (side text, quantity numeric, profit numeric, signal_id uuid, opened_at timestamptz, closed_at timestamptz)`;
}

/** Folds a strategy's shares of a symbol anew, from all of their history. The caller has locked the account's row. */
export async function refold(tx: Statements, key: TradeKey): Promise<void> {
  const { accountId, strategy, symbol } = key;
  const folded = foldAll(await allMoves(tx, key));
  await tx`
    delete from closed_trades where account_id = ${accountId} and strategy = ${strategy} and symbol = ${symbol}`;
  await storeFold(tx, key, folded);
}

/** Takes the fold one move on, or begins anew where the move came late. The move is in the database already. */
export async function foldMove(tx: Statements, key: TradeKey, move: Move): Promise<void> {
  const [row] = await tx<FoldRow[]>`
    select ${foldColumns(tx)} from trade_folds f
    where f.account_id = ${key.accountId} and f.strategy = ${key.strategy} and f.symbol = ${key.symbol}`;
  const next = nextFold(row, move);
  await (next ? storeFold(tx, key, next) : refold(tx, key));
}

/**
 * Folds what has never been: what was traded before folds were kept. Some at a time, each with its account locked, so that a long history
 * holds nobody up for long. Answers how many there were.
 */
export async function foldStale(sql: postgres.Sql): Promise<number> {
  const keys = await sql<TradeKey[]>`
    select account_id as "accountId", strategy, symbol from trade_folds where stale order by 1, 2, 3`;
  for (const key of keys) {
    await sql.begin(async (tx) => {
      await tx`select from accounts where id = ${key.accountId} for no key update`;
      await refold(tx, key);
    });
  }
  return keys.length;
}
