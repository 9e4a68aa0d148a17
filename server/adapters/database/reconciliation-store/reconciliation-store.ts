import type postgres from 'postgres';
import { money, quantity, text } from '../../../core/decimal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { OpeningHoldings, Reconciliation, ReconciliationStore } from '../../../core/ports/reconciliation-store.ts';
import { postOpening } from '../../../pipeline/ledger/opening.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';

export interface ReconciliationStoreOptions {
  /** A plain postgres.js client. */
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** The one reference of an account's opening transaction. */
const openingReference = 'opening';

/** Comparisons with the broker, and the opening of the books, in PostgreSQL. */
export function createReconciliationStore(options: ReconciliationStoreOptions): ReconciliationStore {
  const { sql, clock, committed } = options;

  return {
    async books(accountId) {
      // One statement is one snapshot: a fill is in both the cash and the position, or in neither.
      const [row] = await sql<
        { opened: boolean; cash: string | null; positions: { symbol: string; quantity: string }[] }[]
      >`
        select
          exists (select from ledger_transactions where account_id = ${accountId} and reference = ${openingReference})
            as opened,
          (select sum(amount)::text from ledger_entries where account_id = ${accountId} and book = 'cash') as cash,
          coalesce((select json_agg(json_build_object('symbol', symbol, 'quantity', quantity::text))
            from positions where account_id = ${accountId} and quantity <> 0), '[]'::json) as positions`;
      if (!row?.opened) return null;
      return {
        cash: money(row.cash ?? '0'),
        positions: row.positions.map((p) => ({ symbol: p.symbol, quantity: quantity(p.quantity) })),
      };
    },

    async openBooks(accountId, opening, at) {
      const opened = await sql.begin((tx) => open(options, tx, accountId, opening, at));
      if (opened) committed?.();
      return opened;
    },

    async lastStartedAt(accountId) {
      const [row] = await sql<{ at: Date }[]>`
        select started_at as at from reconciliations where account_id = ${accountId} and outcome <> 'failed'
        order by finished_at desc limit 1`;
      return row?.at ?? null;
    },

    async record(result) {
      await sql.begin((tx) => record(options, tx, result));
      committed?.();
    },

    async recordConnection(accountId, connected, reason) {
      await appendEvents(sql, [
        {
          kind: connected ? 'broker.connected' : 'broker.disconnected',
          accountId,
          data: { at: clock.now().toISOString(), reason },
        },
      ]);
      committed?.();
    },
  };
}

async function open(
  { random, clock }: ReconciliationStoreOptions,
  tx: Statements,
  accountId: string,
  opening: OpeningHoldings,
  at: Date,
): Promise<boolean> {
  const now = clock.now();
  const transactionId = random.id();
  const posted = await tx`
    insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
    values (${transactionId}, ${accountId}, 'opening', ${openingReference}, ${at}, ${now})
    on conflict (account_id, reference) do nothing returning id`;
  if (posted.length === 0) return false;
  const lines = postOpening(opening).map((line) => ({
    id: random.id(),
    transaction_id: transactionId,
    account_id: accountId,
    book: line.book,
    symbol: line.symbol,
    amount: text(line.amount),
    quantity: line.quantity && text(line.quantity),
  }));
  await tx`insert into ledger_entries ${tx(lines)}`;
  const held = opening.holdings.filter((holding) => !holding.quantity.eq('0'));
  for (const holding of held) {
    await tx`
      insert into positions (account_id, symbol, quantity, cost, opened_at, updated_at)
      values (${accountId}, ${holding.symbol}, ${text(holding.quantity)}, ${text(holding.cost)}, ${at}, ${now})`;
  }
  await appendEvents(tx, [
    {
      kind: 'ledger.posted',
      accountId,
      data: {
        reference: openingReference,
        lines: lines.map(({ book, symbol, amount, quantity: moved }) => ({ book, symbol, amount, quantity: moved })),
      },
    },
    ...held.map((holding) => ({
      kind: 'position.changed' as const,
      accountId,
      data: {
        symbol: holding.symbol,
        quantity: text(holding.quantity),
        cost: text(holding.cost),
        averagePrice: text(holding.cost.div(holding.quantity).round(8)),
        realizedPnl: '0',
      },
    })),
  ]);
  return true;
}

async function record({ random }: ReconciliationStoreOptions, tx: Statements, result: Reconciliation): Promise<void> {
  const { accountId, account } = result;
  const kept = result.problem === null ? result.differences : [{ kind: 'failure', sentence: result.problem }];
  // A schedule that agrees again says nothing new: one row is kept for it, and moves on.
  const [last] = await tx<{ id: string; outcome: string; reason: string }[]>`
    select id, outcome, reason from reconciliations where account_id = ${accountId} order by finished_at desc limit 1`;
  const isRepeat = result.reason === 'schedule' && result.outcome === 'agreed' && last?.outcome === 'agreed';
  await tx`
    insert into reconciliations (id, account_id, reason, started_at, finished_at, outcome, differences)
    values (${random.id()}, ${accountId}, ${result.reason}, ${result.startedAt}, ${result.finishedAt}, ${result.outcome},
      ${tx.json(kept as never)})`;
  if (isRepeat && last.reason === 'schedule') await tx`delete from reconciliations where id = ${last.id}`;
  if (account) {
    await tx`
      update accounts set broker_buying_power = ${text(account.buyingPower)}, broker_cash = ${text(account.cash)},
        broker_equity = ${text(account.equity)}, broker_seen_at = ${result.finishedAt}, reconciled_at = ${result.finishedAt}
      where id = ${accountId}`;
  }
  await appendEvents(tx, [
    {
      kind: result.outcome === 'failed' ? 'reconciliation.failed' : 'reconciliation.completed',
      accountId,
      data: {
        reason: result.reason,
        outcome: result.outcome,
        changedOrders: result.changedOrders,
        recordedFills: result.recordedFills,
        differences: result.differences,
        problem: result.problem,
        durationMs: result.finishedAt.getTime() - result.startedAt.getTime(),
      },
    },
  ]);
}
