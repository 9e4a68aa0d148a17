import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { createApiTokens } from '../adapters/auth/api-tokens.ts';
import { createAuth } from '../adapters/auth/auth.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createSecretBox } from '../adapters/database/account-store/secret-box.ts';
import { createAlarmStore } from '../adapters/database/alarm-store/alarm-store.ts';
import { createApprovalStore } from '../adapters/database/approval-store/approval-store.ts';
import { createAuditLog } from '../adapters/database/audit-store/audit-log.ts';
import { openDrizzle } from '../adapters/database/connect.ts';
import { createEventReader } from '../adapters/database/event-reader/event-reader.ts';
import { createEventWriter } from '../adapters/database/event-reader/event-writer.ts';
import { createInstrumentStore } from '../adapters/database/instrument-store/instrument-store.ts';
import { createWebhookTokens } from '../adapters/database/intake-store/webhook-tokens.ts';
import { createLimitStore } from '../adapters/database/limit-store/limit-store.ts';
import { createMailboxStore } from '../adapters/database/mailbox-store/mailbox-store.ts';
import { createQuarantines, createSignsOfLife } from '../adapters/database/missing-alert-store/missing-alert-store.ts';
import { createLockOuts } from '../adapters/database/people-store/lock-outs.ts';
import { createPeopleStore } from '../adapters/database/people-store/people-store.ts';
import { createPerformanceBooks } from '../adapters/database/performance-store/performance-store.ts';
import { createProofStore } from '../adapters/database/proof-store/proof-store.ts';
import { createReadStore } from '../adapters/database/read-store/index.ts';
import { createDatabaseSearch } from '../adapters/database/read-store/search.ts';
import { createRecordingStore } from '../adapters/database/recording-store/recording-store.ts';
import { createRiskBooks } from '../adapters/database/risk-store/risk-books.ts';
import { createRiskReportStore } from '../adapters/database/risk-store/risk-reports.ts';
import * as schema from '../adapters/database/schema/index.ts';
import { createSettingsStore } from '../adapters/database/settings-store/settings-store.ts';
import { createRiskReportPdf } from '../adapters/documents/risk-report-pdf.ts';
import { attachRealtime } from '../adapters/realtime/realtime.ts';
import { createMetrics, type MetricsParts } from '../adapters/telemetry/metrics.ts';
import { createAccessDesks } from '../build/access/index.ts';
import { createApprovalDesk } from '../build/approval-desk.ts';
import { killSwitchJson } from '../build/kill-commands.ts';
import { createLimitDesk } from '../build/limit-desk.ts';
import { createMailboxDesk, type MailboxDeskParts } from '../build/mailbox-desk.ts';
import { createMissingAlertDesk } from '../build/missing-alert-desk.ts';
import { createPerformanceDesk } from '../build/performance-desk.ts';
import { createRecordingDesk } from '../build/recording-desk.ts';
import { createRiskDaily } from '../build/risk-daily.ts';
import { createSendDesk } from '../build/send-desk.ts';
import type { QuoteJson, Role, ServerToClient, Status } from '../contract/index.ts';
import { price } from '../core/decimal.ts';
import type { Clock } from '../core/ports/clock.ts';
import { createHttpApp } from '../http/app.ts';
import type { Commands } from '../http/commands.ts';
import type { HttpParts } from '../http/parts.ts';
import { type Permissions, socketPermissions } from '../http/permissions.ts';
import type { ReconciliationDesk } from '../http/reconciliation-desk.ts';
import { listen } from '../main/listen.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { createFallbackSearch } from '../pipeline/projections/search-queries.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import { openAlertRuleDesk } from './alert-rule-desk.ts';
import { anySetup } from './any-setup.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { noAccountAdmin, noDeadLetters, notAsked, readsNone } from './idle-desks.ts';
import { ManualClock } from './manual-clock.ts';
import { openNotifications } from './notification-desk.ts';
import { createRecordedLog } from './recorded-log.ts';

