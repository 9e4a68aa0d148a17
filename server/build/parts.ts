import type { Context } from 'hono';
import type { RiskReport } from '../core/model/risk-overview.ts';
import type { Block } from '../core/net/address.ts';
import type { AccountStore } from '../core/ports/account-store.ts';
import type { AlarmDelivery, Alarms } from '../core/ports/alarms.ts';
import type { AlertRules } from '../core/ports/alert-rules.ts';
import type { ApprovalStore } from '../core/ports/approval-store.ts';
import type { AuditLog } from '../core/ports/audit-log.ts';
import type { BarHistory } from '../core/ports/bar-history.ts';
import type { Settlements } from '../core/ports/broker-facts.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DeadLetters } from '../core/ports/dead-letters.ts';
import type { DecisionStore } from '../core/ports/decision-store.ts';
import type { DecisionViews } from '../core/ports/decision-views.ts';
import type { EventReader } from '../core/ports/event-reader.ts';
import type { EventWriter } from '../core/ports/event-writer.ts';
import type { FailureTimes } from '../core/ports/failure-times.ts';
import type { InstrumentStore } from '../core/ports/instruments.ts';
import type { IntakeStore } from '../core/ports/intake-store.ts';
import type { JobQueue } from '../core/ports/job-queue.ts';
import type { KillFileWatch } from '../core/ports/kill-file.ts';
import type { KillSwitchStore } from '../core/ports/kill-switch-store.ts';
import type { LedgerStore } from '../core/ports/ledger-store.ts';
import type { LimitStore } from '../core/ports/limit-store.ts';
import type { LockOuts } from '../core/ports/lock-outs.ts';
import type { Log } from '../core/ports/log.ts';
import type { Mailboxes } from '../core/ports/mailbox.ts';
import type { MailboxStore } from '../core/ports/mailbox-store.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Quarantines, SignsOfLife } from '../core/ports/missing-alerts.ts';
import type { NotificationStore, PushStore } from '../core/ports/notification-store.ts';
import type { Notifier } from '../core/ports/notifier.ts';
import type { OrderStore } from '../core/ports/order-store.ts';
import type { OwnOrders } from '../core/ports/own-orders.ts';
import type { PeopleStore } from '../core/ports/people.ts';
import type { PerformanceBooks } from '../core/ports/performance-books.ts';
import type { ProofStore } from '../core/ports/proof-store.ts';
import type { ProtectionStore } from '../core/ports/protection-store.ts';
import type { Random } from '../core/ports/random.ts';
import type { RawAlerts } from '../core/ports/raw-alerts.ts';
import type { ReconciliationStore } from '../core/ports/reconciliation-store.ts';
import type { RecordingStore } from '../core/ports/recordings.ts';
import type { RiskBooks } from '../core/ports/risk-books.ts';
import type { RiskReportStore } from '../core/ports/risk-reports.ts';
import type { SearchQueries } from '../core/ports/search-queries.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { HttpParts } from '../http/parts.ts';
import type { SearchSink } from '../pipeline/projections/search/sink.ts';
import type { MarketDesk } from '../platform/market-facts/market-facts.ts';
import type { ExchangeAdmin } from '../platform/rehearsal/exchange-admin.ts';
import type { Credentials } from './access/parts.ts';
import type { AccountAdminParts } from './account-admin.ts';
import type { AccountLinks } from './account-links.ts';
import type { CommandParts } from './commands.ts';

