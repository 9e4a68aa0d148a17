import { createAccessDesks } from './build/access/index.ts';
import { createAccountAdmin } from './build/account-admin.ts';
import type { Link } from './build/account-links.ts';
import { createAccountWork } from './build/account-work.ts';
import { createAlertRules } from './build/alert-rules.ts';
import { anyMarket } from './build/any-market.ts';
import { createApprovalDesk } from './build/approval-desk.ts';
import { createAskWorker } from './build/ask-worker.ts';
import { createChartDesk } from './build/chart-desk.ts';
import { createCommands } from './build/commands.ts';
import { countedIntake } from './build/counted-intake.ts';
import { type HealthParts, healthOf } from './build/health.ts';
import { createLimitDesk } from './build/limit-desk.ts';
import { createLimitReader } from './build/limit-reader.ts';
import { createLintDesk } from './build/lint-desk.ts';
import { createMailWork } from './build/mail-work.ts';
import { createMissingAlerts } from './build/missing-alerts.ts';
import { createNotifications } from './build/notifications.ts';
import { createOrderCheckDesk } from './build/order-check-desk.ts';
import type { Parts } from './build/parts.ts';
import { createPerformanceDesk } from './build/performance-desk.ts';
import { createQuoteFeed } from './build/quote-feed.ts';
import { createReconciliationDesk } from './build/reconciliation-desk.ts';
import { createRecordAndSend } from './build/record-and-send.ts';
import { createAlertReplays } from './build/replay-alert.ts';
import { createRiskDaily } from './build/risk-daily.ts';
import { createDifferenceWatch } from './build/watch-differences.ts';
import { createWorkerWatch } from './build/watch-worker.ts';
import type { QuoteJson } from './contract/index.ts';
import { loadSeries } from './core/indicators/load-series.ts';
import type { StoredEvent } from './core/model/event.ts';
import { isPair } from './core/pairs.ts';
import type { Broker } from './core/ports/broker.ts';
import type { BrokerLine } from './core/ports/metrics.ts';
import { createHttpApp } from './http/app.ts';
import type { Commands } from './http/commands.ts';
import type { App } from './http/parts.ts';
import { createExecution, createGuards } from './pipeline/execution/index.ts';
import { createIntake } from './pipeline/intake/intake.ts';
import { loadDialects } from './pipeline/intake/load-dialects.ts';
import { createFailedProofs } from './pipeline/intake/proofs/failed-proofs.ts';
import { createSignalProcessor } from './pipeline/process-signal.ts';
import { createEquityRecorder } from './pipeline/projections/equity.ts';
import { createHealthRecorder } from './pipeline/projections/health-recorder.ts';
import { createProtectionWatch } from './pipeline/protection/index.ts';
import { createReconciliation } from './pipeline/reconciliation/index.ts';
import { loadRules } from './pipeline/risk/load-rules.ts';
import { createApprovalSettler } from './pipeline/settle-approval.ts';
import { loadSizing } from './pipeline/sizing/book.ts';
import { createAuditKeeper } from './platform/audit/audit-keeper.ts';
import { createJobWatch } from './platform/dead-letters/watch-jobs.ts';
import { createKillSwitches } from './platform/kill-switch/kill-switches.ts';
import { createLeave } from './platform/kill-switch/leave.ts';
import { createDriftWatch } from './platform/promotion/drift-watch.ts';

export interface System {
  readonly app: App;
  readonly commands: Commands;
  /** Which accounts' streams are up; shared with the read store. */
  connected(accountId: string): boolean;
  /** How this process stands with an account's broker. */
  brokerLine(accountId: string): BrokerLine;
  /** Calls back on every quote of what is held, of any account. */
  onQuote(listener: (quote: QuoteJson) => void): () => void;
  /** Takes up work: reconciliation first, and with its success the queues. */
  start(): Promise<void>;
  /** Ends in the reverse order; resolves when nothing is being worked on. */
  stop(): Promise<void>;
}

/** Jobs of this many signals are decided at the same time; the account's lock puts those of one account in line. */
const decisionsAtOnce = 16;
/** Far shorter than what failing proofs are counted over. */
const settleProofsMs = 60_000;

