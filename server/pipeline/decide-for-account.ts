import type { Destination } from '../core/model/destination.ts';
import type { Asset, Quote } from '../core/model/market.ts';
import type { Mode } from '../core/model/mode.ts';
import type { LimitSubject } from '../core/model/risk-limit.ts';
import { countsFrom } from '../core/model/signal.ts';
import type { SignalToDecide, TradingAccount } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import { decideSignal, pricesOf, sizeFor } from './decide-signal.ts';
import { weighted } from './destinations.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import { barOf, barSecondsOf } from './risk/bar.ts';
import { createLimitBooks, leastOf } from './risk/limit-book.ts';
import { ruleOf } from './risk/load-rules.ts';
import { exitMode, resolveMode } from './risk/mode.ts';
import { exitOnly } from './sizing/exit-only.ts';

type Market = ReturnType<SignalProcessorParts['marketData']>;

interface Seen {
  readonly market: Market | null;
  readonly quote: Quote | null;
  readonly asset: Asset | null;
}
const exits: ReadonlySet<string> = new Set(['exit', 'flatten']);
const nothingSeen: Seen = { market: null, quote: null, asset: null };

/** One account's part of a signal. */
export interface AccountTask {
  readonly found: SignalToDecide;
  readonly strategy: StrategyRecord;
  readonly destination: Destination;
  readonly destinations: readonly Destination[];
  /** Whether it closes what is held in the account that it names, and does nothing else. */
  readonly closes: boolean;
  /** Null: none was found. */
  readonly account: TradingAccount | null;
  /** Whose word counts for the account in the vote on the mode; null: there is none that trades production. */
  readonly voter: TradingAccount | null;
  readonly startedAt: Date;
  /** Whether the master switch, as it is in the decision's own view, would send the signal elsewhere. */
  turned(master: Mode): boolean;
}

/** `waits`: the account or its market cannot be asked, and the alert is young enough to wait. `turned`: nothing was stored. */
export type AccountOutcome = 'decided' | 'known' | 'waits' | 'turned';

/** Decides a signal for one account: mode, size, risk, and the decision stored once. */
export function createAccountDecider(parts: SignalProcessorParts): (task: AccountTask) => Promise<AccountOutcome> {
  const { decisions, settings, clock, log } = parts;
  const books = createLimitBooks(parts.rules);
  const [alertAge, oncePerBar] = ['alert-age', 'duplicate-in-bar'].map((key) => ruleOf(parts.rules, key));

  const subjectOf = ({ signal }: SignalToDecide, accountId: string | null): LimitSubject => ({
    accountId,
    strategy: signal.strategy,
    sector: parts.sectorOf(signal.ticker),
    symbol: signal.ticker,
  });

  /** What the market says; null while it cannot be asked and the alert is young enough to wait for it. */
  async function look(accountId: string, found: SignalToDecide): Promise<Seen | null> {
    const { ticker } = found.signal;
    const counts = leastOf(books(settings.current().limits), alertAge!, 'maxAgeSeconds', subjectOf(found, accountId));
    const old = ageMs(clock.now(), found) > counts * 1000;
    if (!parts.ready(accountId)) return old ? nothingSeen : null;
    try {
      const market = parts.marketData(accountId);
      const [quote, asset] = await Promise.all([
        market.quote(ticker),
        market.asset(ticker),
        // No limit that looks at bars holds an exit back: it does not wait for them.
        exits.has(found.signal.action) ? null : parts.prepare(ticker),
      ]);
      return { market, quote, asset };
    } catch (error) {
      if (old) return nothingSeen;
      log.warn({ error, signalId: found.signalId, accountId }, 'the market could not be asked; the alert waits');
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

  return async (task) => {
    const { strategy, destination, voter } = task;
    const { accountId } = destination;
    const found = { ...task.found, signal: weighted(task.found.signal, destination.weight) };
    const { signal } = found;
    const seen = task.account?.enabled ? await look(task.account.accountId, found) : nothingSeen;
    if (seen === null) return 'waits';

    const seconds =
      barSecondsOf(signal.timeframe) ??
      leastOf(books(settings.current().limits), oncePerBar!, 'barSeconds', subjectOf(found, accountId));
    const bar = { ...barOf(signal.firedAt ?? found.receivedAt, seconds), seconds };
    const orderId = parts.random.id();
    const asked = new Map<string, Quote | null>([[signal.ticker, seen.quote]]);
    for (;;) {
      let turned = false;
      let missing: readonly string[] = [];
      const decided = await decisions.decide(
        task.found,
        accountId,
        bar,
        (view) => {
          turned = task.turned(view.master);
          if (turned) return null;
          const votes = { signal: signal.requestedMode, account: voter, master: view.master };
          const exits = destination.exitOnly === true;
          // An alert that says paper itself never reaches real money.
          const there = (exits || task.closes) && (view.account?.mode === 'paper' || votes.signal === 'production');
          const mode = there && view.account ? exitMode(view.account) : resolveMode({ ...votes, strategy });
          const prices = pricesOf(view.account, (symbol) => asked.get(symbol) ?? seen.market?.lastQuote(symbol));
          const whole = sizeFor({
            ...{ found, view, prices, quote: seen.quote, asset: seen.asset, market: parts.facts },
            ...{ strategy: strategy.settings, weight: destination.weight, sizing: parts.sizing },
          });
          const acting = exits ? exitOnly(signal, whole) : whole;
          // An entry is measured against what is held, at today's prices. An exit does not wait for them.
          missing =
            acting.sized.intent !== 'entry' || seen.market === null
              ? []
              : (view.account?.positions ?? [])
                  .map((held) => held.symbol)
                  .filter((symbol) => !prices.has(symbol) && !asked.has(symbol));
          if (missing.length > 0) return null;
          const now = clock.now();
          const { quote, asset } = seen;
          const { startedAt } = task;
          return decideSignal(books(view.limits), acting, {
            ...{
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
              sectorOf: parts.sectorOf,
              industryOf: parts.industryOf,
              market: parts.facts,
            },
          });
        },
        task.destinations,
      );
      if (turned) return 'turned';
      if (missing.length === 0) return decided ? 'decided' : 'known';
      await Promise.all(missing.map(async (symbol) => asked.set(symbol, await quoteOf(seen.market!, symbol))));
    }
  };
}

/** How old an alert is, by its own clock; less than nothing while it is kept back. */
export const ageMs = (now: Date, { signal, receivedAt }: SignalToDecide): number =>
  now.getTime() - countsFrom(signal, receivedAt).getTime();
