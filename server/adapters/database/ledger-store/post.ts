import { decimal, money, quantity, text } from '../../../core/decimal.ts';
import type { LedgerLine, OpenPosition } from '../../../core/model/posting.ts';
import type { Random } from '../../../core/ports/random.ts';
import { foldPositions } from '../../../pipeline/ledger/folds.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { openedAtAfter } from './opened-at.ts';

interface HeldRow {
  symbol: string;
  quantity: string;
  cost: string;
  realizedPnl: string;
  openedAt: Date | null;
}

/** A transaction of the books that is no fill. */
export interface Entry {
  readonly kind: 'opening' | 'correction';
  readonly reference: string;
  readonly lines: readonly LedgerLine[];
  readonly at: Date;
  readonly sentence: string;
}

/** Posts it once for its reference, with the positions it moves and its event. The caller has locked the account's row. */
export async function postOnce(
  tx: Statements,
  random: Random,
  now: Date,
  accountId: string,
  entry: Entry,
): Promise<boolean> {
  const id = random.id();
  const inserted = await tx`
    insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
    values (${id}, ${accountId}, ${entry.kind}, ${entry.reference}, ${entry.at}, ${now})
    on conflict do nothing returning id`;
  if (inserted.length === 0) return false;
  const lines = entry.lines.map((line) => ({
    book: line.book,
    symbol: line.symbol,
    amount: text(line.amount),
    quantity: line.quantity && text(line.quantity),
  }));
  const held = await tx<HeldRow[]>`
    select symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
    from positions where account_id = ${accountId}`;
  const before = new Map(held.map((row) => [row.symbol, row]));
  const start = new Map(held.map((row) => [row.symbol, toPosition(row)]));
  await tx`
    insert into ledger_entries (id, transaction_id, account_id, book, symbol, amount, quantity)
    select line.id, ${id}, ${accountId}, line.book, line.symbol, line.amount, line.quantity
    from jsonb_to_recordset(${tx.json(lines.map((line) => ({ ...line, id: random.id() })))}::jsonb)
      as line (id uuid, book text, symbol text, amount numeric, quantity numeric)`;
  const after = foldPositions(entry.lines, start);
  const moved = [...after].filter(([symbol, position]) => position !== start.get(symbol));
  for (const [symbol, position] of moved) {
    const opened = openedAtAfter(
      (start.get(symbol) ?? flat).quantity,
      position.quantity,
      before.get(symbol)?.openedAt ?? null,
      entry.at,
    );
    await storePosition(tx, accountId, symbol, position, opened, now);
  }
  await appendEvents(tx, [
    {
      kind: 'ledger.posted',
      accountId,
      data: { reference: entry.reference, kind: entry.kind, sentence: entry.sentence, lines },
    },
    ...moved.map(([symbol, position]) => ({
      kind: 'position.changed' as const,
      accountId,
      data: factsOf(symbol, position),
    })),
  ]);
  return true;
}

const toPosition = (row: HeldRow): OpenPosition => ({
  quantity: quantity(row.quantity),
  cost: money(row.cost),
  realizedPnl: money(row.realizedPnl),
});

/** What an event says of a position. */
export const factsOf = (symbol: string, position: OpenPosition): Record<string, string | null> => ({
  symbol,
  quantity: text(position.quantity),
  cost: text(position.cost),
  averagePrice: position.quantity.eq('0') ? null : text(decimal(position.cost).div(position.quantity).round(8)),
  realizedPnl: text(position.realizedPnl),
});

/** Writes a position's row. */
export async function storePosition(
  tx: Statements,
  accountId: string,
  symbol: string,
  position: OpenPosition,
  openedAt: Date | null,
  now: Date,
): Promise<void> {
  await tx`
    insert into positions (account_id, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
    values (${accountId}, ${symbol}, ${text(position.quantity)}, ${text(position.cost)}, ${text(position.realizedPnl)},
      ${openedAt}, ${now})
    on conflict (account_id, symbol) do update set quantity = excluded.quantity, cost = excluded.cost,
      realized_pnl = excluded.realized_pnl, opened_at = excluded.opened_at, updated_at = excluded.updated_at`;
}
