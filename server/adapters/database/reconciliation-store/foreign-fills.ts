import { text } from '../../../core/decimal.ts';
import type { BrokerFill } from '../../../core/model/broker-order.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { Booked } from '../../../core/ports/broker-facts.ts';
import { postFill } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { lockAccount, readPosition } from '../ledger-store/held.ts';
import { postOnce } from '../ledger-store/post.ts';
import type { ReconciliationStoreOptions } from './reconciliation-store.ts';

/** Fills told of this long before the books were opened are in them; the broker's clock may be a little behind ours. */
const clockSkewMs = 60_000;

/** Those that nobody has recorded, oldest first. */
export async function bookForeignFills(
  options: ReconciliationStoreOptions,
  accountId: string,
  fills: readonly BrokerFill[],
): Promise<readonly Booked[]> {
  const { sql, committed } = options;
  const ids = [...new Set(fills.map((fill) => fill.executionId))];
  if (ids.length === 0) return [];
  const [known, [opening]] = await Promise.all([
    sql<{ id: string }[]>`
      select execution_id as id from foreign_fills where account_id = ${accountId} and execution_id = any(${ids}::text[])
      union all
      select execution_id from trade_executions where account_id = ${accountId} and execution_id = any(${ids}::text[])`,
    sql<{ at: Date }[]>`
      select at from ledger_transactions where account_id = ${accountId} and reference = 'opening'`,
  ]);
  if (opening === undefined) return [];
  const old = new Set(known.map(({ id }) => id));
  const booked: Booked[] = [];
  for (const fill of [...fills].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (old.has(fill.executionId) || fill.at.getTime() < opening.at.getTime() - clockSkewMs) continue;
    old.add(fill.executionId);
    const one = await sql.begin((tx) => bookForeignFill(options, tx, accountId, fill));
    if (one === null) continue;
    booked.push(one);
    committed?.();
  }
  return booked;
}

/** Books one within a transaction; null: it is known, or its order is ours. */
async function bookForeignFill(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  accountId: string,
  fill: BrokerFill,
): Promise<Booked | null> {
  await lockAccount(tx, accountId);
  const [ours] = await tx`
    select from orders where account_id = ${accountId} and broker_order_id = ${fill.brokerOrderId}
    union all
    select from trade_executions where account_id = ${accountId} and execution_id = ${fill.executionId} limit 1`;
  if (ours !== undefined) return null;
  const before = await readPosition(tx, accountId, fill.symbol);
  const posting = postFill(before, fill);
  const now = clock.now();
  if (
    !(await insertForeignFill(tx, accountId, fill, { realizedPnl: text(posting.realizedPnl), inOpening: false, now }))
  )
    return null;
  const reference = `fill:${fill.executionId}`;
  const did = fill.side === 'buy' ? 'bought' : 'sold';
  const sentence = `Somebody else ${did} ${text(fill.quantity)} ${fill.symbol} at ${text(fill.price)} at the broker.`;
  await postOnce(tx, random, now, accountId, {
    kind: 'fill',
    reference,
    lines: posting.lines.map((line) => (line.symbol === null ? line : { ...line, strategy: externalStrategy })),
    at: fill.at,
    sentence,
  });
  await appendEvents(tx, [
    {
      kind: 'foreign_trade.recorded',
      accountId,
      data: {
        executionId: fill.executionId,
        brokerOrderId: fill.brokerOrderId,
        symbol: fill.symbol,
        side: fill.side,
        quantity: text(fill.quantity),
        price: text(fill.price),
        fee: text(fill.fee),
        realizedPnl: text(posting.realizedPnl),
        executedAt: fill.at.toISOString(),
        reference,
        sentence,
      },
    },
  ]);
  return { reference, symbol: fill.symbol, sentence };
}

/** False: it is there. */
export async function insertForeignFill(
  tx: Statements,
  accountId: string,
  fill: BrokerFill,
  { realizedPnl, inOpening, now }: { readonly realizedPnl: string; readonly inOpening: boolean; readonly now: Date },
): Promise<boolean> {
  const inserted = await tx`
    insert into foreign_fills (account_id, execution_id, broker_order_id, symbol, side, quantity, price,
      cumulative_quantity, realized_pnl, in_opening, executed_at, recorded_at)
    values (${accountId}, ${fill.executionId}, ${fill.brokerOrderId}, ${fill.symbol}, ${fill.side}, ${text(fill.quantity)},
      ${text(fill.price)}, ${text(fill.cumulativeQuantity)}, ${realizedPnl}, ${inOpening}, ${fill.at}, ${now})
    on conflict do nothing returning execution_id`;
  return inserted.length > 0;
}
