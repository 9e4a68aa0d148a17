import type postgres from 'postgres';
import { decimal, type Money, money, quantity, text } from '../../../core/decimal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { LedgerStore, LedgerSummary } from '../../../core/ports/ledger-store.ts';
import type { Random } from '../../../core/ports/random.ts';
import { postOpening } from '../../../pipeline/ledger/opening.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { type Entry, postOnce } from './post.ts';
import { rebuildPositions } from './rebuild-positions.ts';

export interface LedgerStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** The books in PostgreSQL. Whatever posts to an account holds its row, as fills and decisions do. */
export function createLedgerStore(options: LedgerStoreOptions): LedgerStore {
  const { sql, clock, random } = options;

  const holding = async <T>(accountId: string, act: (tx: Statements) => Promise<T>): Promise<T> => {
    const result = await sql.begin(async (tx) => {
      const found = await tx`select from accounts where id = ${accountId} for no key update`;
      if (found.length === 0) throw new Error(`there is no account ${accountId}`);
      return { value: await act(tx) };
    });
    options.committed?.();
    return result.value;
  };
  const post = (accountId: string, entry: Entry) =>
    holding(accountId, (tx) => postOnce(tx, random, clock.now(), accountId, entry));

  return {
    open: (accountId, opening, at) =>
      post(accountId, {
        kind: 'opening',
        reference: 'opening',
        lines: postOpening(opening),
        at,
        sentence: `The books were opened with ${text(opening.cash)} in cash.`,
      }),

    correct: async (accountId, correction) => {
      const sum = correction.lines.reduce((total, line) => total.plus(line.amount) as Money, money('0'));
      if (!sum.eq('0')) throw new RangeError(`the correction ${correction.reference} is off balance by ${text(sum)}`);
      return post(accountId, { kind: 'correction', ...correction });
    },

    summary: (accountId) => readSummary(sql, accountId),

    rebuildPositions: (accountId) => holding(accountId, (tx) => rebuildPositions(tx, accountId, clock.now())),

    recordEquity: async (snapshot) => {
      const figures = {
        cash: text(snapshot.cash),
        positionValue: text(snapshot.positionValue),
        equity: text(snapshot.equity),
        realizedPnl: text(snapshot.realizedPnl),
        unrealizedPnl: text(snapshot.unrealizedPnl),
      };
      await sql.begin(async (tx) => {
        const stored = await tx`
          insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
          values (${snapshot.accountId}, ${snapshot.at}, ${figures.cash}, ${figures.positionValue}, ${figures.equity},
            ${figures.realizedPnl}, ${figures.unrealizedPnl})
          on conflict do nothing returning at`;
        if (stored.length === 0) return;
        await appendEvents(tx, [
          {
            kind: 'equity.recorded',
            accountId: snapshot.accountId,
            data: {
              at: snapshot.at.toISOString(),
              ...figures,
              positions: snapshot.positions.map((held) => ({
                symbol: held.symbol,
                quantity: text(held.quantity),
                marketValue: text(held.marketValue),
                unrealizedPnl: text(held.unrealizedPnl),
              })),
            },
          },
        ]);
      });
      options.committed?.();
    },

    equityAtDayStart: async (accountId, dayStart) => {
      const [row] = await sql<{ equity: string }[]>`
        (select equity from equity_snapshots where account_id = ${accountId} and at < ${dayStart} order by at desc limit 1)
        union all
        (select equity from equity_snapshots where account_id = ${accountId} and at >= ${dayStart} order by at limit 1)
        limit 1`;
      return row ? money(row.equity) : null;
    },
  };
}

interface BookRow {
  book: string;
  balance: string;
}

async function readSummary(sql: postgres.Sql, accountId: string): Promise<LedgerSummary> {
  // One snapshot for all three: a fill between them would be in one and not in the other.
  const [opened, books, positions] = await sql.begin('isolation level repeatable read read only', (tx) =>
    Promise.all([
      tx<{ at: Date }[]>`
        select at from ledger_transactions where account_id = ${accountId} and reference = 'opening'`,
      tx<BookRow[]>`
        select book, balance from account_balances where account_id = ${accountId}`,
      tx<{ symbol: string; quantity: string; cost: string; realizedPnl: string; openedAt: Date | null }[]>`
        select symbol, quantity, cost, realized_pnl as "realizedPnl", opened_at as "openedAt"
        from positions where account_id = ${accountId} order by symbol`,
    ]),
  );
  const balances = new Map(books.map((row) => [row.book, decimal(row.balance)]));
  const balance = (book: string) => balances.get(book) ?? decimal('0');
  return {
    accountId,
    openedAt: opened[0]?.at ?? null,
    cash: money(balance('cash')),
    cost: money(balance('securities')),
    capital: money(balance('capital').neg()),
    realizedPnl: money(balance('realized_pnl').neg()),
    fees: money(balance('fees')),
    income: money(balance('income').neg()),
    positions: positions.map((row) => ({
      symbol: row.symbol,
      quantity: quantity(row.quantity),
      cost: money(row.cost),
      realizedPnl: money(row.realizedPnl),
      openedAt: row.openedAt,
    })),
  };
}
