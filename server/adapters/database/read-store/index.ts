import type postgres from 'postgres';
import type { AlarmQuery } from '../../../contract/index.ts';
import type { PromotionCriteria } from '../../../core/model/settings.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { equityCurve, type LastPrice, listAccounts, listPositions } from './accounts.ts';
import { findAlarm, listAlarms, openAlarms } from './alarms.ts';
import { type ApprovalQuery, countOpenApprovals, findApproval, listApprovals, openApprovals } from './approvals.ts';
import { countDecisions, type DecisionQuery, findDecisions, listDecisions } from './decisions.ts';
import { type EventQuery, eventsOfOrders, listEvents } from './events.ts';
import {
  type ExecutionQuery,
  executionsOf,
  findOrders,
  listExecutions,
  listOrders,
  type OrderQuery,
  orderWithLegs,
} from './orders.ts';
import { findRawAlert } from './raw-alert.ts';
import { readReceipt } from './receipt.ts';
import { findReconciliation, listReconciliations, readForeign } from './reconciliations.ts';
import { promotionEvidence, strategyDrift } from './shadow.ts';
import { findSignals, lastHeard, latestSignal, listSignals, type SignalQuery, sameAlert } from './signals.ts';
import { strategyActivity, strategyHistory } from './strategies.ts';

export interface ReadStoreOptions {
  /** A plain postgres.js client; best one of its own, so that no page keeps an order waiting for a connection. */
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly lastPrice: LastPrice;
  /** Whether the account's broker stream is up. */
  readonly connected: (accountId: string) => boolean;
}

/** Every question that a page or the API asks. Answers are in the contract's shapes; decimals are canonical text. */
export function createReadStore({ sql, clock, lastPrice, connected }: ReadStoreOptions) {
  return {
    signals: (query: SignalQuery) => listSignals(sql, query),
    findSignals: (ids: readonly string[]) => findSignals(sql, ids),
    latestSignal: () => latestSignal(sql),
    lastHeard: () => lastHeard(sql),
    sameAlert: (dedupeKey: string, at: Date) => sameAlert(sql, dedupeKey, at),
    rawAlert: (signalId: string) => findRawAlert(sql, signalId),
    receipt: (signalId: string) => readReceipt(sql, signalId),
    decisions: (query: DecisionQuery) => listDecisions(sql, query),
    countDecisions: (from: Date, to: Date) => countDecisions(sql, from, to),
    findDecisions: (signalIds: readonly string[]) => findDecisions(sql, signalIds),
    orders: (query: OrderQuery) => listOrders(sql, query),
    findOrders: (ids: readonly string[]) => findOrders(sql, ids),
    orderWithLegs: (id: string) => orderWithLegs(sql, id),
    executions: (query: ExecutionQuery) => listExecutions(sql, query),
    executionsOf: (orderIds: readonly string[]) => executionsOf(sql, orderIds),
    eventsOfOrders: (orderIds: readonly string[]) => eventsOfOrders(sql, orderIds),
    positions: (accountId?: string) => listPositions(sql, lastPrice, accountId),
    accounts: () => listAccounts(sql, lastPrice, connected, clock.now()),
    equity: (accountId: string, since: Date) => equityCurve(sql, accountId, since),
    reconciliations: (accountId: string) => listReconciliations(sql, accountId),
    reconciliation: (id: string) => findReconciliation(sql, id),
    foreign: (accountId: string) => readForeign(sql, accountId),
    alarms: (query: AlarmQuery) => listAlarms(sql, query),
    approvals: (query: ApprovalQuery) => listApprovals(sql, query),
    openApprovals: () => openApprovals(sql),
    findApproval: (id: string) => findApproval(sql, id),
    approvalsWaiting: () => countOpenApprovals(sql),
    openAlarms: () => openAlarms(sql),
    findAlarm: (id: string) => findAlarm(sql, id),
    promotionEvidence: (strategy: string, criteria: PromotionCriteria) => promotionEvidence(sql, strategy, criteria),
    drift: (strategy: string, days: number) =>
      strategyDrift(sql, strategy, new Date(clock.now().getTime() - days * 86_400_000)),
    strategyActivity: (known: readonly string[]) => strategyActivity(sql, known, clock.now()),
    strategyHistory: (strategy: string, limit: number) => strategyHistory(sql, strategy, limit),
    events: (query: EventQuery) => listEvents(sql, query),
    /** Throws when the database does not answer. */
    ping: async () => void (await sql`select 1`),
  };
}

export type ReadStore = ReturnType<typeof createReadStore>;
