import { type Money, money, type Price, price, quantity } from '../core/decimal.ts';
import { decisionIdOf } from '../core/ids.ts';
import type { OrderPlan } from '../core/model/decision.ts';
import { type Asset, midpoint, type Quote } from '../core/model/market.ts';
import { equity } from '../core/model/valuation.ts';
import type { Clock } from '../core/ports/clock.ts';
import type {
  DecisionStore,
  DecisionToStore,
  LockedView,
  SignalToDecide,
  TradingAccount,
} from '../core/ports/decision-store.ts';
import type { JobOutcome } from '../core/ports/job-queue.ts';
import type { Log } from '../core/ports/log.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { Random } from '../core/ports/random.ts';
import type { SettingsStore, StrategyRecord } from '../core/ports/settings.ts';
import { barSecondsOf, barStart } from './risk/bar.ts';
import { approve, decide } from './risk/gate.ts';
import { resolveMode } from './risk/mode.ts';
import type { Rule } from './risk/rule.ts';
import { type Sizing, size } from './sizing/size.ts';

export interface SignalProcessorParts {
  readonly decisions: DecisionStore;
  readonly settings: SettingsStore;
  readonly rules: readonly Rule[];
  marketData(accountId: string): MarketData;
  /** Whether the account has been compared with the broker since the start: until then nothing new is decided for it. */
  ready(accountId: string): boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called after a decision is stored: the moment to look for the order's job. */
  readonly onDecided: () => void;
}

const done: JobOutcome = { kind: 'done' };
const notReadyYetMs = 100;
const marketUnreachableMs = 500;

interface Seen {
  readonly quote: Quote | null;
  readonly asset: Asset | null;
}

/** Handler of the job `signal.process`: mode, size, risk, and the decision stored once. Safe to run twice, and twice at once. */
export function createSignalProcessor(
  parts: SignalProcessorParts,
): (data: { signalId: string }) => Promise<JobOutcome> {
  const { decisions, settings, clock, log } = parts;

  return async ({ signalId }) => {
    const startedAt = clock.now();
    const found = await decisions.signal(signalId);
    if (found === null) {
      log.error({ signalId }, 'there is no such signal to decide');
      return done;
    }
    if (found.status !== 'accepted') return done;
    const strategy = settings.strategy(found.signal.strategy);
    const production = await decisions.accountFor('production');
    const votes = { signal: found.signal.requestedMode, strategy, productionAccount: production?.name ?? null };
    const planned = resolveMode({ ...votes, master: settings.current()['mode.master'] }).mode;
    const account = planned === 'production' ? production : await decisions.accountFor('paper');
    if (account && !parts.ready(account.accountId)) return { kind: 'again', afterMs: notReadyYetMs };

    const seen = account ? await look(account, found) : { quote: null, asset: null };
    if (seen === 'again') return { kind: 'again', afterMs: marketUnreachableMs };

    const { timeframe } = found.signal;
    const seconds = barSecondsOf(timeframe) ?? settings.current().risk.defaultBarSeconds;
    const start = barStart(found.signal.firedAt ?? found.receivedAt, seconds);
    const bar = { start, end: new Date(start.getTime() + seconds * 1000), seconds };
    const decided = await decisions.decide(found, account?.accountId ?? null, bar, (view) => {
      const mode = resolveMode({ ...votes, master: view.master });
      // The master switch was turned while we were looking at the market: the account that was looked at is the wrong one.
      const right = mode.mode === planned ? account : null;
      return decideOne(parts, { found, strategy, account: right, mode, seen, bar, view, startedAt });
    });
    if (decided) parts.onDecided();
    return done;
  };

  /** The market's answer; `again` while it cannot be reached and the alert is young enough to wait for it. */
  async function look(
    account: TradingAccount,
    { signal, receivedAt, signalId }: SignalToDecide,
  ): Promise<Seen | 'again'> {
    const market = parts.marketData(account.accountId);
    try {
      const [quote, asset] = await Promise.all([market.quote(signal.ticker), market.asset(signal.ticker)]);
      return { quote, asset };
    } catch (error) {
      const ageMs = clock.now().getTime() - (signal.firedAt ?? receivedAt).getTime();
      if (ageMs <= settings.current().risk.maxAlertAgeSeconds * 1000) {
        log.warn({ error, signalId }, 'the market could not be asked; the alert waits');
        return 'again';
      }
      // Too old by now: the rule on its age will say so.
      return { quote: null, asset: null };
    }
  }
}