export const allRoles = ['admin', 'trader', 'analyst', 'viewer'] as const satisfies readonly Role[];
const idle = { waiting: 0, active: 0, failed: 0 };
const stopped = {
  ...{ id: systemRandom.id(), name: 'everything', by: 'a person', at: '2026-11-20T16:00:00.000Z', stoppedMs: 5 },
  ...{ lastEntryMs: null, cancelled: null, cancelledMs: null, flatMs: null, lifted: null },
};
const acknowledged = { id: systemRandom.id(), status: 'accepted', receiptUrl: '/signals/x' } as const;

/** What a test brings itself. */
export interface GivenParts {
  /** What would become of an order; without it none can be read. */
  readonly orderCheck?: HttpParts['orderCheck'];
  /** What is said of an alert's text; without it nothing is. */
  readonly lint?: HttpParts['lint'];
  /** What charts are drawn from; without it nothing is. */
  readonly charts?: HttpParts['charts'];
  /** The embedded exchange; there is none unless this says otherwise. */
  readonly exchange?: HttpParts['exchange'];
  /** How mailboxes are spoken to, and what would become of a mail; without them nobody tries one. */
  readonly mailboxes?: MailboxDeskParts['mailboxes'];
  readonly mailIntake?: MailboxDeskParts['mailIntake'];
  /** What passwords, codes and fresh proofs are held to; the machine's own clock unless this says otherwise. */
  readonly accessClock?: Clock;
  /** Where people reach the dashboard; where it listens unless this says otherwise. */
  readonly baseUrl?: string;
  /** Push services that are written to beside the known ones. */
  readonly pushServices?: readonly string[];
  /** There are none unless this says otherwise. */
  readonly deadLetters?: (database: TestDatabase, committed: () => void) => Promise<HttpParts['deadLetters']>;
}

/**
 * The API and the sockets over a database of the test's own, on a free port. Everything is real but for the commands, which note
 * what they were asked; main-job.test.ts has those.
 */