/** Wires the parts. Nothing runs until `start`, but for the intake, which answers from the first request. */
export async function build(parts: Parts): Promise<System> {
  const { clock, random, log, queue, settings, stores, links } = parts;
  const connected = new Set<string>();
  const linkOf = (accountId: string): Link => {
    const link = links.find(accountId);
    if (!link) throw new Error(`there is no way to the broker of account ${accountId}: are its keys set?`);
    return link;
  };
  const guards = createGuards({
    settings: () => settings.current().brokers,
    alarms: parts.alarms,
    events: parts.eventWriter,
    clock,
    random,
    log,
  });
  const rules = await loadRules();
  const sizing = await loadSizing();
  const sectorOf = (symbol: string): string => stores.instruments.classify(symbol).sector;
  const limits = createLimitReader({ rules, settings, sectorOf });
  const guarded = (accountId: string) => {
    const link = linkOf(accountId);
    return guards.of(link.account, link.broker);
  };
  const broker = (accountId: string): Broker => guarded(accountId);

  const execution = createExecution({
    orders: stores.orders,
    broker,
    mayEnter: (order) => guarded(order.accountId).mayEnter(order),
    alertSeconds: (order) => limits.alertSeconds(order),
    settings,
    alarms: parts.alarms,
    clock,
    random,
    log,
    ready: (accountId) => reconciliation.ready(accountId),
    onTraded: (accountId) => reconciliation.noteTraded(accountId),
    onForeign: (accountId) => reconciliation.noteForeign(accountId),
  });
  const reconciliation = createReconciliation({
    store: stores.reconciliations,
    ledger: stores.ledger,
    orders: stores.orders,
    broker,
    sync: execution.sync,
    settings,
    alarms: parts.alarms,
    clock,
    random,
    log,
  });
  const protection = createProtectionWatch({
    store: stores.protections,
    alarms: parts.alarms,
    settings,
    accounts: () => links.all().map(({ account }) => account.accountId),
    venue(accountId) {
      const link = links.find(accountId);
      return link ? { broker: guarded(accountId), marketData: link.marketData } : null;
    },
    ready: (accountId) => reconciliation.ready(accountId),
    refresh: (accountId) => execution.refresh(accountId),
    clock,
    log,
  });
  const { metrics } = parts;
  const failedProofs = createFailedProofs({ alarms: parts.alarms, clock, log });
  const dialects = await loadDialects();
  const onAccepted = (): void => {
    queue.kick('signal.process');
    parts.events.kick();
  };
  const takenIn = createIntake({
    store: stores.intake,
    tokens: parts.tokens,
    proofs: stores.proofs,
    failedProofs,
    metrics,
    trustedProxies: parts.trustedProxies,
    settings,
    dialects,
    recordings: stores.recordings,
    signs: stores.signs,
    clock,
    random,
    log,
    onAccepted,
  });
  const missingAlerts = createMissingAlerts(parts);
  const alertRules = await createAlertRules({
    ...parts,
    connected: (accountId) => connected.has(accountId),
    followSymbols: () => feed.followHeld(),
  });
  const feed = createQuoteFeed({
    ...{ links, ledger: stores.ledger, wanted: () => alertRules.watch.symbols() },
    quoted(accountId, quote) {
      if (!parts.works) return;
      protection.quoted(accountId, quote);
      alertRules.watch.quoted(quote);
    },
  });
  const intake = countedIntake(takenIn, { metrics, clock });
  const mail = createMailWork({ ...parts, dialects, onAccepted });
  // A question is answered by what a decision is made of.
  const deciding = {
    settings,
    rules,
    sizing,
    sectorOf,
    industryOf: (symbol: string) => stores.instruments.classify(symbol).industry,
    facts: parts.facts,
    prepare: (symbol: string) => parts.facts.prepare(symbol),
    marketData: (accountId: string) => linkOf(accountId).marketData,
    // Where a worker is beside, it is the one that waits.
    ready: (accountId: string) => (parts.works ? reconciliation.ready(accountId) : connected.has(accountId)),
    clock,
    random,
    log,
  };
  const decides = {
    ...deciding,
    decisions: stores.decisions,
    onDecided: () => {
      for (const name of ['order.submit', 'order.cancel', 'order.replace', 'approval.settle'] as const)
        queue.kick(name);
    },
  };
  const processSignal = createSignalProcessor(decides);
  const settleApproval = createApprovalSettler({ ...decides, approvals: stores.approvals, alarms: parts.alarms });
  const equity = createEquityRecorder({
    ledger: stores.ledger,
    marketData: anyMarket(links),
    accounts: stores.accounts,
    clock,
    log,
  });
  const askWorker = createAskWorker({
    enqueue: (accountId) => parts.enqueue('account.compare', { accountId }),
    clock,
  });
  const watch = createWorkerWatch({ connected, clock });
  const differences = createDifferenceWatch();
  const { search } = parts;
  const healthParts: HealthParts = {
    ping: () => parts.queries.ping(),
    queue,
    alarms: parts.alarms,
    search: search && (() => search.state()),
    market: () => parts.facts.health(),
    mailboxes: () => stores.mailboxes.list(),
    links: () =>
      links.all().map(({ account }) => ({
        name: `Broker of ${account.name}`,
        connected: connected.has(account.accountId),
        // Where a worker is beside, it is the one whose entries wait.
        reconciled: !parts.works || reconciliation.ready(account.accountId),
        differences: differences.of(account.accountId),
        problem: guards.problem(account.accountId),
      })),
    silentWorkerSeconds: parts.works ? null : () => watch.silentSeconds(),
  };
  const killSwitches = createKillSwitches({
    store: stores.killSwitches,
    settings,
    leave: createLeave({ own: stores.own, orders: stores.orders, clock }),
    alarms: parts.alarms,
    file: parts.killFile.file,
    clock,
    random,
    log,
  });
  const compareNow = (accountId: string) =>
    parts.works ? reconciliation.reconcile(accountId, 'demand') : askWorker.compare(accountId);
  const commands = createCommands({
    killSwitches,
    killFile: parts.killFile.file,
    queries: parts.queries,
    settings,
    orders: stores.orders,
    intake,
    compare: compareNow,
    enqueue: parts.enqueue,
    marketData: (accountId) => links.find(accountId)?.marketData ?? null,
    clock,
    random,
    dashboardToken: parts.dashboardToken,
    webhookUrl: () => parts.webhookUrl,
    tickers: parts.tickers,
    exchangeAlwaysOpen: parts.exchangeAlwaysOpen,
    ...healthParts,
  });
  const drift = createDriftWatch({
    settings,
    drift: (strategy, days) => parts.queries.drift(strategy, days),
    alarms: parts.alarms,
    events: parts.eventWriter,
    clock,
    log,
  });
  const health = createHealthRecorder({
    health: () => healthOf(healthParts),
    figures: (since) => parts.figures(since),
    events: parts.eventWriter,
    clock,
    log,
  });
  const daily = createRiskDaily({
    ...parts,
    ...{ rules, sectorOf },
    async quote(accountId, symbol) {
      const marketData = links.find(accountId)?.marketData;
      return marketData?.lastQuote(symbol) ?? (await marketData?.quote(symbol)) ?? null;
    },
  });
  const orderCheck = createOrderCheckDesk({ ...deciding, views: stores.views, dialects });
  const byHand = createRecordAndSend({
    ...{ store: stores.recordings, tokens: parts.tokens, intake, dialects, clock, random, log },
    dashboardToken: parts.dashboardToken,
    quotes: (symbols) => commands.quotes(symbols),
  });
  const approvals = createApprovalDesk({
    approvals: stores.approvals,
    queries: parts.queries,
    clock,
    onVoted: () => queue.kick('approval.settle'),
  });
  const notifications = createNotifications({ ...parts, approvals });
  const app = createHttpApp({
    riskFigures: daily.desk,
    replays: createAlertReplays({ ...parts, ...stores, raw: parts.rawAlerts, dialects, onAccepted }),
    performance: createPerformanceDesk({ books: stores.performance, settings, clock }),
    ...createAccessDesks({
      people: stores.people,
      lockOuts: stores.lockOuts,
      credentials: parts.auth,
      events: parts.eventWriter,
      ...{ clock, random, dashboardUrl: parts.dashboardUrl },
    }),
    approvals,
    ...notifications.desks,
    accountAdmin: createAccountAdmin({
      accounts: stores.accounts,
      queries: parts.queries,
      probe: parts.probe,
      exchange: parts.exchange,
      givenNames: parts.givenNames,
      clock,
      refresh: () => links.refresh(),
    }),
    instruments: stores.instruments,
    webhooks: parts.tokens,
    dialects: dialects.map(({ key }) => key),
    proofs: stores.proofs,
    mailboxes: mail.desk,
    ...byHand.desks,
    trustedProxies: parts.trustedProxies,
    publicUrl: parts.dashboardUrl,
    queries: parts.queries,
    fullText: parts.fullText,
    commands,
    settings,
    auth: parts.auth,
    intake,
    sizing,
    missingAlerts: missingAlerts.desk,
    orderCheck,
    lint: createLintDesk({
      ...{ dialects, settings, clock, orderCheck },
      ...{ tokens: parts.tokens, proofs: stores.proofs, trustedProxies: parts.trustedProxies, queries: parts.queries },
    }),
    charts: createChartDesk({
      ...{ links, clock, log, indicators: await loadSeries() },
      mode: () => settings.current()['mode.master'],
    }),
    limits: createLimitDesk({ rules, store: stores.limits, settings, queries: parts.queries, clock }),
    reconciliationDesk: createReconciliationDesk({
      settlements: stores.settlements,
      queries: parts.queries,
      link: (accountId) => links.find(accountId) ?? null,
      compare: compareNow,
      random,
      log,
    }),
    alarms: parts.alarms,
    ...{ audit: stores.audit, eventWriter: parts.eventWriter, apiTokens: parts.apiTokens, random },
    alertRules: alertRules.desk,
    deadLetters: { letters: stores.deadLetters, orders: stores.orders, decisions: stores.decisions },
    exchange: parts.exchange,
    metrics,
    connectionOf: parts.connectionOf,
    clock,
    log,
    webFolder: parts.webFolder,
    rapidocFile: parts.rapidocFile,
    origins: parts.origins,
  });

  async function onEvents(batch: readonly StoredEvent[]): Promise<void> {
    metrics.seen(batch);
    killSwitches.seen(batch);
    differences.seen(batch);
    if (parts.works) {
      protection.seen(batch);
      missingAlerts.watch.seen(batch);
      alertRules.watch.seen(batch);
    } else {
      watch.seen(batch);
      askWorker.seen(batch);
    }
    try {
      for (const event of batch) {
        if (event.kind !== 'execution.recorded' || !event.accountId) continue;
        equity.filled(event.accountId);
        // Of coins the broker keeps a part as its fee, and says so apart from the fill.
        if (parts.works && isPair(String(event.data.symbol))) reconciliation.noteForeign(event.accountId);
      }
      if (batch.some((event) => event.kind === 'position.changed' || event.kind === 'ledger.posted'))
        await feed.followHeld();
      if (batch.some((event) => /^(settings|mode|kill_switch|strategy)\./.test(event.kind))) await settings.refresh();
      if (batch.some((event) => event.kind === 'account.changed')) await links.refresh();
      if (parts.works && batch.some((event) => event.kind === 'source.mailbox_changed')) mail.readers.kick();
      if (batch.some((event) => event.kind.startsWith('source.')))
        await Promise.all([parts.tokens.refresh(), stores.proofs.refresh()]);
      if (batch.some((event) => event.kind.startsWith('instruments.'))) await stores.instruments.refresh();
    } catch (error) {
      log.warn({ error }, 'an event could not be followed up; the next one will');
    }
  }

  const running: (() => Promise<void>)[] = [];
  const work = createAccountWork({
    execution,
    reconciliation,
    store: stores.reconciliations,
    connected,
    followHeld: feed.followHeld,
    log,
  });

  return {
    app,
    commands,
    connected: (accountId) => connected.has(accountId),
    brokerLine: (accountId) => guards.line(accountId),
    onQuote: feed.onQuote,

    async start() {
      // Before anything can be sent: what the file says is in force when this has been awaited.
      running.push(await parts.killFile.follow((word) => killSwitches.fileSays(word)));
      await feed.followHeld();
      await parts.facts.start();
      running.push(() => parts.facts.stop());
      const settling = clock.every(settleProofsMs, () => {
        failedProofs
          .settle()
          .catch((error: unknown) => log.warn({ err: error }, 'an alarm of failing proofs stays open'));
      });
      running.push(async () => settling.cancel());
      running.push(byHand.start());
      running.push(await parts.events.follow({ reader: null, onBatch: onEvents }));
      // What was changed between the opening of the ways and now.
      await links.refresh();
      if (!parts.works) {
        for (const accountId of await stores.reconciliations.connectedAccounts()) connected.add(accountId);
        return;
      }
      running.push(killSwitches.work());
      running.push(await notifications.start());
      // Orders that were on their way when we were stopped come first; entries wait for the comparison by themselves.
      execution.work(queue);
      queue.work('signal.process', { concurrency: decisionsAtOnce }, (data, job) => processSignal(data, job));
      queue.work('approval.settle', { concurrency: 8 }, (data) => settleApproval(data));
      queue.work('account.compare', { concurrency: 2 }, async ({ accountId }) => {
        await reconciliation.reconcile(accountId, 'demand');
        return { kind: 'done' };
      });
      for (const link of links.all()) work.takeUp(link);
      const stopLinks = links.follow({ opened: work.takeUp, closed: work.leaveOff });
      running.push(async () => {
        stopLinks();
        await work.close();
      });
      running.push(() => reconciliation.stop());
      protection.start();
      running.push(() => protection.stop());
      reconciliation.onReady(() => queue.kick('signal.process'));
      equity.start();
      running.push(() => equity.stop());
      health.start();
      running.push(() => health.stop());
      running.push(createJobWatch({ letters: stores.deadLetters, alarms: parts.alarms, clock, log }).start());
      await alertRules.watch.start();
      running.push(() => alertRules.watch.stop());
      missingAlerts.watch.start();
      running.push(() => missingAlerts.watch.stop());
      const auditKeeper = createAuditKeeper({ audit: stores.audit, events: parts.events, clock, log });
      await auditKeeper.start();
      running.push(() => auditKeeper.stop());
      drift.start();
      running.push(() => drift.stop());
      daily.start();
      running.push(() => daily.stop());
      mail.readers.start();
      running.push(() => mail.readers.stop());
      search?.start();
      if (search) running.push(() => search.stop());
    },

    async stop() {
      await queue.stop();
      await Promise.all(running.reverse().map((stop) => stop()));
      await execution.idle();
      await links.close();
    },
  };
}
