import { index, integer, jsonb, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { ApprovalState, VoteVerdict } from '../../../core/model/approval.ts';
import type { RuleVerdict, SizingRecord } from '../../../core/model/decision.ts';
import type { Side } from '../../../core/model/signal.ts';
import { accounts } from './accounts.ts';
import { decisions, tradingSignals } from './signals.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Entries that waited for a person, or do: at most one of a decision. */
export const approvals = pgTable(
  'approvals',
  {
    id: uuid('id').primaryKey(),
    decisionId: uuid('decision_id')
      .notNull()
      .unique()
      .references(() => decisions.id),
    signalId: uuid('signal_id')
      .notNull()
      .references(() => tradingSignals.id),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    /** What would have been sent at the ask. */
    side: text('side').$type<Side>().notNull(),
    quantity: numeric('quantity').notNull(),
    /** The middle of the market at the ask. */
    price: numeric('price').notNull(),
    sizing: jsonb('sizing').$type<SizingRecord>().notNull(),
    /** The verdicts that want a person. */
    asks: jsonb('asks').$type<RuleVerdict[]>().notNull(),
    votesNeeded: integer('votes_needed').notNull(),
    state: text('state').$type<ApprovalState>().notNull(),
    askedAt: moment('asked_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** The later alert that withdrew it. */
    withdrawnBy: uuid('withdrawn_by').references(() => tradingSignals.id),
    /** When its decision was made final; null: it is not yet. */
    settledAt: moment('settled_at'),
  },
  (table) => [
    index('approvals_unsettled').on(table.accountId, table.strategy, table.symbol),
    index('approvals_asked').on(table.askedAt.desc(), table.id),
    index('approvals_signal').on(table.signalId),
  ],
);

/** One vote of each person. */
export const approvalVotes = pgTable(
  'approval_votes',
  {
    approvalId: uuid('approval_id')
      .notNull()
      .references(() => approvals.id),
    voter: text('voter').notNull(),
    name: text('name').notNull(),
    verdict: text('verdict').$type<VoteVerdict>().notNull(),
    reason: text('reason'),
    at: moment('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.approvalId, table.voter] })],
);
