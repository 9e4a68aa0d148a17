import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { DecisionIntent, ModeReason, RuleVerdict, SizingRecord } from '../../../core/model/decision.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type { RefusalCode } from '../../../core/model/refusals.ts';
import type { SequenceRecord } from '../../../core/model/sequence.ts';
import type { FieldProblem, Side, SignalStatus, TradeSignalJson } from '../../../core/model/signal.ts';
import type { ReadAs, SourceReading } from '../../../core/model/source-reading.ts';
import { accounts } from './accounts.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** The tokens in webhook addresses; only their SHA-256 is kept. */
export const webhookTokens = pgTable('webhook_tokens', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  source: text('source').notNull().default('tradingview'),
  /** Hex SHA-256 of the token. */
  tokenHash: text('token_hash').notNull().unique(),
  /** The key of the dialect that its alerts are read as; null: each by its shape. */
  dialect: text('dialect'),
  /** The strategy of alerts that name none; null: `default`. */
  strategy: text('strategy'),
  /** How its alerts are read, where they cannot say it themselves: a template, and what bare numbers are. */
  reading: jsonb('reading').$type<SourceReading>(),
  createdAt: moment('created_at').notNull().defaultNow(),
  /** When its token was last made anew; null: never. */
  rotatedAt: moment('rotated_at'),
  /** Of the token before, which is taken until `previousUntil`. */
  previousHash: text('previous_hash'),
  previousUntil: moment('previous_until'),
  /** Since when what it sends is recorded and nothing else; null: it is a source like any. */
  sandboxSince: moment('sandbox_since'),
  sandboxBy: text('sandbox_by'),
  revokedAt: moment('revoked_at'),
});

/** Every alert whose sender was proven, understood or not. */
export const tradingSignals = pgTable(
  'trading_signals',
  {
    id: uuid('id').primaryKey(),
    source: text('source').notNull(),
    tokenId: uuid('token_id').references(() => webhookTokens.id),
    receivedAt: moment('received_at').notNull(),
    status: text('status').$type<SignalStatus>().notNull(),
    /** Unique while it counts: the same key again is the same alert. Null for refused alerts and for expired windows. */
    dedupeKey: text('dedupe_key').unique(),
    /** Until when the key counts; null: for ever. */
    dedupeUntil: moment('dedupe_until'),
    /** The body as it came, as text: jsonb would reorder keys and drop duplicates. */
    rawBody: text('raw_body').notNull(),
    contentType: text('content_type'),
    /** The headers that matter and the sender's address: what was proven and how. */
    proofs: jsonb('proofs').$type<Record<string, string | null>>().notNull(),
    /** What its source was set to when it came; null: nothing. */
    readAs: jsonb('read_as').$type<ReadAs>(),
    parsed: jsonb('parsed').$type<TradeSignalJson>(),
    problems: jsonb('problems').$type<FieldProblem[]>(),
    ticker: text('ticker'),
    side: text('side').$type<Side>(),
    strategy: text('strategy'),
    /** Why it was denied or failed; null otherwise. */
    code: text('code').$type<RefusalCode>(),
    sentence: text('sentence'),
    /** The accounts it is decided for, set down with the first decision. */
    destinations: jsonb('destinations').$type<Destination[]>(),
    /** Microseconds, measured by the process that took it in. */
    parseMicros: integer('parse_micros'),
    decidedAt: moment('decided_at'),
    /** The alert whose bytes were taken in again, on paper; null: it is no replay. */
    replayOf: uuid('replay_of').references((): AnyPgColumn => tradingSignals.id),
  },
  (table) => [
    check(
      'trading_signals_replay_on_paper',
      sql`replay_of is null or (parsed ->> 'requestedMode') is not distinct from 'paper'`,
    ),
    index('trading_signals_replays').on(table.replayOf, table.receivedAt).where(sql`replay_of is not null`),
    index('trading_signals_received').on(table.receivedAt),
    index('trading_signals_ticker').on(table.ticker, table.receivedAt),
    index('trading_signals_strategy').on(table.strategy, table.receivedAt),
    index('trading_signals_waiting')
      .on(table.ticker, table.strategy, table.receivedAt, table.id)
      .where(sql`status = 'accepted'`),
  ],
);

/** The risk gate's decision; one for each signal and account, which is what makes "decided once" true. */
export const decisions = pgTable(
  'decisions',
  {
    id: uuid('id').primaryKey(),
    signalId: uuid('signal_id')
      .notNull()
      .references(() => tradingSignals.id),
    accountId: uuid('account_id').references(() => accounts.id),
    /** What the risk amount was multiplied by for this account. */
    weight: numeric('weight').notNull().default('1'),
    /** Beside the alert: not its outcome. */
    shadow: boolean('shadow').notNull().default(false),
    mode: text('mode').$type<Mode>().notNull(),
    modeReasons: jsonb('mode_reasons').$type<ModeReason[]>().notNull(),
    intent: text('intent').$type<DecisionIntent>().notNull(),
    outcome: text('outcome').$type<'approved' | 'denied' | 'held'>().notNull(),
    code: text('code').$type<RefusalCode>(),
    sentence: text('sentence'),
    quantity: numeric('quantity'),
    sizing: jsonb('sizing').$type<SizingRecord>(),
    verdicts: jsonb('verdicts').$type<RuleVerdict[]>().notNull(),
    /** What its script held before, beside what was held; null: the alert does not say. */
    sequence: jsonb('sequence').$type<SequenceRecord>(),
    /** The row of `verdict_patterns` with the same verdicts; a trigger sets it. */
    patternId: uuid('pattern_id').notNull(),
    /** The quote the decision was made on; null when there was none. */
    quote: jsonb('quote').$type<{ bid: string; ask: string; at: string }>(),
    startedAt: moment('started_at').notNull(),
    decidedAt: moment('decided_at').notNull(),
  },
  (table) => [
    unique('decisions_signal_account').on(table.signalId, table.accountId).nullsNotDistinct(),
    // With pattern_id, outcome and code included, which drizzle cannot say.
    index('decisions_newest').on(table.decidedAt, table.id),
    index('decisions_pattern').on(table.patternId, table.decidedAt, table.id),
    index('decisions_code').on(table.code, table.decidedAt, table.id).where(sql`code is not null`),
    index('decisions_account').on(table.accountId, table.decidedAt, table.id),
    index('decisions_rare').on(table.decidedAt, table.id).where(sql`mode = 'production' or outcome = 'held'`),
  ],
);

/** Each different set of verdicts once: "rule:verdict", in the order of the gate. Written by the trigger of `decisions` alone. */
export const verdictPatterns = pgTable('verdict_patterns', {
  /** MD5 of its verdicts, put together with spaces. */
  id: uuid('id').primaryKey(),
  verdicts: text('verdicts').array().notNull(),
});
