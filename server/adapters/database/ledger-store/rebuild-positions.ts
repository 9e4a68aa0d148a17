import { money, quantity, text } from '../../../core/decimal.ts';
import type { LedgerLine, OpenPosition } from '../../../core/model/posting.ts';
import { foldPositions } from '../../../pipeline/ledger/folds.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { openedAtAfter } from './opened-at.ts';
import { factsOf, storePosition } from './post.ts';

interface LineRow {
  transactionId: string;
  at: Date;
  book: LedgerLine['book'];
  symbol: string;
  amount: string;
  quantity: string | null;
}

interface Rebuilt {
  readonly position: OpenPosition;
  readonly openedAt: Date | null;
}

/** Makes positions from the entries alone and stores those that differ; see the port. The caller has locked the account's row. */
export async function rebuildPositions(tx: Statements, accountId: string, now: Date): Promise<readonly string[]> {
  const lines = await tx<LineRow[]>`
    select t.id as "transactionId", t.at, e.book, e.symbol, e.amount, e.quantity
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
    where e.account_id = ${accountId} and e.symbol is not null and e.book in ('securities', 'realized_pnl')
    order by t.seq`;
  const stored = await tx<
    { symbol: string; quantity: string; cost: string; realizedPnl: string; openedAt: Date | null }[]
  >`
    select symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
    from positions where account_id = ${accountId}`;
  const rebuilt = fold(lines);
  const before = new Map(
    stored.map((row): [string, Rebuilt] => [
      row.symbol,
      {
        position: { quantity: quantity(row.quantity), cost: money(row.cost), realizedPnl: money(row.realizedPnl) },
        openedAt: row.openedAt,
      },
    ]),
  );
  const nothing: Rebuilt = { position: flat, openedAt: null };
  const wrong: string[] = [];
  for (const symbol of new Set([...before.keys(), ...rebuilt.keys()])) {
    const right = rebuilt.get(symbol) ?? nothing;
    if (same(before.get(symbol) ?? nothing, right)) continue;
    wrong.push(symbol);
    await storePosition(tx, accountId, symbol, right.position, right.openedAt, now);
    await appendEvents(tx, [{ kind: 'position.changed', accountId, data: factsOf(symbol, right.position) }]);
  }
  return wrong;
}

/** Transaction by transaction, in the order of posting: a position's opening is seen at its quantity around each. */
function fold(lines: readonly LineRow[]): Map<string, Rebuilt> {
  const rebuilt = new Map<string, Rebuilt>();
  for (let i = 0; i < lines.length; ) {
    const { transactionId, at } = lines[i]!;
    const together: LedgerLine[] = [];
    for (; i < lines.length && lines[i]!.transactionId === transactionId; i++) {
      const { book, symbol, amount, quantity: moved } = lines[i]!;
      together.push({ book, symbol, amount: money(amount), quantity: moved === null ? null : quantity(moved) });
    }
    const start = new Map([...rebuilt].map(([symbol, { position }]) => [symbol, position]));
    for (const symbol of new Set(together.map((line) => line.symbol!))) {
      const old = rebuilt.get(symbol) ?? { position: flat, openedAt: null };
      const position = foldPositions(together, start).get(symbol)!;
      const openedAt = openedAtAfter(old.position.quantity, position.quantity, old.openedAt, at);
      rebuilt.set(symbol, { position, openedAt });
    }
  }
  return rebuilt;
}

const same = (a: Rebuilt, b: Rebuilt): boolean =>
  text(a.position.quantity) === text(b.position.quantity) &&
  text(a.position.cost) === text(b.position.cost) &&
  text(a.position.realizedPnl) === text(b.position.realizedPnl) &&
  a.openedAt?.getTime() === b.openedAt?.getTime();
