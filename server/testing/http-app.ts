import { createApiTokens } from '../adapters/auth/api-tokens.ts';
import { createAuth } from '../adapters/auth/auth.ts';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { createSecretBox } from '../adapters/database/account-store/secret-box.ts';
import { createAuditLog } from '../adapters/database/audit-store/audit-log.ts';
import { openDrizzle } from '../adapters/database/connect.ts';
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
import { createAccessDesks } from '../build/access/index.ts';
import { createLimitDesk } from '../build/limit-desk.ts';
import { createMailboxDesk } from '../build/mailbox-desk.ts';
import { createMissingAlertDesk } from '../build/missing-alert-desk.ts';
import { createPerformanceDesk } from '../build/performance-desk.ts';
import { createRecordingDesk } from '../build/recording-desk.ts';
import { createRiskDaily, type RiskDailyParts } from '../build/risk-daily.ts';
import { createHttpApp } from '../http/app.ts';
import type { Commands } from '../http/commands.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { createFallbackSearch } from '../pipeline/projections/search-queries.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import { createTestDatabase } from './database.ts';
import { openNotifications } from './notification-desk.ts';
import { quietLog as log } from './quiet-log.ts';

const untouched = () => {
  throw new Error('this test sets nothing going');
};

/** The HTTP app on a real database, with real sign-in; the commands are what the test gives, and fail otherwise. */
export async function createTestApp(
  commands: Partial<Commands> = {},
  /** What the figures of the risk page are made with, where that is not nothing. */
  risk: Partial<Pick<RiskDailyParts, 'facts' | 'quote'>> = {},
) {
  const database = await createTestDatabase();
  const { sql } = database;
  const baseUrl = 'http://127.0.0.1:8080';
  const drizzle = openDrizzle(database.url, schema, { max: 2 });
  const settings = await createSettingsStore({ sql, clock, log });
  const tokens = createApiTokens({ sql, clock, random });
  const auth = createAuth({
    db: drizzle.db as never,
    tables: schema,
    sql,
    random,
    clock,
    events: createEventWriter({ sql }),
    tokens,
    secret: random.token(48),
    baseUrl,
    trustedOrigins: [baseUrl],
  });
  const instruments = await createInstrumentStore({ sql, clock });
  const queries = createReadStore({ sql, clock, lastPrice: () => null, connected: () => true });
  const rules = await loadRules();
  const secretBox = createSecretBox(random.token(32));
  const proofs = createProofStore({ sql, clock, random, log, secretBox, rotated: async () => {} });
  const webhooks = createWebhookTokens({ sql, clock, random });
  const recordingStore = createRecordingStore({ sql, clock, switched: () => webhooks.refresh() });
  const dialects = await loadDialects();
  const notifications = await openNotifications({
    ...{ sql, clock, random, log, secretBox, queries },
    alarms: { raise: untouched, clear: async () => {}, recordDelivery: untouched },
    approvals: { approve: untouched, reject: untouched },
  });
  const app = createHttpApp({
    ...createAccessDesks({
      people: createPeopleStore({ sql, clock, random, secretBox }),
      lockOuts: createLockOuts({ sql }),
      credentials: auth,
      events: createEventWriter({ sql }),
      ...{ clock, random, dashboardUrl: baseUrl },
    }),
    ...notifications.desks,
    instruments,
    webhooks,
    mailboxes: createMailboxDesk({
      store: createMailboxStore({ sql, clock, random, secretBox }),
      ...{ tokens: webhooks, proofs, clock },
      mailboxes: { open: untouched },
      mailIntake: { tryMail: untouched },
    }),
    recordings: createRecordingDesk({ store: recordingStore, tokens: webhooks, dialects }),
    replays: { replay: untouched },
    sendDesk: { samples: untouched, send: untouched },
    dialects: (await loadDialects()).map(({ key }) => key),
    proofs,
    trustedProxies: [],
    publicUrl: baseUrl,
    sizing: await loadSizing(),
    limits: createLimitDesk({
      ...{ rules, settings, queries, clock },
      store: createLimitStore({ sql, clock }),
    }),
    missingAlerts: createMissingAlertDesk({
      quarantines: createQuarantines({ sql, clock }),
      signs: createSignsOfLife({ sql }),
      ...{ settings, clock, market: { session: () => null } },
    }),
    orderCheck: { check: untouched, checkSignal: untouched },
    lint: { lint: untouched },
    performance: createPerformanceDesk({ books: createPerformanceBooks({ sql }), settings, clock }),
    riskFigures: createRiskDaily({
      stores: {
        riskBooks: createRiskBooks({ sql }),
        riskReports: createRiskReportStore({ sql }),
        accounts: { list: async () => [] },
      },
      ...{ rules, settings, clock, log, reportPdf: createRiskReportPdf() },
      sectorOf: (symbol) => instruments.classify(symbol).sector,
      facts: { dailyBars: () => null, session: () => null },
      quote: async () => null,
      ...risk,
    }).desk,
    queries,
    fullText: createFallbackSearch({
      openSearch: null,
      database: createDatabaseSearch({ sql }),
      behindSeconds: async () => 0,
      clock,
      log,
    }),
    accountAdmin: {
      add: untouched,
      change: untouched,
      replaceKeys: untouched,
      archive: untouched,
      test: untouched,
      testStored: untouched,
    },
    approvals: { approve: untouched, reject: untouched },
    ...{ audit: createAuditLog({ sql }), eventWriter: createEventWriter({ sql }), apiTokens: tokens, random },
    alarms: { acknowledge: untouched, snooze: untouched },
    alertRules: {
      kinds: untouched,
      list: untouched,
      add: untouched,
      change: untouched,
      switch: untouched,
      remove: untouched,
      try: untouched,
    },
    reconciliationDesk: { settle: untouched, transfer: untouched, adoptOrder: untouched, releaseOrder: untouched },
    deadLetters: {
      letters: {
        list: untouched,
        find: untouched,
        resend: untouched,
        discard: untouched,
        count: untouched,
        failing: untouched,
      },
      orders: { find: untouched },
      decisions: { signal: untouched },
    },
    commands: {
      status: untouched,
      setup: untouched,
      setupWanted: async () => false,
      setupSeen: untouched,
      sendTestAlert: untouched,
      cancelOrder: untouched,
      replaceOrder: untouched,
      closePosition: untouched,
      closeAll: untouched,
      killSwitches: untouched,
      engageKillSwitch: untouched,
      liftKillSwitch: untouched,
      cancelAll: untouched,
      reconcile: untouched,
      ready: async () => true,
      quotes: untouched,
      ...commands,
    },
    settings,
    auth,
    intake: { receive: async () => ({ kind: 'unknown_token' }) },
    charts: { bars: untouched, indicators: untouched },
    exchange: null,
    metrics: { read: async () => ({ contentType: 'text/plain', text: '' }) },
    connectionOf: () => ({ remote: {} }),
    clock,
    log,
    webFolder: '/nowhere',
    rapidocFile: new URL('../../node_modules/rapidoc/dist/rapidoc-min.js', import.meta.url).pathname,
    origins: () => [baseUrl],
  });
  return {
    app,
    auth,
    tokens,
    settings,
    sql,
    baseUrl,
    async close() {
      await settings.stop();
      await drizzle.close();
      await database.drop();
    },
  };
}