interface Facts {
  readonly found: SignalToDecide;
  readonly strategy: StrategyRecord;
  readonly account: TradingAccount | null;
  readonly mode: ReturnType<typeof resolveMode>;
  readonly seen: Seen;
  readonly bar: { readonly start: Date; readonly seconds: number };
  readonly view: LockedView;
  readonly startedAt: Date;
}

/** The decision itself: a pure function of what was read, but for the order's id. */
function decideOne(parts: SignalProcessorParts, facts: Facts): DecisionToStore {
  const { found, strategy, mode, seen, bar, view } = facts;
  const { signal, signalId } = found;
  const now = parts.clock.now();
  const account = facts.account ? view.account : null;
  const held = account?.positions.find((position) => position.symbol === signal.ticker) ?? null;
  const sized = size(signal, strategy.settings, seen.quote, held);
  const prices = pricesOf(parts, facts, seen);
  const decision = decide(parts.rules, {
    signal,
    receivedAt: found.receivedAt,
    now,
    mode: mode.mode,
    modeReasons: mode.reasons,
    strategyEnabled: strategy.enabled,
    account,
    asset: seen.asset,
    quote: seen.quote,
    prices,
    equity: equityOf(view, prices),
    sized,
    limits: view.limits,
    killSwitch: view.killSwitch,
    approvedInBar: view.approvedInBar
      ? { signalId: view.approvedInBar, barStart: bar.start, barSeconds: bar.seconds }
      : null,
  });
  const decisionId = decisionIdOf(signalId);
  return {
    decisionId,
    mode: mode.mode,
    modeReasons: mode.reasons,
    intent: sized.intent,
    sizing: sized.record,
    verdicts: decision.verdicts,
    quote: seen.quote,
    startedAt: facts.startedAt,
    decidedAt: now,
    outcome:
      decision.outcome === 'approved'
        ? {
            kind: 'approved',
            order: approve(decision, planOf(signal.ticker, signal.side, sized, strategy), {
              orderId: parts.random.id(),
              decisionId,
              signalId,
              accountId: facts.account!.accountId,
              strategy: signal.strategy,
              mode: mode.mode,
            }),
          }
        : { kind: 'denied', code: decision.code, sentence: decision.sentence },
  };
}

function planOf(symbol: string, side: OrderPlan['side'], sized: Sizing, strategy: StrategyRecord): OrderPlan {
  const reference = sized.referencePrice ?? price('0');
  const limited = sized.intent === 'entry' && strategy.settings.entryType === 'limit';
  const protectedEntry = sized.stopLoss !== null || sized.takeProfit !== null;
  return {
    intent: sized.intent,
    symbol,
    side,
    quantity: sized.quantity,
    referencePrice: reference,
    type: limited ? 'limit' : 'market',
    limitPrice: limited ? reference : null,
    // Protection must outlive the day; what has none ends with it.
    timeInForce: protectedEntry ? 'gtc' : 'day',
    stopLoss: sized.stopLoss,
    takeProfit: sized.takeProfit,
  };
}

/** Last prices of what is held: the middle of the newest quote seen. */
function pricesOf(parts: SignalProcessorParts, facts: Facts, seen: Seen): ReadonlyMap<string, Price> {
  const prices = new Map<string, Price>();
  if (!facts.account) return prices;
  const market = parts.marketData(facts.account.accountId);
  for (const { symbol } of facts.view.account?.positions ?? []) {
    const quote = seen.quote?.symbol === symbol ? seen.quote : market.lastQuote(symbol);
    if (quote) prices.set(symbol, midpoint(quote));
  }
  return prices;
}

function equityOf(view: LockedView, prices: ReadonlyMap<string, Price>): Money {
  if (!view.account) return money('0');
  const holdings = view.account.positions.map(({ symbol, quantity: shares, cost }) => ({
    symbol,
    quantity: quantity(shares),
    cost: money(shares.lt('0') ? cost.neg() : cost),
  }));
  return equity(view.account.cash, holdings, prices).equity;
}
