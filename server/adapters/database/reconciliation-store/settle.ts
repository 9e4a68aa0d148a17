import { decimal, money, type Quantity, quantity, text } from '../../../core/decimal.ts';
import type { LedgerLine, OpenPosition } from '../../../core/model/posting.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { Settlements, WishOutcome } from '../../../core/ports/broker-facts.ts';
import type { Difference } from '../../../core/ports/reconciliation-store.ts';
import { postFill } from '../../../pipeline/ledger/post-fill.ts';
import { stepTo } from '../../../pipeline/orders/broker-word.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { lockAccount, readPosition } from '../ledger-store/held.ts';
import { postOnce } from '../ledger-store/post.ts';
import type { ReconciliationStoreOptions } from './reconciliation-store.ts';

type Wish = Parameters<Settlements['settle']>[0];

interface ReportRow {
  accountId: string;
  finishedAt: Date;
  differences: Difference[];
}

const refused = (sentence: string): WishOutcome => ({ kind: 'refused', sentence });

/** Books a difference that has no cause by the broker's word, within a transaction; see the port. */
export async function settle(options: ReconciliationStoreOptions, tx: Statements, wish: Wish): Promise<WishOutcome> {
  const [report] = await tx<ReportRow[]>`
    select account_id as "accountId", finished_at as "finishedAt", differences from reconciliations
    where id = ${wish.reconciliationId}`;
  if (report === undefined) return { kind: 'not_found' };
  const difference = report.differences.find((one) => one.id === wish.differenceId);
  if (difference === undefined) return { kind: 'not_found' };
  const { accountId } = report;
  await lockAccount(tx, accountId);
  const reference = `correction:${wish.reconciliationId}:${wish.differenceId}`;
  const [before] = await tx`
    select from ledger_transactions where account_id = ${accountId} and reference = ${reference}`;
  if (before !== undefined) return { kind: 'done', sentence: 'It was settled before; nothing was booked again.' };
  const [newer] = await tx`
    select from reconciliations
    where account_id = ${accountId} and outcome <> 'failed' and finished_at > ${report.finishedAt} limit 1`;
  if (newer !== undefined) {
    return refused('There is a newer comparison: what differs now is in that one. Nothing was changed.');
  }
  if (difference.state !== 'open') return refused('There is nothing to settle in it. Nothing was changed.');
  const done = await book(options, tx, accountId, difference, reference, wish);
  if (done.kind !== 'done') return done;
  await appendEvents(tx, [
    {
      kind: 'reconciliation.settled',
      accountId,
      orderId: difference.orderId ?? null,
      data: {
        reconciliationId: wish.reconciliationId,
        difference: difference.id,
        symbol: difference.symbol,
        ours: difference.ours,
        brokers: difference.brokers,
        book: wish.book,
        reason: wish.reason,
        by: wish.by,
        role: wish.role,
        reference,
        sentence: done.sentence,
      },
    },
  ]);
  return done;
}

async function book(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  accountId: string,
  difference: Difference,
  reference: string,
  wish: Wish,
): Promise<WishOutcome> {
  const now = clock.now();
  const { kind, symbol, ours, brokers } = difference;
  if (kind === 'order' && brokers === null && difference.orderId !== undefined) {
    return endLost(tx, difference.orderId, wish, now);
  }
  if (brokers === null || ours === null || (kind !== 'cash' && kind !== 'position')) {
    return refused(
      'Only cash, positions and orders that the broker does not know can be settled. Nothing was changed.',
    );
  }
  const missing = decimal(brokers).minus(ours);
  const sentence =
    kind === 'cash'
      ? `${wish.by} booked ${text(missing)} in cash: ${wish.reason}`
      : `${wish.by} booked ${text(missing)} ${symbol}: ${wish.reason}`;
  const lines: LedgerLine[] =
    kind === 'cash'
      ? [
          { book: 'cash', symbol: null, amount: money(missing), quantity: null },
          { book: wish.book, symbol: null, amount: money(missing.neg()), quantity: null },
        ]
      : sharesOf(difference, quantity(missing), await readPosition(tx, accountId, symbol!), wish.book);
  await postOnce(tx, random, now, accountId, {
    kind: kind === 'cash' ? 'correction' : 'fill',
    reference,
    lines,
    at: now,
    sentence,
  });
  return { kind: 'done', sentence };
}

/** Shares that came or went without a trade: those that go leave at what they cost, those that come cost what the broker says. */
function sharesOf(difference: Difference, missing: Quantity, held: OpenPosition, against: Wish['book']): LedgerLine[] {
  const symbol = difference.symbol!;
  const average = held.quantity.eq('0') ? null : held.cost.div(held.quantity);
  const leaves = held.quantity.times(missing).lt('0');
  const told = difference.price === undefined ? null : decimal(difference.price);
  const at = (leaves ? (average ?? told) : (told ?? average)) ?? decimal('0');
  if (at.lte('0')) return [];
  const { lines } = postFill(held, {
    symbol,
    side: missing.gt('0') ? 'buy' : 'sell',
    quantity: quantity(missing.abs()),
    price: at as never,
    fee: money('0'),
  });
  return lines.map((line) =>
    line.book === 'cash' ? { ...line, book: against } : { ...line, strategy: externalStrategy },
  );
}

/** An order that the broker does not know has ended, for want of anybody who could fill it. */
async function endLost(tx: Statements, orderId: string, wish: Wish, now: Date): Promise<WishOutcome> {
  const [order] = await tx<{ status: 'accepted'; symbol: string; accountId: string; signalId: string | null }[]>`
    select status, symbol, account_id as "accountId", signal_id as "signalId" from orders where id = ${orderId} for update`;
  if (order === undefined) return { kind: 'not_found' };
  if (stepTo(order.status, 'canceled').kind !== 'move') {
    return refused(`The order is ${order.status} by now. Nothing was changed.`);
  }
  const problem = `The broker does not know it. Ended by ${wish.by}: ${wish.reason}`;
  await tx`
    update orders set status = 'canceled', problem = ${problem}, closed_at = ${now}, updated_at = ${now} where id = ${orderId}`;
  await appendEvents(tx, [
    {
      kind: 'order.canceled',
      signalId: order.signalId,
      orderId,
      accountId: order.accountId,
      data: { symbol: order.symbol, status: 'canceled', previousStatus: order.status, problem, source: 'person' },
    },
  ]);
  return { kind: 'done', sentence: problem };
}
