import type { Quantity } from '../../core/decimal.ts';
import type { StoredEvent } from '../../core/model/event.ts';
import type { Quote } from '../../core/model/market.ts';
import type { Exposure, ExposureFacts } from '../../core/model/protection.ts';
import { isPair } from '../../core/pairs.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { MarketData } from '../../core/ports/market-data.ts';
import type { Measures, ProtectionStore } from '../../core/ports/protection-store.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import { decideProtection, type ProtectionContext } from './decide.ts';
import { needsQuotes } from './targets.ts';

/** The ways to an account's broker and its market. */
export interface ProtectionVenue {
  readonly broker: Pick<Broker, 'capabilities' | 'positions'>;
  readonly marketData: Pick<MarketData, 'quote'>;
}

export interface ProtectionParts {
  readonly store: ProtectionStore;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly settings: Pick<SettingsStore, 'current' | 'strategy'>;
  /** The accounts that are watched here. */
  accounts(): readonly string[];
  /** Null: this process has no way to the account's broker. */
  venue(accountId: string): ProtectionVenue | null;
  /** Whether the account was compared with its broker since the start: before that its stops may be there and not known here. */
  ready(accountId: string): boolean;
  /** Takes over what the broker says of orders and fills now; asked before anything is sent. Throws when it cannot be asked. */
  refresh(accountId: string): Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sees to it that every share of a strategy has a stop. Nothing is kept in memory but what to look at next. */
export interface ProtectionWatch {
  /** Looks at everything, and goes on doing so. */
  start(): void;
  /** Takes events as the table has them: what they are about is looked at. */
  seen(events: readonly StoredEvent[]): void;
  /** A price has moved: what is followed here, and not by the venue, is looked at. */
  quoted(accountId: string, quote: Quote): void;
  /** Looks at an account now, or at one symbol of it; resolves when what was needed is stored. */
  look(accountId: string, symbol?: string): Promise<void>;
  /** Resolves when nothing is being looked at. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Everything is looked at this often, whatever was told. */
const sweepMs = 2000;
const quoteWaitMs = 1000;
/** A broker that does not answer must not keep a stop from being tried. */
const refreshWaitMs = 2000;
/** Just compared, a broker has nothing to say that is not known. */
const comparedFreshMs = 500;
/** Nor may a comparison that fails again and again. */
const readyWaitMs = 30_000;
/** So many exposures of an account are looked at together: each look may wait for a price. */
const lookTogether = 8;
/** A price that moves all the time is looked at this often. */
const quotePauseMs = 250;

/** After these a share may be uncovered, covered, or covered twice. */
const kinds = new Set<StoredEvent['kind']>([
  'execution.recorded',
  'position.changed',
  'order.planned',
  'order.accepted',
  'order.held',
  'order.partially_filled',
  'order.filled',
  'order.canceled',
  'order.expired',
  'order.rejected',
  'order.replaced',
]);

export function createProtectionWatch(parts: ProtectionParts): ProtectionWatch {
  const { store, alarms, settings, clock, log } = parts;
  /** What is wanted of each account: symbols, or all. */
  const wanted = new Map<string, Set<string> | 'all'>();
  const running = new Map<string, Promise<void>>();
  const timers = new Map<string, Timer>();
  /** For whose shares of an account and symbol the price matters, and when they were last looked at for a quote. */
  const priced = new Map<string, Set<string>>();
  const quotedMs = new Map<string, number>();
  const refreshing = new Map<string, Promise<unknown>>();
  /** When each account was last compared with its broker: what is stored then is what the broker says. */
  const comparedAt = new Map<string, Date>();
  let startedMs: number | null = null;
  let sweep: Timer | null = null;
  let stopped = false;

  function want(accountId: string, symbol: string | undefined): Promise<void> {
    const before = wanted.get(accountId);
    if (symbol === undefined || before === 'all') wanted.set(accountId, 'all');
    else wanted.set(accountId, new Set([...(before ?? []), symbol]));
    const going = running.get(accountId);
    if (going) return going;
    const run = drain(accountId);
    running.set(accountId, run);
    return run;
  }

  async function drain(accountId: string): Promise<void> {
    for (;;) {
      const what = wanted.get(accountId);
      if (what === undefined || stopped) {
        running.delete(accountId);
        return;
      }
      wanted.delete(accountId);
      try {
        if (what === 'all') await lookAt(accountId, undefined);
        else for (const symbol of what) await lookAt(accountId, symbol);
      } catch (error) {
        notSeen(error, accountId);
      }
    }
  }

  const notSeen = (error: unknown, accountId: string): void =>
    log.warn({ error, accountId }, 'the protection of an account could not be looked at; the next look will');

  async function lookAt(accountId: string, symbol: string | undefined): Promise<void> {
    const venue = parts.venue(accountId);
    if (!venue) return;
    if (!parts.ready(accountId) && startedMs !== null && clock.monotonicMs() - startedMs < readyWaitMs) return;
    let all = await store.read(accountId, symbol);
    const sinceCompared = Math.abs(clock.now().getTime() - (comparedAt.get(accountId)?.getTime() ?? 0));
    const isFresh = sinceCompared < comparedFreshMs;
    if (
      !isFresh &&
      all.some((facts) => decideProtection(facts, contextOf(facts, venue, null, null)).place.length > 0)
    ) {
      // What seems to have no stop may have one that the broker has told of and we have not heard.
      await heard(accountId);
      all = await store.read(accountId, symbol);
    }
    // What has no stop comes first, the longest first; and nothing waits for the price of another, or fails with it.
    const next = all.toSorted((a, b) => bareSince(a) - bareSince(b)).values();
    await Promise.all(
      Array.from({ length: lookTogether }, async () => {
        for (const facts of next) await see(facts, venue).catch((error: unknown) => notSeen(error, accountId));
      }),
    );
  }

  /** Asks the broker, once for all who want to know at the same time. */
  async function heard(accountId: string): Promise<void> {
    const asked = refreshing.get(accountId) ?? parts.refresh(accountId).finally(() => refreshing.delete(accountId));
    refreshing.set(accountId, asked);
    await within(refreshWaitMs, asked, 'the broker could not be asked before a stop is sent');
  }

  async function see(facts: ExposureFacts, venue: ProtectionVenue): Promise<void> {
    const known = contextOf(facts, venue, null, null);
    let measures = decideProtection(facts, known);
    const priced = needsQuotes(facts, known.venue);
    notePriced(facts, priced);
    if (measures.uncoveredSince !== null || priced) {
      // A price, and what the broker says is held, are asked for only where they may decide something.
      const [quote, atBroker] = await Promise.all([quoteOf(venue, facts.symbol), heldAt(venue, facts)]);
      measures = decideProtection(facts, contextOf(facts, venue, quote, atBroker));
      if (isNews(facts, measures)) {
        const decide = (latest: ExposureFacts): Measures =>
          decideProtection(latest, contextOf(latest, venue, quote, atBroker));
        measures = (await store.act(facts, decide)) ?? measures;
      }
    } else if (isNews(facts, measures)) {
      measures =
        (await store.act(facts, (latest) => decideProtection(latest, contextOf(latest, venue, null, null)))) ??
        measures;
    }
    await tell(facts, measures);
    remind(facts, measures.lookAgainAt);
  }

  const contextOf = (
    facts: ExposureFacts,
    venue: ProtectionVenue,
    quote: Quote | null,
    atBroker: Quantity | null,
  ): ProtectionContext => ({
    now: clock.now(),
    settings: settings.current().protection,
    stopDistance: settings.strategy(facts.strategy).settings.stopDistance,
    venue: venue.broker.capabilities(facts.symbol),
    quote,
    atBroker,
  });

  function notePriced({ accountId, strategy, symbol }: Exposure, matters: boolean): void {
    const key = `${accountId} ${symbol}`;
    const strategies = priced.get(key) ?? new Set();
    if (matters) strategies.add(strategy);
    else strategies.delete(strategy);
    if (strategies.size > 0) priced.set(key, strategies);
    else priced.delete(key);
  }

  /** A person is told while it lasts, and once that it is over: not while another stop or a sale is tried, which may be refused as the last was. */
  async function tell(facts: ExposureFacts, { alarm, stage }: Measures): Promise<void> {
    const { accountId, strategy, symbol } = facts;
    const key = `unprotected:${accountId}:${strategy}:${symbol}`;
    if (alarm) {
      const data = { strategy, symbol };
      await alarms.raise({ key, kind: 'position.unprotected', accountId, data, ...alarm });
    } else if (facts.known && !covered(facts.known.stage) && covered(stage))
      await alarms.clear(key, `Every share of ${symbol} of ${strategy} is protected or sold.`);
  }

  function remind(exposure: Exposure, at: Date | null): void {
    const key = `${exposure.accountId} ${exposure.strategy} ${exposure.symbol}`;
    timers.get(key)?.cancel();
    timers.delete(key);
    if (at === null || stopped) return;
    const timer = clock.after(Math.max(1, at.getTime() - clock.now().getTime()), () => {
      timers.delete(key);
      void want(exposure.accountId, exposure.symbol);
    });
    timers.set(key, timer);
  }

  /** What was asked for, or null when it fails or takes too long: nobody who does not answer may keep a stop from being placed. */
  const within = <T>(ms: number, asked: Promise<T>, failed: string): Promise<T | null> =>
    Promise.race([
      asked.catch((error: unknown) => {
        log.debug({ error }, failed);
        return null;
      }),
      clock.sleep(ms).then(() => null),
    ]);

  const quoteOf = (venue: ProtectionVenue, symbol: string): Promise<Quote | null> =>
    within(quoteWaitMs, venue.marketData.quote(symbol), 'the market could not be asked for a price');

  /** Of coins the broker keeps its fee, so that less can be sold than was bought. */
  async function heldAt(venue: ProtectionVenue, { symbol }: ExposureFacts): Promise<Quantity | null> {
    if (!isPair(symbol)) return null;
    const positions = await within(quoteWaitMs, venue.broker.positions(), 'the broker could not be asked what is held');
    return positions?.find((one) => one.symbol === symbol)?.quantity ?? null;
  }

  return {
    start() {
      startedMs = clock.monotonicMs();
      for (const accountId of parts.accounts()) void want(accountId, undefined);
      sweep = clock.every(sweepMs, () => {
        for (const accountId of parts.accounts()) void want(accountId, undefined);
      });
    },
    seen(events) {
      for (const event of events) {
        if (!event.accountId || stopped || startedMs === null) continue;
        if (event.kind === 'reconciliation.completed') {
          comparedAt.set(event.accountId, event.at);
          void want(event.accountId, undefined);
        } else if (kinds.has(event.kind)) {
          const { symbol } = event.data;
          void want(event.accountId, typeof symbol === 'string' ? symbol : undefined);
        }
      }
    },
    quoted(accountId, { symbol }) {
      const key = `${accountId} ${symbol}`;
      if (!priced.has(key) || stopped || startedMs === null) return;
      const nowMs = clock.monotonicMs();
      if (nowMs - (quotedMs.get(key) ?? Number.NEGATIVE_INFINITY) < quotePauseMs) return;
      quotedMs.set(key, nowMs);
      void want(accountId, symbol);
    },
    look: (accountId, symbol) => want(accountId, symbol),
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    async stop() {
      stopped = true;
      sweep?.cancel();
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      await Promise.all(running.values());
    },
  };
}

/** Since when something of it is known to have had no stop; in the far future: nothing is, as far as is known. */
const bareSince = ({ known }: ExposureFacts): number => known?.uncoveredSince?.getTime() ?? Number.MAX_SAFE_INTEGER;

/** Whether nothing is without a stop in it, by what works at the broker: what is on its way may be refused. */
const covered = (stage: Measures['stage']): boolean => stage === 'protected' || stage === 'excess' || stage === 'none';

/** Whether there is anything to store. */
function isNews({ known }: ExposureFacts, measures: Measures): boolean {
  const { place, cancel, replace, times } = measures;
  if (place.length + cancel.length + replace.length + times.length > 0) return true;
  if (known === null) return measures.stage !== 'none';
  return (
    known.stage !== measures.stage ||
    known.alarmed !== (measures.alarm !== null) ||
    known.uncoveredSince?.getTime() !== measures.uncoveredSince?.getTime() ||
    known.overSince?.getTime() !== measures.overSince?.getTime() ||
    !known.held.eq(measures.held) ||
    !known.covered.eq(measures.covered) ||
    known.stopOrderId !== (measures.stop?.orderId ?? null) ||
    (known.stopPrice === null) !== (measures.stop?.price == null) ||
    (known.stopPrice !== null && !known.stopPrice.eq(measures.stop!.price!))
  );
}
