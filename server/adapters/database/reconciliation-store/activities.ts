import { money, quantity, text } from '../../../core/decimal.ts';
import type { BrokerActivity } from '../../../core/model/broker-order.ts';
import { type Book, externalStrategy, type LedgerLine } from '../../../core/model/posting.ts';
import type { Booked } from '../../../core/ports/broker-facts.ts';
import { postActivity, reversed } from '../../../pipeline/ledger/post-activity.ts';
import { flat } from '../../../pipeline/ledger/post-fill.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { lockAccount, readLots, readPosition } from '../ledger-store/held.ts';
import { postOnce } from '../ledger-store/post.ts';
import type { ReconciliationStoreOptions } from './reconciliation-store.ts';

const dayMs = 86_400_000;
/** A fee of coins is told of at the moment of the fill that it was taken of. */
const feeWithinMs = 2000;

/** The ledger's reference of an activity. */
const referenceOf = (activity: BrokerActivity): string =>
  `activity:${activity.activityId}${activity.canceled ? ':canceled' : ''}`;

/** Books what is new of them, in the order given; see the port. */
export async function bookActivities(
  options: ReconciliationStoreOptions,
  accountId: string,
  activities: readonly BrokerActivity[],
): Promise<{ readonly booked: readonly Booked[]; readonly unsure: readonly BrokerActivity[] }> {
  const { sql, committed } = options;
  const booked: Booked[] = [];
  const unsure: BrokerActivity[] = [];
  const references = activities.map(referenceOf);
  if (references.length === 0) return { booked, unsure };
  const [known, noted, [opening]] = await Promise.all([
    sql<{ reference: string }[]>`
      select reference from ledger_transactions
      where account_id = ${accountId} and reference = any(${references}::text[])`,
    sql<{ id: string; inOpening: boolean }[]>`
      select activity_id as id, in_opening as "inOpening" from account_activities
      where account_id = ${accountId} and activity_id = any(${activities.map((one) => one.activityId)}::text[])`,
    sql<{ at: Date }[]>`
      select at from ledger_transactions where account_id = ${accountId} and reference = 'opening'`,
  ]);
  if (opening === undefined) return { booked, unsure };
  // Some are told of with their day alone.
  const earliest = Math.floor(opening.at.getTime() / dayMs) * dayMs - dayMs;
  const done = new Set(known.map(({ reference }) => reference));
  const before = new Set(noted.filter((one) => one.inOpening).map(({ id }) => id));
  // Shares that come before those that go: what is split is never nothing in between.
  const inOrder = [...activities].sort((a, b) => Number(goes(a)) - Number(goes(b)));
  for (const activity of inOrder) {
    if (done.has(referenceOf(activity)) || before.has(activity.activityId)) continue;
    if (activity.at.getTime() < earliest) continue;
    if (activity.netAmount.eq('0') && activity.quantity === null) continue;
    const one = await sql.begin((tx) => bookActivity(options, tx, accountId, activity));
    if (one === 'unsure') unsure.push(activity);
    else if (one !== null) {
      booked.push(one);
      committed?.();
    }
  }
  return { booked, unsure };
}

const goes = (activity: BrokerActivity): boolean => activity.quantity?.lt('0') ?? false;

async function bookActivity(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  accountId: string,
  activity: BrokerActivity,
): Promise<Booked | 'unsure' | null> {
  await lockAccount(tx, accountId);
  const posting = activity.canceled
    ? await takenBack(tx, accountId, activity)
    : await postingOf(tx, accountId, activity);
  if (posting === null || posting === 'unsure') return posting;
  const now = clock.now();
  const reference = referenceOf(activity);
  const { lines, sentence } = posting;
  if (
    !(await postOnce(tx, random, now, accountId, { kind: 'correction', reference, lines, at: activity.at, sentence }))
  )
    return null;
  await noteActivity(tx, accountId, activity, false, now);
  return { reference, symbol: activity.symbol, sentence };
}

async function postingOf(tx: Statements, accountId: string, activity: BrokerActivity) {
  const { symbol } = activity;
  if (symbol === null) return postActivity(activity, { ...flat, lots: [] }) ?? ('unsure' as const);
  const [held, lots, owner] = await Promise.all([
    readPosition(tx, accountId, symbol),
    readLots(tx, accountId, symbol),
    ownerOf(tx, accountId, activity),
  ]);
  return postActivity(activity, { ...held, lots }, owner) ?? ('unsure' as const);
}

/** Whose the trade was that a fee was taken of: that of the newest fill in the symbol by then. */
async function ownerOf(tx: Statements, accountId: string, { type, symbol, at }: BrokerActivity): Promise<string> {
  if (type !== 'CFEE') return externalStrategy;
  const [row] = await tx<{ strategy: string }[]>`
    select o.strategy from trade_executions e join orders o on o.id = e.order_id
    where e.account_id = ${accountId} and e.symbol = ${symbol}
      and e.executed_at between ${new Date(at.getTime() - feeWithinMs)} and ${new Date(at.getTime() + feeWithinMs)}
    order by abs(extract(epoch from e.executed_at - ${at}::timestamptz)), e.executed_at desc limit 1`;
  return row?.strategy ?? externalStrategy;
}

interface LineRow {
  book: Book;
  symbol: string | null;
  strategy: string | null;
  amount: string;
  quantity: string | null;
}

/** Undoes what was booked for it; nothing, when nothing was. */
async function takenBack(tx: Statements, accountId: string, activity: BrokerActivity) {
  const rows = await tx<LineRow[]>`
    select e.book, e.symbol, e.strategy, e.amount, e.quantity
    from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
    where t.account_id = ${accountId} and t.reference = ${`activity:${activity.activityId}`}`;
  if (rows.length === 0) return null;
  const lines = rows.map(
    (row): LedgerLine => ({
      ...row,
      amount: money(row.amount),
      quantity: row.quantity === null ? null : quantity(row.quantity),
    }),
  );
  return { lines: reversed(lines), sentence: `The broker took back: ${activity.type} ${text(activity.netAmount)}.` };
}

/** Keeps an activity as told; once. */
export async function noteActivity(
  tx: Statements,
  accountId: string,
  activity: BrokerActivity,
  inOpening: boolean,
  now: Date,
): Promise<void> {
  await tx`
    insert into account_activities (account_id, activity_id, type, symbol, quantity, net_amount, description, in_opening,
      happened_at, recorded_at)
    values (${accountId}, ${activity.activityId}, ${activity.type}, ${activity.symbol},
      ${activity.quantity && text(activity.quantity)}, ${text(activity.netAmount)}, ${activity.description}, ${inOpening},
      ${activity.at}, ${now})
    on conflict do nothing`;
}
