import { type Money, money, type Price, price, type Quantity, quantity, zeroQuantity } from '../core/decimal.ts';
import { decisionIdOf } from '../core/ids.ts';
import type { AccountView } from '../core/model/account-view.ts';
import type { ModeReason, OrderPlan } from '../core/model/decision.ts';
import { type Asset, midpoint, type Quote } from '../core/model/market.ts';
import type { Mode } from '../core/model/mode.ts';
import type { StrategySettings } from '../core/model/settings.ts';
import type { Side } from '../core/model/signal.ts';
import { equity } from '../core/model/valuation.ts';
import type { Bar, DecisionToStore, LockedView, SignalToDecide } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import { approve, decide } from './risk/gate.ts';
import type { Rule } from './risk/rule.ts';
import { type Sizing, size } from './sizing/size.ts';

/** Everything a decision is made of. */
export interface DecisionFacts {
  readonly found: SignalToDecide;
  readonly strategy: StrategyRecord;
  readonly mode: { readonly mode: Mode; readonly reasons: readonly ModeReason[] };
  readonly view: LockedView;
  readonly quote: Quote | null;
  readonly asset: Asset | null;
  /** The latest prices of what the account holds; what has none counts at cost. */
  readonly prices: ReadonlyMap<string, Price>;
  readonly bar: Bar & { readonly seconds: number };
  readonly startedAt: Date;
  readonly now: Date;
  /** What the order will be called, if there is to be one. */
  readonly orderId: string;
}

/** Sizes a signal against the account as it stands. */
export function sizeFor(
  { signal }: SignalToDecide,
  strategy: StrategySettings,
  view: LockedView,
  quote: Quote | null,
): Sizing {
  const held = heldOf(view.account, signal.ticker);
  return size(signal, strategy, quote, held, entering(view.account, signal.ticker));
}

/** Decides a signal: a pure function of the facts. */
export function decideSignal(rules: readonly Rule[], sized: Sizing, facts: DecisionFacts): DecisionToStore {
  const { found, strategy, mode, view, quote, bar, now } = facts;
  const { signal, signalId } = found;
  const decision = decide(rules, {
    signal,
    receivedAt: found.receivedAt,
    now,
    mode: mode.mode,
    modeReasons: mode.reasons,
    strategyEnabled: strategy.enabled,
    account: view.account,
    asset: facts.asset,
    quote,
    prices: facts.prices,
    equity: equityOf(view.account, facts.prices),
    sized,
    limits: view.limits,
    killSwitch: view.killSwitch,
    approvedInBar: view.approvedInBar
      ? { signalId: view.approvedInBar, barStart: bar.start, barSeconds: bar.seconds }
      : null,
  });
  const decisionId = decisionIdOf(signalId);
  const outcome: DecisionToStore['outcome'] =
    decision.outcome === 'approved'
      ? {
          kind: 'approved',
          order: approve(decision, planOf(found, sized, strategy.settings, view.account!), {
            orderId: facts.orderId,
            decisionId,
            signalId,
            accountId: view.account!.accountId,
            strategy: signal.strategy,
            mode: mode.mode,
          }),
        }
      : { kind: 'denied', code: decision.code, sentence: decision.sentence };
  return {
    decisionId,
    mode: mode.mode,
    modeReasons: mode.reasons,
    intent: sized.intent,
    sizing: sized.record,
    verdicts: decision.verdicts,
    quote,
    startedAt: facts.startedAt,
    decidedAt: now,
    outcome,
  };
}

function planOf(
  { signal }: SignalToDecide,
  sized: Sizing,
  strategy: StrategySettings,
  account: AccountView,
): OrderPlan {
  const limited = sized.intent === 'entry' && strategy.entryType === 'limit';
  const protectedEntry = sized.stopLoss !== null || sized.takeProfit !== null;
  return {
    intent: sized.intent,
    symbol: signal.ticker,
    side: signal.side,
    quantity: sized.quantity,
    referencePrice: sized.referencePrice ?? lastKnownPrice(account, signal.ticker),
    type: limited ? 'limit' : 'market',
    limitPrice: limited ? sized.limitPrice : null,
    // Protection must outlive the day; what has none ends with it.
    timeInForce: protectedEntry ? 'gtc' : 'day',
    stopLoss: sized.stopLoss,
    takeProfit: sized.takeProfit,
  };
}

/** For an exit that no quote could be had for: what the position cost a share, or what its unfilled entry is expected near. */
function lastKnownPrice(account: AccountView, symbol: string): Price {
  const held = heldOf(account, symbol);
  if (held) return price(held.cost.div(held.quantity.abs()).round(4));
  return account.openOrders.find((order) => order.symbol === symbol)?.referencePrice ?? price('0');
}

const heldOf = (account: AccountView | null, symbol: string) =>
  account?.positions.find((position) => position.symbol === symbol) ?? null;

const signed = (side: Side, shares: Quantity): Quantity => quantity(side === 'buy' ? shares : shares.neg());

/** What open entries may still add to the position in a symbol; negative when they sell. */
function entering(account: AccountView | null, symbol: string): Quantity {
  return (account?.openOrders ?? [])
    .filter((order) => order.role === 'entry' && order.symbol === symbol)
    .reduce((sum, order) => quantity(sum.plus(signed(order.side, order.remaining))), zeroQuantity);
}

/** The middle of the newest quote of each symbol that is held, as far as there is one. */
export function pricesOf(
  account: AccountView | null,
  quoteOf: (symbol: string) => Quote | null | undefined,
): Map<string, Price> {
  const prices = new Map<string, Price>();
  for (const { symbol } of account?.positions ?? []) {
    const quote = quoteOf(symbol);
    if (quote) prices.set(symbol, midpoint(quote));
  }
  return prices;
}

/** Cash and positions at the latest prices. The view's costs have no sign; a valuation's are signed like the quantity. */
function equityOf(account: AccountView | null, prices: ReadonlyMap<string, Price>): Money {
  if (!account) return money('0');
  const holdings = account.positions.map((held) => ({
    symbol: held.symbol,
    quantity: held.quantity,
    cost: money(held.quantity.lt('0') ? held.cost.neg() : held.cost),
  }));
  return equity(account.cash, holdings, prices).equity;
}
