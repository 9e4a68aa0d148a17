import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getConnInfo } from '@hono/node-server/conninfo';
import { createApiTokens } from '../adapters/auth/api-tokens.ts';
import { createAuth, signInLinkMinutes } from '../adapters/auth/auth.ts';
import { loadChannels } from '../adapters/channels/load-channels.ts';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { abandonedLookMs, endAbandoned } from '../adapters/database/abandoned.ts';
import { createAccountStore } from '../adapters/database/account-store/account-store.ts';
import { createSecretBox } from '../adapters/database/account-store/secret-box.ts';
import { createAlarmStore } from '../adapters/database/alarm-store/alarm-store.ts';
import { createAlertRuleStore } from '../adapters/database/alert-rule-store/alert-rule-store.ts';
import { createFailureTimes } from '../adapters/database/alert-rule-store/failure-times.ts';
import { createApprovalStore } from '../adapters/database/approval-store/approval-store.ts';
import { attentiveSocket } from '../adapters/database/attentive-socket.ts';
import { createAuditLog } from '../adapters/database/audit-store/audit-log.ts';
import { connectDatabase, openDrizzle } from '../adapters/database/connect.ts';
import { createDeadLetterStore } from '../adapters/database/dead-letter-store/dead-letter-store.ts';
import { createDecisionStore } from '../adapters/database/decision-store/decision-store.ts';
import { createDecisionViews } from '../adapters/database/decision-store/decision-views.ts';
import { createEventReader } from '../adapters/database/event-reader/event-reader.ts';
import { createEventWriter } from '../adapters/database/event-reader/event-writer.ts';
import { createInstrumentStore } from '../adapters/database/instrument-store/instrument-store.ts';
import { loadInstruments } from '../adapters/database/instrument-store/load-shipped.ts';
import { createIntakeStore } from '../adapters/database/intake-store/intake-store.ts';
import { createWebhookTokens } from '../adapters/database/intake-store/webhook-tokens.ts';
import { createKillSwitchStore } from '../adapters/database/kill-switch-store/kill-switch-store.ts';
import { createLedgerStore } from '../adapters/database/ledger-store/ledger-store.ts';
import { createLimitStore } from '../adapters/database/limit-store/limit-store.ts';
import { createMailboxStore } from '../adapters/database/mailbox-store/mailbox-store.ts';
import { createQuarantines, createSignsOfLife } from '../adapters/database/missing-alert-store/missing-alert-store.ts';
import { createNotificationStore } from '../adapters/database/notification-store/notification-store.ts';
import { createPushStore } from '../adapters/database/notification-store/push-store.ts';
import { createOrderStore } from '../adapters/database/order-store/order-store.ts';
import { createOwnOrders } from '../adapters/database/order-store/own-orders.ts';
import { createLockOuts } from '../adapters/database/people-store/lock-outs.ts';
import { createPeopleStore } from '../adapters/database/people-store/people-store.ts';
import { createPerformanceBooks } from '../adapters/database/performance-store/performance-store.ts';
import { createProofStore } from '../adapters/database/proof-store/proof-store.ts';
import { createProtectionStore } from '../adapters/database/protection-store/protection-store.ts';
import { createReadStore } from '../adapters/database/read-store/index.ts';
import { createReconciliationStore } from '../adapters/database/reconciliation-store/reconciliation-store.ts';
import { createSettlements } from '../adapters/database/reconciliation-store/settlements.ts';
import { createRecordingStore } from '../adapters/database/recording-store/recording-store.ts';
import { createRiskBooks } from '../adapters/database/risk-store/risk-books.ts';
import { createRiskReportStore } from '../adapters/database/risk-store/risk-reports.ts';
import * as schema from '../adapters/database/schema/index.ts';
import { createSettingsStore } from '../adapters/database/settings-store/settings-store.ts';
import { foldStale } from '../adapters/database/trade-history/trade-history.ts';
import { createRiskReportPdf } from '../adapters/documents/risk-report-pdf.ts';
import { createExchangeAdmin } from '../adapters/exchange-admin/exchange-admin.ts';
import { lockInstance } from '../adapters/instance/instance-lock.ts';
import { readSecrets, writePrivately, writeSecrets } from '../adapters/instance/secrets-file.ts';
import { createKillFile } from '../adapters/kill-file/kill-file.ts';
import { createImapMailboxes } from '../adapters/mail/imap-mailboxes.ts';
import { createPgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { attachRealtime } from '../adapters/realtime/realtime.ts';
import { type CountingLog, countingLog } from '../adapters/telemetry/counting-log.ts';
import { createLog } from '../adapters/telemetry/log.ts';
import { createMetrics } from '../adapters/telemetry/metrics.ts';
import { watchProcess } from '../adapters/telemetry/process-figures.ts';
import { build, type System } from '../build.ts';
import { midpoint } from '../core/model/market.ts';
import type { Log } from '../core/ports/log.ts';
import { readEnvironment } from '../environment.ts';
import { instruments } from '../exchange/market/instruments.ts';
import { socketPermissions } from '../http/permissions.ts';
import { brokerOf, givenNames, openAccounts } from './accounts.ts';
import { openDatabase } from './database.ts';
import { openExchange, readExchange } from './exchange.ts';
import { keepFactsFor } from './facts-kept.ts';
import { readFigures } from './figures.ts';
import { openFullText } from './full-text.ts';
import { type Greeting, greet } from './greeting.ts';
import { instrumentsFile } from './instruments.ts';
import { listen } from './listen.ts';
import { barHistoryOf, openMarketDesk } from './market-facts.ts';
import { adoptMetricsToken } from './metrics-token.ts';
import { adoptAlarmWebhook, makePushKeys, pushContactOf } from './notifications.ts';
import { openSearchSink } from './search.ts';
import { ensureSecrets } from './secrets.ts';
import { untilDatabaseAnswers } from './until-database-answers.ts';
import { serveWatched } from './watched.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts everything in its order; the answer stops it in the reverse one. A failure on the way stops what had been started. */
export async function start(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const environment = readEnvironment(env, argv);
  const { dataDir } = environment;
  const unlock = environment.roles.size > 1 ? lockInstance(dataDir) : null;
  const about: About = {
    environment,
    counted: countingLog(createLog({ format: environment.logFormat, level: environment.logLevel, dataDir })),
    processFigures: watchProcess(),
    startedMs: clock.monotonicMs(),
  };
  const undo: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
    unlock?.();
  };
  try {
    await untilDatabaseAnswers({
      start: () => startAll(about, undo),
      async undo() {
        for (const step of undo.splice(0).reverse()) await Promise.resolve(step()).catch(() => {});
      },
      clock,
      log: about.counted,
    });
    return { stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** What is the same however often a start is tried. */
interface About {
  readonly environment: ReturnType<typeof readEnvironment>;
  readonly counted: CountingLog;
  readonly processFigures: ReturnType<typeof watchProcess>;
  readonly startedMs: number;
}

async function startAll(
  { environment, counted, processFigures, startedMs }: About,
  undo: (() => unknown)[],
): Promise<void> {
  const { dataDir, roles, host } = environment;
  const whole = roles.size > 1;
  const log: Log = counted;
  const listening = roles.has('intake') ? await listen(host, environment.port) : null;
  const watched =
    !listening && roles.has('worker') && environment.metricsPort !== undefined
      ? await listen(host, environment.metricsPort)
      : null;
  for (const one of [listening, watched]) if (one) undo.push(() => one.close());

  const database = await openDatabase(environment, log);
  undo.push(() => database.stop());
  const sql = connectDatabase(database.url, { max: 10, applicationName: 'signalbox' });
  const reading = connectDatabase(database.url, { max: 4, applicationName: 'signalbox pages' });
  const venueSql = connectDatabase(database.url, { max: 2, applicationName: 'signalbox exchange' });
  // A kill switch must not stand in line behind the decisions that it is to stop, nor open its connection first.
  const killSql = connectDatabase(database.url, { max: 2, applicationName: 'signalbox kill switch' });
  // A signature's nonce is claimed while its sender waits: that must not stand in line behind decisions either.
  const proofSql = connectDatabase(database.url, { max: 2, applicationName: 'signalbox proofs' });
  const drizzle = openDrizzle(database.url, schema, { max: 2, applicationName: 'signalbox sign-in' });
  undo.push(async () => {
    await Promise.all([
      ...[sql, reading, venueSql, killSql, proofSql].map((client) => client.end({ timeout: 1 })),
      drizzle.close(),
    ]);
  });

  await killSql`select 1`;
  // What a process or machine that is gone has left behind must not keep this one from starting.
  const sweep = async (): Promise<void> => {
    const ended = await endAbandoned(reading);
    if (ended > 0) log.warn({ ended }, 'connections whose client is gone were ended, and their locks with them');
  };
  await sweep();
  const sweeping = clock.every(abandonedLookMs, () => {
    void sweep().catch((error: unknown) => log.debug({ error }, 'abandoned connections could not be looked for'));
  });
  undo.push(() => sweeping.cancel());
  const events = createEventReader({ sql: reading, clock, log });
  const committed = () => events.kick();
  const tokens = createWebhookTokens({ sql, clock, random, committed });
  const apiTokens = createApiTokens({ sql, clock, random, committed });
  const secrets = await ensureSecrets(dataDir, await readSecrets(dataDir), {
    tokens,
    apiTokens,
    random,
    given: environment.encryptionKey,
  });
  if (environment.metricsTokenFile) await adoptMetricsToken(environment.metricsTokenFile, apiTokens);
  const webhookId = (await tokens.find(secrets.webhookToken))?.id;
  const shared = { sql, clock, random, committed };
  const secretBox = createSecretBox(secrets.encryptionKey);
  const accounts = createAccountStore({ ...shared, secretBox });

  const exchange =
    roles.has('exchange') && !environment.alpacaPaper && !environment.exchangeElsewhere
      ? await openExchange(environment, {
          sql: venueSql,
          keys: {
            keyId: secrets.exchangeKeyId,
            secretKey: secrets.exchangeSecretKey,
            adminKey: secrets.exchangeAdminKey,
          },
          clock,
          random,
          log,
        })
      : null;
  if (exchange) undo.push(() => exchange.stop());
  if (!roles.has('intake') && !roles.has('worker')) return;

  const settings = await createSettingsStore({ sql, clock, log, committed });
  undo.push(() => settings.stop());
  const queue = await createPgBossQueue({ url: database.url, clock, random, log, socket: attentiveSocket() });
  undo.push(() => queue.stop());
  const alarms = createAlarmStore(shared);
  const venue = environment.alpacaPaper ? null : await readExchange(environment);
  const links = await openAccounts(accounts, environment, venue, { clock, log });
  undo.push(() => links.close());
  const intakeStore = createIntakeStore({ url: database.url, jobs: queue, clock, log });
  undo.push(() => intakeStore.close());

  const port = listening?.port ?? environment.port;
  const baseUrl = environment.publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  const origins = [...new Set([baseUrl, `http://127.0.0.1:${port}`, `http://localhost:${port}`])];
  let webhookUrl = `${baseUrl}/hooks/tradingview/${secrets.webhookToken}`;
  const proofs = createProofStore({
    ...shared,
    sql: proofSql,
    log,
    secretBox,
    async rotated(id, token) {
      await tokens.refresh();
      if (id !== webhookId) return;
      webhookUrl = `${baseUrl}/hooks/tradingview/${token}`;
      // What is shown after the next start is the address in force, not one that has ended.
      await writeSecrets(dataDir, { ...(await readSecrets(dataDir)), webhookToken: token });
    },
  });
  await proofs.refresh();
  const eventWriter = createEventWriter({ sql, committed });
  const auth = createAuth({
    db: drizzle.db as never,
    tables: schema,
    sql,
    random,
    clock,
    events: eventWriter,
    tokens: apiTokens,
    secret: secrets.sessionSecret,
    baseUrl,
    trustedOrigins: origins,
  });

  await loadInstruments(sql, instrumentsFile);
  const search = openSearchSink(environment, { databaseUrl: database.url, events, baseUrl, clock, log });
  if (search) undo.push(() => search.stop());
  const fullText = openFullText(environment, { databaseUrl: database.url, search, clock, log });
  undo.push(() => fullText.stop());
  let system: System | null = null;
  const metrics = createMetrics({
    accountName: (accountId) => links.find(accountId)?.account.name,
    depth: () => queue.depth(),
    alarms: () => alarms.open(),
    async readSearchLag() {
      const state = await search?.state();
      return state ? { events: state.events, seconds: state.seconds, rejected: state.refused } : null;
    },
    streams: () =>
      roles.has('worker')
        ? links.all().map(({ account: { accountId, name } }) => ({
            account: name,
            connected: system?.connected(accountId) ?? false,
            ...(system?.brokerLine(accountId) ?? { answers: true, waiting: 0, pausedSeconds: 0 }),
          }))
        : [],
    logged: counted.counts,
    log,
  });
  const queries = createReadStore({
    sql: reading,
    clock,
    lastPrice: (accountId, symbol) => {
      const quote = links.find(accountId)?.marketData.lastQuote(symbol);
      return quote ? midpoint(quote) : null;
    },
    connected: (accountId) => system?.connected(accountId) ?? false,
  });
  const facts = openMarketDesk(environment, venue, { sql: reading, alarms, clock, random, log });
  // What was traded before trades were kept.
  if (roles.has('worker')) {
    await foldStale(sql);
    undo.push(keepFactsFor(environment.replayKeepDays, { sql: reading, clock, log }));
  }
  const notifications = createNotificationStore({ ...shared, secretBox });
  const push = createPushStore({ ...shared, secretBox, makeKeys: makePushKeys });
  const channels = await loadChannels({
    vapid: () => push.vapid(),
    pushContact: pushContactOf(baseUrl),
    pushServices: environment.pushServices,
  });
  if (roles.has('worker')) await adoptAlarmWebhook(environment.alarmWebhookUrl, { notifications, channels });
  system = await build({
    clock,
    random,
    log,
    queue,
    events,
    settings,
    stores: {
      accounts,
      alertRules: createAlertRuleStore(shared),
      failures: createFailureTimes({ sql: reading }),
      approvals: createApprovalStore({ sql, jobs: queue, clock, committed, market: facts }),
      audit: createAuditLog({ sql: reading }),
      deadLetters: createDeadLetterStore({ sql, jobs: queue, committed }),
      decisions: createDecisionStore({ sql, jobs: queue, clock, committed, market: facts }),
      views: createDecisionViews({ sql: reading, clock, market: facts }),
      instruments: await createInstrumentStore(shared),
      intake: intakeStore,
      killSwitches: createKillSwitchStore({
        ...shared,
        sql: killSql,
        jobs: queue,
        committed() {
          queue.kick('order.cancel');
          committed();
        },
      }),
      ledger: createLedgerStore(shared),
      limits: createLimitStore(shared),
      lockOuts: createLockOuts({ sql }),
      mailboxes: createMailboxStore({ ...shared, secretBox }),
      notifications,
      orders: createOrderStore(shared),
      own: createOwnOrders({ ...shared, jobs: queue, placed: () => queue.kick('order.submit') }),
      people: createPeopleStore({ ...shared, secretBox }),
      proofs,
      quarantines: createQuarantines({ sql, clock, committed }),
      signs: createSignsOfLife({ sql }),
      protections: createProtectionStore({
        ...shared,
        jobs: queue,
        enqueued() {
          for (const name of ['order.submit', 'order.cancel', 'order.replace'] as const) queue.kick(name);
        },
      }),
      performance: createPerformanceBooks({ sql: reading }),
      push,
      reconciliations: createReconciliationStore(shared),
      recordings: createRecordingStore({ sql, clock, committed, switched: () => tokens.refresh() }),
      riskBooks: createRiskBooks({ sql: reading }),
      riskReports: createRiskReportStore({ sql, committed }),
      settlements: createSettlements(shared),
    },
    alarms,
    channels,
    dashboardUrl: baseUrl,
    killFile: createKillFile(join(dataDir, 'KILL')),
    mailboxes: createImapMailboxes({ log }),
    tokens,
    queries,
    rawAlerts: { find: (signalId) => queries.rawAlert(signalId) },
    fullText,
    async enqueue(name, data) {
      const job = queue.insert(name, [{ data }]);
      await sql.unsafe(job.text, job.values as never[]);
      queue.kick(name);
    },
    links,
    barHistory: barHistoryOf(environment, venue, clock),
    facts,
    reportPdf: createRiskReportPdf(),
    givenNames,
    probe: (at, keys) => brokerOf(at, keys, { exchange: venue, clock, log }).account(),
    auth,
    apiTokens,
    origins: () => origins,
    trustedProxies: environment.trustedProxies,
    connectionOf: getConnInfo,
    webFolder: join(root, 'web', 'build'),
    rapidocFile: join(root, 'node_modules', 'rapidoc', 'dist', 'rapidoc-min.js'),
    get webhookUrl() {
      return webhookUrl;
    },
    dashboardToken: secrets.dashboardToken,
    tickers: instruments.map((instrument) => instrument.symbol),
    works: roles.has('worker'),
    search,
    exchangeAlwaysOpen: venue?.alwaysOpen ?? true,
    exchange: venue?.adminKey ? createExchangeAdmin({ url: venue.url, adminKey: venue.adminKey }) : null,
    eventWriter,
    metrics,
    figures: (since) =>
      readFigures({ sql: reading, queue, search, log: counted, process: processFigures, clock }, since),
  });
  const { app } = system;
  const built = system;
  undo.push(() => built.stop());
  listening?.serve((request, bindings) => app.fetch(request, bindings));
  if (watched) serveWatched(watched, app);
  if (listening) {
    const realtime = await attachRealtime({
      server: listening.server,
      events,
      callerOf: (headers) => auth.callerOf(headers),
      permissions: socketPermissions,
      origins: () => origins,
      queries,
      status: () => built.commands.status(),
      onQuote: (listener) => built.onQuote(listener),
      clock,
      log,
    });
    undo.push(async () => {
      await realtime.close();
      await listening.close();
    });
  }
  await system.start();

  const greeting: Greeting = {
    dashboardUrl: baseUrl,
    webhookUrl,
    apiUrl: `${baseUrl}/api/v1`,
    apiToken: secrets.apiToken,
    metricsUrl: watched ? `http://${host}:${watched.port}/metrics` : `${baseUrl}/metrics`,
    exchange: exchange && {
      url: exchange.url,
      streamUrl: exchange.streamUrl,
      dataUrl: exchange.dataUrl,
      dataStreamUrl: exchange.dataStreamUrl,
      keyId: exchange.keyId,
      secretKey: exchange.secretKey,
      adminKey: secrets.exchangeAdminKey,
    },
  };
  const written = `${JSON.stringify(greeting, null, 2)}\n`;
  if (whole) {
    const file = join(dataDir, 'instance.json');
    // For the commands that work on a running instance's database; the owner's eyes only.
    const instance = { ...greeting, databaseUrl: database.url };
    await writePrivately(file, `${JSON.stringify(instance, null, 2)}\n`);
    undo.push(() => rm(file, { force: true }));
  }
  if (environment.readyFile) await writePrivately(environment.readyFile, written);
  if (listening) {
    const mode = settings.current()['mode.master'];
    const live = links.all().some((link) => link.account.mode === 'production');
    greet(greeting, {
      signInUrl: await auth.administratorLink(),
      minutes: signInLinkMinutes,
      mode: mode === 'production' && live ? 'LIVE' : 'PAPER',
      venues: links.all().map((link) => link.account.venue),
      alwaysOpen: venue?.alwaysOpen ?? true,
      tookMs: clock.monotonicMs() - startedMs,
      dataDir,
    });
  }
}
