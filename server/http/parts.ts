import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Block } from '../core/net/address.ts';
import type { Alarms } from '../core/ports/alarms.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DeadLetters } from '../core/ports/dead-letters.ts';
import type { EventWriter } from '../core/ports/event-writer.ts';
import type { InstrumentStore } from '../core/ports/instruments.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { ProofStore } from '../core/ports/proof-store.ts';
import type { Random } from '../core/ports/random.ts';
import type { SearchQueries } from '../core/ports/search-queries.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { WebhookTokens } from '../core/ports/webhook-tokens.ts';
import type { Intake } from '../pipeline/intake/intake.ts';
import type { SizingBook } from '../pipeline/sizing/book.ts';
import type { Caller } from '../platform/access/roles.ts';
import type { TokenDesk } from '../platform/access/token-desk.ts';
import type { ResendParts } from '../platform/dead-letters/resend.ts';
import type { ExchangeAdmin } from '../platform/rehearsal/exchange-admin.ts';
import type { AccountAdmin } from './account-admin.ts';
import type { AlertReplays } from './alert-replays.ts';
import type { AlertRuleDesk } from './alert-rule-desk.ts';
import type { ApprovalDesk } from './approval-desk.ts';
import type { AuditDesk } from './audit-desk.ts';
import type { ChartDesk } from './chart-desk.ts';
import type { Commands } from './commands.ts';
import type { LimitDesk } from './limit-desk.ts';
import type { LintDesk } from './lint-desk.ts';
import type { MailboxDesk } from './mailbox-desk.ts';
import type { MissingAlertDesk } from './missing-alert-desk.ts';
import type { NotificationDesk, PushDesk } from './notification-desk.ts';
import type { OrderCheckDesk } from './order-check-desk.ts';
import type { OwnAccountDesk } from './own-account-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { PerformanceDesk } from './performance-desk.ts';
import type { Queries } from './queries.ts';
import type { ReconciliationDesk } from './reconciliation-desk.ts';
import type { RecordingDesk } from './recording-desk.ts';
import type { RiskFiguresDesk } from './risk-figures-desk.ts';
import type { SendDesk } from './send-desk.ts';
import type { SignInDesk } from './sign-in-desk.ts';

/** What every route is given. */
export interface HttpParts {
  readonly queries: Queries;
  readonly fullText: SearchQueries;
  readonly commands: Commands;
  readonly settings: SettingsStore;
  readonly auth: {
    signIn(request: Request, remoteAddress: string | null): Promise<Response>;
    signOut(headers: Headers, remoteAddress: string | null): Promise<Response>;
    callerOf(headers: Headers): Promise<Caller | null>;
  };
  readonly signInDesk: SignInDesk;
  /** Everybody who may sign in. */
  readonly people: PeopleDesk;
  /** What people do with their own account. */
  readonly ownAccount: OwnAccountDesk;
  /** Tokens that people make for their scripts. */
  readonly apiTokens: TokenDesk;
  /** The hash-chained record of who did what. */
  readonly audit: AuditDesk;
  /** Where what is asked for is written down. */
  readonly eventWriter: Pick<EventWriter, 'append'>;
  readonly random: Pick<Random, 'id'>;
  readonly alarms: Pick<Alarms, 'acknowledge' | 'snooze'>;
  /** What people want to be told of. */
  readonly alertRules: AlertRuleDesk;
  /** Jobs that were given up, and what is asked before one is sent again. */
  readonly deadLetters: Omit<ResendParts, 'letters'> & { readonly letters: DeadLetters };
  readonly accountAdmin: AccountAdmin;
  /** Votes on entries that wait for a person. */
  readonly approvals: ApprovalDesk;
  /** Who is told what outside the dashboard. */
  readonly notifications: NotificationDesk;
  /** Devices of people, and what is answered from them. */
  readonly push: PushDesk;
  /** Sectors and industries. */
  readonly instruments: InstrumentStore;
  /** The addresses that alerts are sent to. */
  readonly webhooks: WebhookTokens;
  /** The keys of the languages that alerts are read in. */
  readonly dialects: readonly string[];
  /** What sources ask of their senders. */
  readonly proofs: Pick<ProofStore, 'list' | 'change' | 'rotate'>;
  /** Where alerts come by mail as well. */
  readonly mailboxes: MailboxDesk;
  readonly trustedProxies: readonly Block[];
  /** Under which the world reaches the webhooks. */
  readonly publicUrl: string;
  /** Ways of sizing. */
  readonly sizing: SizingBook;
  /** Bars and indicators. */
  readonly charts: ChartDesk;
  /** Rules and limits. */
  readonly limits: LimitDesk;
  /** What would become of an order. */
  readonly orderCheck: OrderCheckDesk;
  /** What there is to say of an alert's text. */
  readonly lint: LintDesk;
  /** Quarantines and signs of life. */
  readonly missingAlerts: MissingAlertDesk;
  /** Figures of the risk page, and daily reports. */
  readonly riskFigures: RiskFiguresDesk;
  /** What trading has come to. */
  readonly performance: PerformanceDesk;
  readonly reconciliationDesk: ReconciliationDesk;
  /** Sandboxes and what was sent to them. */
  readonly recordings: RecordingDesk;
  /** Alerts that are taken in again, on paper. */
  readonly replays: AlertReplays;
  /** Alerts that a person sends by hand. */
  readonly sendDesk: SendDesk;
  readonly intake: Intake;
  /** The embedded exchange's faults; null: orders go elsewhere. */
  readonly exchange: ExchangeAdmin | null;
  readonly metrics: Pick<Metrics, 'read'>;
  readonly connectionOf: (context: Context) => { readonly remote: { readonly address?: string } };
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built dashboard. */
  readonly webFolder: string;
  /** The file of RapiDoc's script. */
  readonly rapidocFile: string;
  /** Origins under which the dashboard is reached, for requests that change something by cookie. */
  readonly origins: () => readonly string[];
}

export type Env = { Variables: { caller: Caller } };
export type App = OpenAPIHono<Env>;
