import { money, quantity, text } from '../../../core/decimal.ts';
import type { LedgerLine, OpenPosition } from '../../../core/model/posting.ts';
import { foldPositions } from '../../../pipeline/ledger/folds.ts';
import { foldLots, lotKey, ofLotKey } from '../../../pipeline/ledger/lots.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { openedAtAfter } from './opened-at.ts';
import { type Entry, factsOf, storeLot, storePosition } from './post.ts';

interface LineRow {
  transactionId: string;
  kind: Entry['kind'];
  at: Date;
  book: LedgerLine['book'];
  symbol: string;
  strategy: string | null;
  amount: string;
  quantity: string | null;
}

interface StoredRow {
  symbol: string;
  quantity: string;
  cost: string;
  realizedPnl: string;
  openedAt: Date | null;
}

interface Rebuilt {
  readonly position: OpenPosition;
  readonly openedAt: Date | null;
}
type All = Map<string, Rebuilt>;
const nothing: Rebuilt = { position: flat, openedAt: null };

/**
 * Makes positions and the strategies' shares of them from the entries alone and stores those that differ; see the port. The caller has
 * locked the account's row.
 */
export async function rebuildPositions(tx: Statements, accountId: string, now: Date): Promise<readonly string[]> {
  const lines = await tx<LineRow[]>`
    select t.id as "transactionId", t.kind, t.at, e.book, e.symbol, e.strategy, e.amount, e.quantity
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
    where e.account_id = ${accountId} and e.symbol is not null and e.book in ('securities', 'realized_pnl')
    order by t.seq`;
  const stored = await tx<StoredRow[]>`
    select symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
    from positions where account_id = ${accountId}`;
  const owned = await tx<(StoredRow & { strategy: string })[]>`
    select strategy, symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
    from strategy_positions where account_id = ${accountId}`;
  const rebuilt = fold(lines);
  const wrong = new Set<string>();
  for (const [symbol, right] of differing(
    new Map(stored.map((row) => [row.symbol, toRebuilt(row)])),
    rebuilt.positions,
  )) {
    wrong.add(symbol);
    await storePosition(tx, accountId, symbol, right.position, right.openedAt, now);
    await appendEvents(tx, [{ kind: 'position.changed', accountId, data: factsOf(symbol, right.position) }]);
  }
  for (const [key, right] of differing(
    new Map(owned.map((row) => [lotKey(row.strategy, row.symbol), toRebuilt(row)])),
    rebuilt.lots,
  )) {
    wrong.add(ofLotKey(key).symbol);
    await storeLot(tx, accountId, ofLotKey(key), right.position, right.openedAt, now);
  }
  return [...wrong];
}

const toRebuilt = (row: StoredRow): Rebuilt => ({
  position: { quantity: quantity(row.quantity), cost: money(row.cost), realizedPnl: money(row.realizedPnl) },
  openedAt: row.openedAt,
});

/** What is stored otherwise than it should be, as it should be. */
function differing(stored: All, rebuilt: All): [string, Rebuilt][] {
  return [...new Set([...stored.keys(), ...rebuilt.keys()])]
    .filter((key) => !same(stored.get(key) ?? nothing, rebuilt.get(key) ?? nothing))
    .map((key) => [key, rebuilt.get(key) ?? nothing]);
}

/** Transaction by transaction, in the order of posting: a position's opening is seen at its quantity around each. */
function fold(lines: readonly LineRow[]): { readonly positions: All; readonly lots: All } {
  const positions: All = new Map();
  const lots: All = new Map();
  for (let i = 0; i < lines.length; ) {
    const { transactionId, kind, at } = lines[i]!;
    const together: LedgerLine[] = [];
    for (; i < lines.length && lines[i]!.transactionId === transactionId; i++) {
      const { book, symbol, strategy, amount, quantity: moved } = lines[i]!;
      const shares = moved === null ? null : quantity(moved);
      together.push({ book, symbol, strategy, amount: money(amount), quantity: shares });
    }
    take(positions, foldPositions(together, plain(positions)), at);
    take(lots, foldLots(kind, together, plain(lots)), at);
  }
  return { positions, lots };
}

const plain = (all: All) => new Map([...all].map(([key, { position }]) => [key, position]));

function take(all: All, after: ReadonlyMap<string, OpenPosition>, at: Date): void {
  for (const [key, position] of after) {
    const old = all.get(key) ?? nothing;
    if (position === old.position) continue;
    const openedAt = openedAtAfter(old.position.quantity, position.quantity, old.openedAt, at);
    all.set(key, { position, openedAt });
  }
}

const same = (a: Rebuilt, b: Rebuilt): boolean =>
  text(a.position.quantity) === text(b.position.quantity) &&
  text(a.position.cost) === text(b.position.cost) &&
  text(a.position.realizedPnl) === text(b.position.realizedPnl) &&
  a.openedAt?.getTime() === b.openedAt?.getTime();