export async function openApi(figures: Partial<MetricsParts> = {}, given: GivenParts = {}) {
  const database = await createTestDatabase();
  const { sql } = database;
  const log = createRecordedLog();
  const shared = { sql, clock: systemClock, random: systemRandom, log };
  const listening = await listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${listening.port}`;
  const origins = [url, `http://localhost:${listening.port}`];
  const drizzle = openDrizzle(database.url, schema, { max: 2 });
  // Believes tokens for as long as this says.
  const clock = new ManualClock();
  const apiTokens = createApiTokens({ ...shared, clock });
  const events = createEventReader(shared);
  const eventWriter = createEventWriter({ sql, committed: () => events.kick() });
  const accessClock = given.accessClock ?? systemClock;
  const auth = createAuth({
    db: drizzle.db as never,
    tables: schema,
    sql,
    random: systemRandom,
    clock: accessClock,
    events: eventWriter,
    tokens: apiTokens,
    secret: systemRandom.token(48),
    baseUrl: given.baseUrl ?? url,
    trustedOrigins: origins,
  });
  const settings = await createSettingsStore({ ...shared, committed: () => events.kick() });
  const alarms = createAlarmStore({ ...shared, committed: () => events.kick() });
  const queries = createReadStore({
    sql,
    clock: systemClock,
    lastPrice: (_accountId, symbol) => (symbol === 'DARK' ? null : price('151')),
    connected: () => true,
  });
  const asked: [name: string, ...args: unknown[]][] = [];
  let fail: Error | null = null;
  let broken: Error | null = null;
  const note = (name: string, ...args: unknown[]): void => {
    asked.push([name, ...args]);
    if (fail) throw fail;
  };
  const status = async (): Promise<Status> => ({
    mode: settings.current()['mode.master'],
    health: { state: 'ok', components: [] },
    equity: '100000',
    dayPnl: null,
    accountId: null,
    lastSignal: await queries.latestSignal(),
    approvalsWaiting: await queries.approvalsWaiting(),
    killSwitches: settings.current().killSwitches.map(killSwitchJson),
    venue: 'a test',
    alwaysOpen: true,
    zone: settings.current()['display.zone'],
    webhookUrl: `${url}/hooks/tradingview/…`,
    serverTime: systemClock.now().toISOString(),
  });
  const commands: Commands = {
    async status() {
      if (fail) throw fail;
      return status();
    },
    ...anySetup,
    async sendTestAlert(alert, caller) {
      note('sendTestAlert', alert, caller.role);
      return acknowledged;
    },
    async cancelOrder(id) {
      note('cancelOrder', id);
      return (await queries.orderWithLegs(id)).length > 0 ? 'asked' : null;
    },
    async replaceOrder(id, wish) {
      note('replaceOrder', id, JSON.stringify(wish));
      return (await queries.orderWithLegs(id)).length > 0 ? 'asked' : null;
    },
    async closePosition({ accountId, symbol, strategy, quantity }) {
      note('closePosition', accountId, symbol, ...[strategy, quantity].filter((one) => one !== null));
      return symbol === 'NONE' ? null : { ...acknowledged, others: [] };
    },
    async closeAll(accountId) {
      note('closeAll', accountId);
      return { sent: [], failed: [] };
    },
    async killSwitches() {
      note('killSwitches');
      return { engaged: settings.current().killSwitches.map(killSwitchJson), history: [] };
    },
    async engageKillSwitch(wish) {
      note('engageKillSwitch', wish);
      return { ...stopped, ...wish, key: wish.key ?? null };
    },
    async liftKillSwitch(id, reason) {
      note('liftKillSwitch', id, reason);
      return null;
    },
    async cancelAll(wish) {
      note('cancelAll', wish);
      return { asked: 0 };
    },
    reconcile: async () => null,
    ready: async () => fail === null,
    quotes: async (symbols) =>
      symbols.map((symbol) => ({ symbol, bid: '1', ask: '2', at: systemClock.now().toISOString() })),
  };

  const wished = { sentence: 'Done.' };
  const reconciliationDesk: ReconciliationDesk = {
    async settle(reconciliationId, wish) {
      note('settle', reconciliationId, wish);
      return (await queries.reconciliation(reconciliationId))!;
    },
    async transfer(accountId, wish) {
      note('transfer', accountId, wish);
      return wished;
    },
    async adoptOrder(accountId, brokerOrderId, wish) {
      note('adoptOrder', accountId, brokerOrderId, wish);
      return wished;
    },
    async releaseOrder(orderId, reason) {
      note('releaseOrder', orderId, reason);
      return wished;
    },
  };

  const metrics = createMetrics({
    accountName: () => undefined,
    depth: async () => ({
      'signal.process': idle,
      'order.submit': idle,
      'order.cancel': idle,
      'order.replace': idle,
      'order.lookup': idle,
      'account.compare': idle,
      'approval.settle': idle,
    }),
    alarms: () => alarms.open(),
    readSearchLag: async () => null,
    streams: () => [],
    logged: { warnings: 0, errors: 0 },
    log,
    ...figures,
  });

  const deadLetters = (await given.deadLetters?.(database, () => events.kick())) ?? noDeadLetters;
  const webFolder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  await mkdir(join(webFolder, '_app/immutable'), { recursive: true });
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>box</title><script>let a = 1;</script>');
  await writeFile(join(webFolder, '_app/immutable/a.js'), 'plain');
  await writeFile(join(webFolder, '_app/immutable/a.js.br'), 'brotli');
  await writeFile(join(webFolder, '..secret.txt'), 'a name that only looks like a way out');

  const instruments = await createInstrumentStore({ ...shared, committed: () => events.kick() });
  const secretBox = createSecretBox(systemRandom.token(32));
  const proofs = createProofStore({
    ...shared,
    random: systemRandom,
    log,
    secretBox,
    rotated: async () => {},
    committed: () => events.kick(),
  });
  const sizing = await loadSizing();
  const rules = await loadRules();
  const daily = createRiskDaily({
    stores: {
      riskBooks: createRiskBooks({ sql }),
      riskReports: createRiskReportStore({ sql }),
      accounts: { list: async () => [] },
    },
    ...{ rules, settings, clock: systemClock, log, reportPdf: createRiskReportPdf() },
    sectorOf: (symbol) => instruments.classify(symbol).sector,
    facts: { dailyBars: () => null, session: () => null },
    quote: async () => null,
  });
  const limits = createLimitDesk({
    ...{ rules, settings, queries, clock: systemClock },
    store: createLimitStore({ ...shared, committed: () => events.kick() }),
  });
  const votes = createApprovalStore({
    ...{ sql, clock: systemClock, committed: () => events.kick() },
    // Nothing works on jobs here.
    jobs: { insert: () => ({ text: 'select 1', values: [] }), insertFrom: () => 'select 1 as id' },
  });
  const approvals = createApprovalDesk({ approvals: votes, queries, clock: systemClock, onVoted: () => {} });
  const readers = await loadDialects();
  const dialects = readers.map(({ key }) => key);
  const webhooks = createWebhookTokens({ sql, clock: systemClock, random: systemRandom });
  const recordingStore = createRecordingStore({
    ...{ sql, clock: systemClock, committed: () => events.kick() },
    switched: () => webhooks.refresh(),
  });
  const notifications = await openNotifications({
    ...{ ...shared, log, secretBox, queries, approvals, alarms, committed: () => events.kick() },
    pushServices: given.pushServices ?? [],
  });
  const alertRules = await openAlertRuleDesk({
    ...{ ...shared, settings, committed: () => events.kick() },
    accounts: async () => (await queries.accounts()).map((one) => one.id),
  });
  const makeApp = (permissions?: Permissions) =>
    createHttpApp(
      {
        queries,
        ...createAccessDesks({
          people: createPeopleStore({ ...shared, clock: accessClock, secretBox, committed: () => events.kick() }),
          lockOuts: createLockOuts({ sql }),
          credentials: auth,
          events: eventWriter,
          ...{ clock: accessClock, random: systemRandom, dashboardUrl: url },
        }),
        ...notifications.desks,
        accountAdmin: noAccountAdmin,
        approvals,
        proofs,
        webhooks,
        mailboxes: createMailboxDesk({
          store: createMailboxStore({ ...shared, secretBox, committed: () => events.kick() }),
          ...{ tokens: webhooks, proofs, clock: systemClock },
          mailboxes: given.mailboxes ?? { open: notAsked },
          mailIntake: given.mailIntake ?? { tryMail: notAsked },
        }),
        recordings: createRecordingDesk({ store: recordingStore, tokens: webhooks, dialects: readers }),
        replays: { replay: async () => acknowledged },
        sendDesk: createSendDesk({
          intake: { receive: async () => ({ kind: 'unknown_token' }) },
          ...{ tokens: webhooks, dialects: readers, clock: systemClock, random: systemRandom },
          dashboardToken: 'none',
          quotes: async () => [],
        }),
        dialects,
        trustedProxies: [],
        publicUrl: 'https://signalbox.example.com',
        instruments,
        limits,
        riskFigures: daily.desk,
        performance: createPerformanceDesk({ books: createPerformanceBooks({ sql }), settings, clock: systemClock }),
        missingAlerts: createMissingAlertDesk({
          quarantines: createQuarantines({ sql, clock: systemClock }),
          signs: createSignsOfLife({ sql }),
          ...{ settings, clock: systemClock, market: { session: () => null } },
        }),
        orderCheck: given.orderCheck ?? { check: readsNone, checkSignal: readsNone },
        lint: given.lint ?? { lint: readsNone },
        sizing,
        fullText: createFallbackSearch({
          openSearch: null,
          database: createDatabaseSearch({ sql }),
          behindSeconds: async () => 0,
          clock: systemClock,
          log,
        }),
        commands,
        settings,
        auth,
        alarms,
        ...{ audit: createAuditLog({ sql }), eventWriter: createEventWriter({ sql }), apiTokens, random: systemRandom },
        alertRules,
        reconciliationDesk,
        deadLetters,
        intake: { receive: async () => ({ kind: 'unknown_token' }) },
        charts: given.charts ?? { bars: readsNone, indicators: () => [] },
        exchange: given.exchange ?? null,
        metrics,
        // Tests come from wherever they say.
        connectionOf: (c) => ({ remote: { address: c.req.header('x-test-peer') ?? '127.0.0.1' } }),
        clock: accessClock,
        log,
        webFolder,
        rapidocFile: fileURLToPath(new URL('../../node_modules/rapidoc/dist/rapidoc-min.js', import.meta.url)),
        origins: () => origins,
      },
      permissions,
    );
  const app = makeApp();
  listening.serve((request, env) => app.fetch(request, env));
  const quoteListeners = new Set<(quote: QuoteJson) => void>();
  const realtime = await attachRealtime({
    server: listening.server,
    events,
    callerOf: (headers) => auth.callerOf(headers),
    permissions: socketPermissions,
    origins: () => origins,
    queries: { ...queries, findOrders: (ids) => (broken ? Promise.reject(broken) : queries.findOrders(ids)) },
    status: commands.status,
    lookAgainEveryMs: 100,
    onQuote(listener) {
      quoteListeners.add(listener);
      return () => quoteListeners.delete(listener);
    },
    clock: systemClock,
    log,
  });
  const tokens = Object.fromEntries(
    await Promise.all(allRoles.map(async (role) => [role, await apiTokens.issue(`${role} script`, role)])),
  ) as Record<Role, string>;

  const sockets: Socket<ServerToClient>[] = [];
  const request = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: 'manual', ...init });

  return {
    url,
    origins,
    clock,
    database,
    sql,
    log,
    app,
    makeApp,
    auth,
    apiTokens,
    tokens,
    queries,
    events,
    alarms,
    metrics,
    notifications,
    asked,
    /** A request as it is, with no proof of who asks. */
    request,
    /** A request of a script with this role; a body is sent as JSON. */
    as(role: Role, path: string, init: Omit<RequestInit, 'body'> & { body?: unknown } = {}) {
      const { body, ...rest } = init;
      return request(path, {
        ...rest,
        headers: {
          authorization: `Bearer ${tokens[role]}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(init.headers as Record<string, string> | undefined),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    /** Signs the administrator in; answers the cookie to send. */
    async signIn(): Promise<string> {
      const response = await fetch(await auth.administratorLink(), { redirect: 'manual' });
      return response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
    },
    /** A socket that does not connect before it is told to, so that listeners come first. */
    /** `since`: the place that this client says it has seen. */
    socket(options: { token?: string; headers?: Record<string, string>; since?: string }): Socket<ServerToClient> {
      const { token, since } = options;
      const socket: Socket<ServerToClient> = io(url, {
        autoConnect: false,
        reconnection: false,
        forceNew: true,
        transports: ['websocket'],
        auth: { ...(token === undefined ? {} : { token }), ...(since === undefined ? {} : { since }) },
        ...(options.headers === undefined ? {} : { extraHeaders: options.headers }),
      });
      sockets.push(socket);
      return socket;
    },
    quote(quote: QuoteJson): void {
      for (const listener of quoteListeners) listener(quote);
    },
    /** From now on the commands fail with this; null: no more. */
    failWith(error: Error | null): void {
      fail = error;
    },
    /** From now on the sockets’ queries fail with this; null: no more. */
    breakQueries(error: Error | null): void {
      broken = error;
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.disconnect();
      await realtime.close();
      await listening.close();
      settings.stop();
      await drizzle.close();
      await database.drop();
      await rm(webFolder, { recursive: true, force: true });
    },
  };
}

export type Api = Awaited<ReturnType<typeof openApi>>;
