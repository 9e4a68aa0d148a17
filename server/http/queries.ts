import type {
  Account,
  AlarmJson,
  AlarmQuery,
  ApprovalJson,
  DecisionJson,
  DriftJson,
  EquityPoint,
  EventJson,
  EvidenceJson,
  Execution,
  Foreign,
  Order,
  Position,
  Receipt,
  Reconciliation,
  Signal,
  StrategyActivityJson,
  StrategyChangeMade,
} from '../contract/index.ts';
import type { PromotionCriteria } from '../core/model/settings.ts';
import type { Page, PageQuery } from '../core/ports/paging.ts';
import type { DecidedCount, DecisionFilter } from '../core/ports/verdict-counts.ts';

/** What signals are looked up by. */
export interface SignalFilter {
  readonly status?: string | undefined;
  readonly ticker?: string | undefined;
  readonly strategy?: string | undefined;
  readonly source?: string | undefined;
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
}

/** What the routes read; adapters/database/read-store answers it. */
export interface Queries {
  signals(query: PageQuery & SignalFilter): Promise<Page<Signal>>;
  /** The last alert that came in through a webhook, and not from the dashboard. */
  lastHeard(): Promise<{ at: string; signalId: string } | null>;
  findSignals(ids: readonly string[]): Promise<Signal[]>;
  /** The alert that a key counts for at a moment, so that another one with it would be a resend; null: none. */
  sameAlert(dedupeKey: string, at: Date): Promise<{ signalId: string; receivedAt: string } | null>;
  receipt(signalId: string): Promise<Receipt | null>;
  decisions(query: PageQuery & DecisionFilter): Promise<Page<DecisionJson>>;
  /** From one moment up to but not including another. */
  countDecisions(from: Date, to: Date): Promise<DecidedCount[]>;
  orders(
    query: PageQuery & {
      status: 'open' | 'closed' | 'all';
      symbol?: string | undefined;
      accountId?: string | undefined;
    },
  ): Promise<Page<Order>>;
  findOrders(ids: readonly string[]): Promise<Order[]>;
  orderWithLegs(id: string): Promise<Order[]>;
  executions(
    query: PageQuery & { symbol?: string | undefined; accountId?: string | undefined },
  ): Promise<Page<Execution>>;
  executionsOf(orderIds: readonly string[]): Promise<Execution[]>;
  /** What happened to these orders, oldest first; at most 500. */
  eventsOfOrders(orderIds: readonly string[]): Promise<EventJson[]>;
  positions(accountId?: string): Promise<Position[]>;
  accounts(): Promise<Account[]>;
  equity(accountId: string, since: Date): Promise<EquityPoint[]>;
  reconciliations(accountId: string): Promise<Reconciliation[]>;
  reconciliation(id: string): Promise<Reconciliation | null>;
  foreign(accountId: string): Promise<Foreign>;
  alarms(query: AlarmQuery): Promise<Page<AlarmJson>>;
  approvals(query: PageQuery & { state: 'open' | 'past' | 'all' }): Promise<Page<ApprovalJson>>;
  findApproval(id: string): Promise<ApprovalJson | null>;
  /** How many wait for a person. */
  approvalsWaiting(): Promise<number>;
  findAlarm(id: string): Promise<AlarmJson | null>;
  promotionEvidence(strategy: string, criteria: PromotionCriteria): Promise<EvidenceJson>;
  /** Of these strategies, and of those that alerts have named besides. */
  strategyActivity(known: readonly string[]): Promise<StrategyActivityJson[]>;
  /** What people did to a strategy, the newest first; at most as many. */
  strategyHistory(strategy: string, limit: number): Promise<StrategyChangeMade[]>;
  /** Over the signals decided within these days. */
  drift(strategy: string, days: number): Promise<DriftJson>;
  events(query: PageQuery & { after?: string | undefined; kind?: string | undefined }): Promise<Page<EventJson>>;
}
