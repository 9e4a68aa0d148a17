import type { Asset, Quote } from '../core/model/market.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DecisionStore, SignalToDecide } from '../core/ports/decision-store.ts';
import type { JobOutcome } from '../core/ports/job-queue.ts';
import type { Log } from '../core/ports/log.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { Random } from '../core/ports/random.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import { decideSignal, pricesOf, sizeFor } from './decide-signal.ts';
import { barOf, barSecondsOf } from './risk/bar.ts';
import { resolveMode } from './risk/mode.ts';
import type { Rule } from './risk/rule.ts';

export interface SignalProcessorParts {
  readonly decisions: DecisionStore;
  readonly settings: Pick<SettingsStore, 'current' | 'strategy' | 'refresh'>;
  readonly rules: readonly Rule[];
  /** May throw when there is no way to the account's market: the alert then waits as it does while the market is down. */
  marketData(accountId: string): Pick<MarketData, 'quote' | 'lastQuote' | 'asset'>;
  /** Whether the account has been compared with the broker since the start: until then nothing new is decided for it. */
  ready(accountId: string): boolean;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** Called after a decision is stored: the moment to look for the order's job. */
  readonly onDecided: () => void;
}

/** Attempts after which the queue gives a job of `signal.process` up: its retry limit of 9, and the first. */
export const lastAttempt = 10;

const done: JobOutcome = { kind: 'done' };
const again = (afterMs: number): JobOutcome => ({ kind: 'again', afterMs });
const shortestWaitMs = 100;
const longestWaitMs = 2000;

type Market = ReturnType<SignalProcessorParts['marketData']>;

interface Seen {
  readonly market: Market | null;
  readonly quote: Quote | null;
  readonly asset: Asset | null;
}
const nothingSeen: Seen = { market: null, quote: null, asset: null };

/**
 * Handler of the job `signal.process`: mode, size, risk, and the decision stored once. Safe to run twice, and twice at once. While the
 * account or its market cannot be asked, the alert waits, and only for as long as it counts: then the rule on its age denies it.
 */
export function createSignalProcessor(
  parts: SignalProcessorParts,
): (data: { signalId: string }, job: { attempt: number }) => Promise<JobOutcome> {
  const { decisions, settings, clock, log } = parts;

  async function handle(signalId: string): Promise<JobOutcome> {
    const startedAt = clock.now();
    const [found, accounts] = await Promise.all([decisions.signal(signalId), decisions.tradingAccounts()]);
    if (found === null) {
      log.error({ signalId }, 'there is no such signal to decide');
      return done;
    }
    // A failed one is here again because somebody brought its job back.
    if (found.status !== 'accepted' && found.status !== 'failed') return done;
    const { signal } = found;
    const strategy = settings.strategy(signal.strategy);
    const votes = { signal: signal.requestedMode, strategy, productionAccount: accounts.production?.name ?? null };
    const planned = resolveMode({ ...votes, master: settings.current()['mode.master'] }).mode;
    const accountId = accounts[planned]?.accountId ?? null;

    const seen = accountId === null ? nothingSeen : await look(accountId, found);
    if (seen === null) return again(waitMs(found));

    const seconds = barSecondsOf(signal.timeframe) ?? settings.current().risk.defaultBarSeconds;
    const bar = { ...barOf(signal.firedAt ?? found.receivedAt, seconds), seconds };
    const orderId = parts.random.id();
    const asked = new Map<string, Quote | null>([[signal.ticker, seen.quote]]);
    for (;;) {
      let turned = false;
      let missing: readonly string[] = [];
      const decided = await decisions.decide(found, accountId, bar, (view) => {
        const mode = resolveMode({ ...votes, master: view.master });
        turned = mode.mode !== planned;
        if (turned) return null;
        const sized = sizeFor(found, strategy.settings, view, seen.quote);
        const prices = pricesOf(view.account, (symbol) => asked.get(symbol) ?? seen.market?.lastQuote(symbol));
        // An entry is measured against what is held, at today's prices. An exit does not wait for them.
        missing =
          sized.intent === 'exit' || seen.market === null
            ? []
            : (view.account?.positions ?? [])
                .map((held) => held.symbol)
                .filter((symbol) => !prices.has(symbol) && !asked.has(symbol));
        if (missing.length > 0) return null;
        const now = clock.now();
        const { quote, asset } = seen;
        return decideSignal(parts.rules, sized, {
          found,
          strategy,
          mode,
          view,
          quote,
          asset,
          prices,
          bar,
          startedAt,
          now,
          orderId,
        });
      });
      if (turned) {
        // The master switch was turned while the market was looked at, of the account that is now the wrong one.
        await settings.refresh();
        return again(1);
      }
      if (missing.length === 0) {
        if (decided) parts.onDecided();
        return done;
      }
      await Promise.all(missing.map(async (symbol) => asked.set(symbol, await quoteOf(seen.market!, symbol))));
    }
  }

  const ageMs = ({ signal, receivedAt }: SignalToDecide): number =>
    clock.now().getTime() - (signal.firedAt ?? receivedAt).getTime();

  /** A quarter of what it has waited already: quick after a hiccup, and no burden while a broker is down. */
  const waitMs = (found: SignalToDecide): number =>
    Math.round(Math.min(Math.max(ageMs(found) / 4, shortestWaitMs), longestWaitMs));

  /** What the market says; null while it cannot be asked and the alert is young enough to wait for it. */
  async function look(accountId: string, found: SignalToDecide): Promise<Seen | null> {
    const { ticker } = found.signal;
    const old = ageMs(found) > settings.current().risk.maxAlertAgeSeconds * 1000;
    if (!parts.ready(accountId)) return old ? nothingSeen : null;
    try {
      const market = parts.marketData(accountId);
      const [quote, asset] = await Promise.all([market.quote(ticker), market.asset(ticker)]);
      return { market, quote, asset };
    } catch (error) {
      if (old) return nothingSeen;
      log.warn({ error, signalId: found.signalId }, 'the market could not be asked; the alert waits');
      return null;
    }
  }

  /** The quote of something held; without one it counts at cost. */
  async function quoteOf(market: Market, symbol: string): Promise<Quote | null> {
    try {
      return await market.quote(symbol);
    } catch (error) {
      log.warn({ error, symbol }, 'what is held could not be priced; it counts at cost');
      return null;
    }
  }

  async function giveUp(signalId: string, attempts: number, reason: unknown): Promise<void> {
    log.error({ error: reason, signalId }, 'a signal could not be decided; a person must look');
    const sentence = `It could not be decided in ${attempts} attempts, and nothing was sent. The server's log says why.`;
    try {
      await decisions.fail(signalId, sentence);
    } catch (error) {
      log.error({ error, signalId }, 'the failed signal could not be marked as such');
    }
  }

  return async ({ signalId }, { attempt }) => {
    try {
      return await handle(signalId);
    } catch (error) {
      if (attempt >= lastAttempt) await giveUp(signalId, attempt, error);
      throw error;
    }
  };
}
