import type { Asset, Quote } from '../core/model/market.ts';
import type { LimitSubject } from '../core/model/risk-limit.ts';
import { countsFrom } from '../core/model/signal.ts';
import type { Bar, SignalToDecide } from '../core/ports/decision-store.ts';
import type { AccountTask } from './decide-for-account.ts';
import { weighted } from './destinations.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import { barOf, barSecondsOf } from './risk/bar.ts';
import { createLimitBooks, leastOf } from './risk/limit-book.ts';
import { ruleOf } from './risk/load-rules.ts';

type Market = ReturnType<SignalProcessorParts['marketData']>;

/** What the market says of the alert's own symbol. */
export interface Seen {
  /** Null: it could not be asked. */
  readonly market: Market | null;
  readonly quote: Quote | null;
  readonly asset: Asset | null;
}

/** What a decision needs beside the account's own state, gathered before the account is locked. */
export interface Gathered {
  /** The alert as the account takes it: weighted. */
  readonly found: SignalToDecide;
  readonly seen: Seen;
  readonly bar: Bar & { readonly seconds: number };
  /** What the order will be called, if there is to be one. */
  readonly orderId: string;
  /** Quotes that were asked for: the alert's symbol, and what the account holds that is not on the stream. */
  readonly asked: Map<string, Quote | null>;
}

export interface FactGatherer {
  /** Null: the account or its market cannot be asked, and the alert is young enough to wait; never null where it may not wait. */
  gather(task: Pick<AccountTask, 'found' | 'destination' | 'account'>, mayWait?: boolean): Promise<Gathered | null>;
  /** Quotes of what is held; without one it counts at cost. */
  ask(gathered: Gathered, symbols: readonly string[]): Promise<void>;
}

const exits: ReadonlySet<string> = new Set(['exit', 'flatten']);
const nothingSeen: Seen = { market: null, quote: null, asset: null };

/** Gathers facts from the market; the same for a decision and for the answer to what one would be. */
export function createFactGatherer(
  parts: Pick<
    SignalProcessorParts,
    'settings' | 'rules' | 'sectorOf' | 'prepare' | 'marketData' | 'ready' | 'clock' | 'random' | 'log'
  >,
): FactGatherer {
  const { settings, clock, log } = parts;
  const books = createLimitBooks(parts.rules);
  const [alertAge, oncePerBar] = ['alert-age', 'duplicate-in-bar'].map((key) => ruleOf(parts.rules, key));

  const subjectOf = ({ signal }: SignalToDecide, accountId: string | null): LimitSubject => ({
    accountId,
    strategy: signal.strategy,
    sector: parts.sectorOf(signal.ticker),
    symbol: signal.ticker,
  });

  async function look(accountId: string, found: SignalToDecide, mayWait: boolean): Promise<Seen | null> {
    const { ticker } = found.signal;
    const counts = leastOf(books(settings.current().limits), alertAge!, 'maxAgeSeconds', subjectOf(found, accountId));
    const waits = mayWait && ageMs(clock.now(), found) <= counts * 1000;
    if (!parts.ready(accountId)) return waits ? null : nothingSeen;
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
      if (!waits) return nothingSeen;
      log.warn({ error, signalId: found.signalId, accountId }, 'the market could not be asked; the alert waits');
      return null;
    }
  }

  async function quoteOf(market: Market, symbol: string): Promise<Quote | null> {
    try {
      return await market.quote(symbol);
    } catch (error) {
      log.warn({ error, symbol }, 'what is held could not be priced; it counts at cost');
      return null;
    }
  }

  return {
    async gather({ found: whole, destination, account }, mayWait = true) {
      const found = { ...whole, signal: weighted(whole.signal, destination.weight) };
      const { signal } = found;
      const seen = account?.enabled ? await look(account.accountId, found, mayWait) : nothingSeen;
      if (seen === null) return null;
      const seconds =
        barSecondsOf(signal.timeframe) ??
        leastOf(books(settings.current().limits), oncePerBar!, 'barSeconds', subjectOf(found, destination.accountId));
      const bar = { ...barOf(signal.firedAt ?? found.receivedAt, seconds), seconds };
      return { found, seen, bar, orderId: parts.random.id(), asked: new Map([[signal.ticker, seen.quote]]) };
    },

    async ask({ seen: { market }, asked }, symbols) {
      await Promise.all(symbols.map(async (symbol) => asked.set(symbol, market && (await quoteOf(market, symbol)))));
    },
  };
}

/** How old an alert is, by its own clock; less than nothing while it is kept back. */
export const ageMs = (now: Date, { signal, receivedAt }: SignalToDecide): number =>
  now.getTime() - countsFrom(signal, receivedAt).getTime();
