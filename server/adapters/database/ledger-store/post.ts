import { type Big, decimal, money, quantity, text } from '../../../core/decimal.ts';
import { externalStrategy, type LedgerLine, type OpenPosition } from '../../../core/model/posting.ts';
import type { Random } from '../../../core/ports/random.ts';
import { foldPositions } from '../../../pipeline/ledger/folds.ts';
import { foldLots, lotKey, ofLotKey } from '../../../pipeline/ledger/lots.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { correctionMove, type TradeKey } from '../trade-history/moves.ts';
import { foldMove } from '../trade-history/trade-history.ts';
import { openedAtAfter } from './opened-at.ts';

interface HeldRow {
  symbol: string;
  quantity: string;
  cost: string;
  realizedPnl: string;
  openedAt: Date | null;
}

/** A transaction of the books that no order of ours made. A fill's shares are folded at the average cost of its lines' strategy. */
export interface Entry {
  readonly kind: 'opening' | 'fill' | 'correction';
  readonly reference: string;
  readonly lines: readonly LedgerLine[];
  readonly at: Date;
  readonly sentence: string;
}

/** Posts it once for its reference, with the positions it moves and its event. The caller has locked the account's row. */
export async function postOnce(
  tx: Statements,
  random: Pick<Random, 'id'>,
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
    strategy: line.symbol && (line.strategy ?? externalStrategy),
    amount: text(line.amount),
    quantity: line.quantity && text(line.quantity),
  }));
  const [held, owned] = await Promise.all([
    tx<HeldRow[]>`
      select symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
      from positions where account_id = ${accountId}`,
    tx<(HeldRow & { strategy: string })[]>`
      select strategy, symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
      from strategy_positions where account_id = ${accountId}`,
  ]);
  const before = new Map(held.map((row) => [row.symbol, row]));
  const start = new Map(held.map((row) => [row.symbol, toPosition(row)]));
  await tx`
    insert into ledger_entries (id, transaction_id, account_id, book, symbol, strategy, amount, quantity)
    select line.id, ${id}, ${accountId}, line.book, line.symbol, line.strategy, line.amount, line.quantity
    from jsonb_to_recordset(${tx.json(lines.map((line) => ({ ...line, id: random.id() })))}::jsonb)
      as line (id uuid, book text, symbol text, strategy text, amount numeric, quantity numeric)`;
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
  const lotRows = new Map(owned.map((row) => [lotKey(row.strategy, row.symbol), row]));
  const lots = new Map([...lotRows].map(([key, row]) => [key, toPosition(row)]));
  for (const [key, lot] of foldLots(entry.kind, entry.lines, lots)) {
    if (lot === lots.get(key)) continue;
    const opened = openedAtAfter(
      (lots.get(key) ?? flat).quantity,
      lot.quantity,
      lotRows.get(key)?.openedAt ?? null,
      entry.at,
    );
    await storeLot(tx, accountId, ofLotKey(key), lot, opened, now);
  }
  if (entry.kind === 'correction') {
    for (const key of ownersOf(accountId, lines)) {
      const [quantity, cash] = [sharesOf(key, lines), cashOf(key, lines)];
      if (!quantity.eq('0')) {
        const moved = { id, at: now, quantity: text(quantity), cash: text(cash) };
        await foldMove(tx, key, correctionMove(key, moved));
      }
    }
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

type StoredLine = Pick<LedgerLine, 'book' | 'symbol'> & {
  readonly strategy: string | null | undefined;
  readonly amount: string;
  readonly quantity: string | null;
};

/** The strategies that an entry's shares came to or went from, without those of nobody here. */
function ownersOf(accountId: string, lines: readonly StoredLine[]): TradeKey[] {
  const owners = new Map<string, TradeKey>();
  for (const { book, symbol, strategy } of lines) {
    if (book !== 'securities' || !symbol || !strategy || strategy === externalStrategy) continue;
    owners.set(lotKey(strategy, symbol), { accountId, strategy, symbol });
  }
  return [...owners.values()];
}

const sharesOf = ({ strategy, symbol }: TradeKey, lines: readonly StoredLine[]): Big =>
  lines
    .filter((line) => line.book === 'securities' && line.symbol === symbol && line.strategy === strategy)
    .reduce<Big>((sum, line) => sum.plus(line.quantity ?? '0'), decimal('0'));

/** What came in with the shares, less what went out; see `allMoves`. */
const cashOf = ({ strategy, symbol }: TradeKey, lines: readonly StoredLine[]): Big =>
  lines
    .filter((line) => line.symbol === symbol && (line.strategy === strategy || line.book === 'fees'))
    .reduce<Big>((sum, line) => sum.minus(line.amount), decimal('0'));

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

/** Writes the row of a strategy's shares. */
export async function storeLot(
  tx: Statements,
  accountId: string,
  { strategy, symbol }: { readonly strategy: string; readonly symbol: string },
  lot: OpenPosition,
  openedAt: Date | null,
  now: Date,
): Promise<void> {
  await tx`
    insert into strategy_positions (account_id, strategy, symbol, quantity, cost, realized_pnl, opened_at, updated_at)
    values (${accountId}, ${strategy}, ${symbol}, ${text(lot.quantity)}, ${text(lot.cost)}, ${text(lot.realizedPnl)},
      ${openedAt}, ${now})
    on conflict (account_id, strategy, symbol) do update set quantity = excluded.quantity, cost = excluded.cost,
      realized_pnl = excluded.realized_pnl, opened_at = excluded.opened_at, updated_at = excluded.updated_at`;
}