/** Everything concrete, chosen by main.ts. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly queue: JobQueue;
  readonly events: EventReader;
  readonly settings: SettingsStore;
  readonly stores: {
    readonly accounts: AccountStore;
    /** What people want to be told of. */
    readonly alertRules: AlertRules;
    /** Entries that wait for a person. */
    readonly approvals: ApprovalStore;
    /** The hash-chained record of who did what. */
    readonly audit: AuditLog;
    readonly decisions: DecisionStore;
    /** What a decision would see. */
    readonly views: DecisionViews;
    readonly deadLetters: DeadLetters;
    /** When things went wrong. */
    readonly failures: FailureTimes;
    /** Sectors and industries. */
    readonly instruments: InstrumentStore;
    readonly intake: IntakeStore;
    readonly killSwitches: KillSwitchStore;
    readonly ledger: LedgerStore;
    readonly limits: LimitStore;
    /** Wrong passwords and codes. */
    readonly lockOuts: LockOuts;
    /** Where alerts come by mail as well. */
    readonly mailboxes: MailboxStore;
    /** Who is told what outside, and what came of it. */
    readonly notifications: NotificationStore;
    readonly orders: OrderStore;
    /** Everybody who may sign in. */
    readonly people: PeopleStore;
    readonly quarantines: Quarantines;
    /** When strategies were last heard of. */
    readonly signs: SignsOfLife;
    /** Orders that no alert asked for. */
    readonly own: OwnOrders;
    /** What performance is made of. */
    readonly performance: PerformanceBooks;
    /** What each source asks of its senders. */
    readonly proofs: ProofStore;
    readonly protections: ProtectionStore;
    /** Keys and tokens of web push. */
    readonly push: PushStore;
    readonly reconciliations: ReconciliationStore;
    /** What sandboxes have sent. */
    readonly recordings: RecordingStore;
    /** What the risk page and the daily report are made of. */
    readonly riskBooks: RiskBooks;
    readonly riskReports: RiskReportStore;
    readonly settlements: Settlements;
  };
  /** What a person must look at; how it is told outside as well. */
  readonly alarms: Alarms & AlarmDelivery;
  /** Ways to people who are not looking at the dashboard. */
  readonly channels: readonly Notifier[];
  /** Under which the dashboard is reached, for links. */
  readonly dashboardUrl: string;
  /** The file that stops trading by being there. */
  readonly killFile: KillFileWatch;
  /** How mailboxes are spoken to. */
  readonly mailboxes: Mailboxes;
  readonly tokens: WebhookTokens;
  readonly queries: CommandParts['queries'] & { ping(): Promise<void> };
  /** Alerts as they came. */
  readonly rawAlerts: RawAlerts;
  /** Full-text search over signals and events. */
  readonly fullText: SearchQueries;
  readonly enqueue: CommandParts['enqueue'];
  readonly links: AccountLinks;
  /** The names that belong to accounts of the environment. */
  readonly givenNames: readonly string[];
  /** A risk report as a document to print. */
  readonly reportPdf: (report: RiskReport) => Promise<Uint8Array>;
  /** Asked for the day that is going on. */
  readonly barHistory: Pick<BarHistory, 'dailyBars'>;
  /** What of the market is kept ready. */
  readonly facts: MarketDesk;
  /** Asks a venue whose the keys are. */
  readonly probe: AccountAdminParts['probe'];
  readonly auth: HttpParts['auth'] & Credentials;
  /** Tokens that people make for their scripts. */
  readonly apiTokens: HttpParts['apiTokens'];
  readonly origins: () => readonly string[];
  readonly trustedProxies: readonly Block[];
  readonly connectionOf: (context: Context) => { readonly remote: { readonly address?: string } };
  readonly webFolder: string;
  readonly rapidocFile: string;
  readonly webhookUrl: string;
  readonly dashboardToken: string;
  readonly tickers: readonly string[];
  /** The search copy; null: there is none. */
  readonly search: SearchSink | null;
  /** The embedded exchange's faults; null: there is none. */
  readonly exchange: ExchangeAdmin | null;
  /** Whether the embedded exchange trades equities round the clock. */
  readonly exchangeAlwaysOpen: boolean;
  readonly eventWriter: EventWriter;
  readonly metrics: Metrics;
  /** Figures for the record of health; counts are since the moment given. */
  figures(since: Date): Promise<Readonly<Record<string, number>>>;
  /** Whether this process decides and sends; else it only takes alerts in and shows. */
  readonly works: boolean;
}
