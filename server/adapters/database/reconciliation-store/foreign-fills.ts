import { money, price, quantity, text } from '../../../core/decimal.ts';
import type { BrokerFill } from '../../../core/model/broker-order.ts';
import { externalStrategy, type LedgerLine } from '../../../core/model/posting.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { Booked } from '../../../core/ports/broker-facts.ts';
import { postFill } from '../../../pipeline/ledger/post-fill.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { lockAccount, readPosition } from '../ledger-store/held.ts';
import { postOnce } from '../ledger-store/post.ts';
import { withFeeBack } from '../order-store/record-correction.ts';
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
    const { corrects } = fill;
    const one = await sql.begin((tx) =>
      corrects
        ? bookCorrection(options, tx, accountId, { ...fill, corrects })
        : bookForeignFill(options, tx, accountId, fill),
    );
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

/**
 * Takes a foreign trade back, and books the one that holds in its place; null: it was done, it was never booked, or it is ours. The books get
 * it the other way round at its own price, as for a trade of ours.
 */
async function bookCorrection(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  accountId: string,
  correction: BrokerFill & Required<Pick<BrokerFill, 'corrects'>>,
): Promise<Booked | null> {
  await lockAccount(tx, accountId);
  const { executionId, kind } = correction.corrects;
  const [busted] = await tx<{ symbol: string; side: Side; quantity: string; price: string; fee: string }[]>`
    select f.symbol, f.side, f.quantity, f.price, coalesce((
      select sum(e.amount) from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
      where t.account_id = f.account_id and t.reference = 'fill:' || f.execution_id and e.book = 'fees'), 0) as fee
    from foreign_fills f
    where f.account_id = ${accountId} and f.execution_id = ${executionId} and f.order_id is null`;
  if (busted === undefined) return null;
  const now = clock.now();
  const { symbol } = busted;
  const undone = postFill(await readPosition(tx, accountId, symbol), {
    symbol,
    side: busted.side === 'buy' ? 'sell' : 'buy',
    quantity: quantity(busted.quantity),
    price: price(busted.price),
    fee: money('0'),
  });
  const reference = `bust:${executionId}`;
  const was = `${text(quantity(busted.quantity))} ${symbol} at ${text(price(busted.price))}`;
  const sentence =
    kind === 'bust'
      ? `The broker took back a trade of somebody else: ${was}.`
      : `The broker changed a trade of somebody else: ${was} is now ${text(correction.quantity)} at ${text(correction.price)}.`;
  const external = (lines: readonly LedgerLine[]) =>
    lines.map((line) => (line.symbol === null ? line : { ...line, strategy: externalStrategy }));
  const shared = { kind: 'fill', at: correction.at, sentence } as const;
  const lines = external(withFeeBack(undone.lines, symbol, busted.fee));
  if (!(await postOnce(tx, random, now, accountId, { ...shared, reference, lines }))) return null;
  let realizedPnl = undone.realizedPnl;
  if (kind === 'correct') {
    const { corrects: _, ...fill } = correction;
    const redone = postFill(undone.position, fill);
    realizedPnl = money(realizedPnl.plus(redone.realizedPnl));
    await insertForeignFill(tx, accountId, fill, { realizedPnl: text(redone.realizedPnl), inOpening: false, now });
    const place = { ...shared, reference: `correct:${correction.executionId}`, lines: external(redone.lines) };
    await postOnce(tx, random, now, accountId, place);
  }
  await appendEvents(tx, [
    {
      kind: 'foreign_trade.taken_back',
      accountId,
      data: {
        executionId: correction.executionId,
        previousExecutionId: executionId,
        brokerOrderId: correction.brokerOrderId,
        symbol,
        side: busted.side,
        previousQuantity: text(quantity(busted.quantity)),
        previousPrice: text(price(busted.price)),
        quantity: kind === 'bust' ? '0' : text(correction.quantity),
        price: text(correction.price),
        realizedPnl: text(realizedPnl),
        correctedAt: correction.at.toISOString(),
        reference,
        sentence,
      },
    },
  ]);
  return { reference, symbol, sentence };
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
