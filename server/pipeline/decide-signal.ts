import {
  decimal,
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
  text,
  zeroQuantity,
} from '../core/decimal.ts';
import { decisionIdOf, uuidOf } from '../core/ids.ts';
import { type AccountView, ofStrategy } from '../core/model/account-view.ts';
import type { Ask } from '../core/model/approval.ts';
import type { Decision, ModeReason, OrderPlan, RuleVerdict } from '../core/model/decision.ts';
import { type Asset, midpoint, type Quote } from '../core/model/market.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { Mode } from '../core/model/mode.ts';
import type { RefusalCode } from '../core/model/refusals.ts';
import type { Sequence, SequenceRecord } from '../core/model/sequence.ts';
import type { ApprovalSettings, StrategySettings } from '../core/model/settings.ts';
import type { Side, TradeSignal } from '../core/model/signal.ts';
import { equity } from '../core/model/valuation.ts';
import type { Bar, DecisionToStore, LockedView, SignalToDecide } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import { type Answered, type PersonTerms, votesNeeded, withPerson } from './risk/ask-person.ts';
import { type Approval, approve, decide } from './risk/gate.ts';
import type { LimitBook } from './risk/limit-book.ts';
import type { RiskContext } from './risk/rule.ts';
import { type Acting, act } from './sizing/act.ts';
import type { SizingBook } from './sizing/book.ts';
import type { SizingContext } from './sizing/context.ts';
import { converge } from './sizing/converge.ts';
import type { Holding } from './sizing/holding.ts';
import { plansOf } from './sizing/plans.ts';
import { type Sizing, sizedDownTo } from './sizing/size.ts';

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
  readonly market: MarketFacts;
  /** The sector of any symbol. */
  sectorOf(symbol: string): string;
  industryOf(symbol: string): string;
  /** What the order will be called, if there is to be one. */
  readonly orderId: string;
  /** How entries that wait for a person are asked for. */
  readonly approvals: ApprovalSettings;
  /** What people have said yes to, of a decision that is made anew; null: it is made for the first time. */
  readonly answered: Answered | null;
  /** It only goes along on paper: nobody is asked. */
  readonly shadow: boolean;
  /** What came of comparing what its script held with what is held; null: the alert does not say. */
  readonly sequence: Sequence | null;
}

/** What an alert is sized by, beside the account. */
export interface SizingFacts extends Pick<DecisionFacts, 'found' | 'quote' | 'asset' | 'prices' | 'market'> {
  readonly strategy: StrategySettings;
  readonly view: Pick<LockedView, 'account' | 'activity'>;
  /** Of the account: decimal text. What the alert names has been multiplied by it. */
  readonly weight: string;
  readonly sizing: SizingBook;
  /** Null: the alert does not say what its script held. */
  readonly sequence: Sequence | null;
}

/** Works out what a signal comes to for the account as it stands. */
export function sizeFor({ found: { signal }, view, weight, sizing, ...facts }: SizingFacts): Acting {
  const { sequence } = facts;
  const context: SizingContext = {
    ...{ strategy: facts.strategy, quote: facts.quote, asset: facts.asset, prices: facts.prices, market: facts.market },
    signal,
    weight: decimal(weight),
    holding: holdingOf(view.account, signal),
    account: view.account,
    equity: equityOf(view.account, facts.prices),
    activity: view.activity,
    book: sizing,
  };
  return sequence?.act === 'converge' ? converge(context, sequence) : act(context);
}

/** Decides a signal: a pure function of the facts. */
export function decideSignal(book: LimitBook, wanted: Acting, facts: DecisionFacts): DecisionToStore {
  const { found, strategy, mode, view, quote, bar, now, answered } = facts;
  const { signal, signalId } = found;
  const more = answered !== null && wanted.sized.intent === 'entry' && wanted.sized.quantity.gt(answered.quantity);
  const asked = more ? reducedTo(wanted, answered.quantity, signal) : wanted;
  const { approvals, shadow } = facts;
  const terms: PersonTerms = { approvals, strategy: strategy.settings.approval, answered, shadow };
  const judged = judge(book, terms, asked, {
    signal,
    receivedAt: found.receivedAt,
    now,
    ...(answered && { askedAt: answered.askedAt }),
    mode: mode.mode,
    modeReasons: mode.reasons,
    strategyEnabled: strategy.enabled,
    ignoresTradingWindows: signal.ignoreTradingWindows && strategy.settings.ignoreTradingWindows,
    account: view.account,
    asset: facts.asset,
    quote,
    prices: facts.prices,
    equity: equityOf(view.account, facts.prices),
    sectorOf: facts.sectorOf,
    industryOf: facts.industryOf,
    activity: view.activity,
    market: facts.market,
    killSwitches: view.killSwitches,
    quarantine: quarantineOf(facts),
    converges: facts.sequence?.act === 'converge',
    approvedInBar: view.approvedInBar
      ? { signalId: view.approvedInBar, barStart: bar.start, barSeconds: bar.seconds }
      : null,
  });
  const acting = reducedTo(asked, judged.decision.outcome === 'denied' ? null : judged.decision.quantity, signal);
  const { sized, first } = acting;
  const decisionId = decisionIdOf(signalId, view.account?.accountId ?? null);
  const firstStep = answered?.ordersBefore ?? 0;
  const approvalOf = (step: number): Approval => ({
    orderId: step === firstStep ? facts.orderId : uuidOf(`step ${step} of ${facts.orderId}`),
    decisionId,
    signalId,
    accountId: view.account!.accountId,
    strategy: signal.strategy,
    mode: mode.mode,
  });
  const ask = judged.asks && askOf(judged.asks, acting.sized, facts);
  // An entry that is withheld leaves the exit of a reversal as all there is.
  const done = judged.withheld && first ? first : sized;
  const outcome: DecisionToStore['outcome'] =
    judged.decision.outcome === 'approved'
      ? {
          kind: 'approved',
          orders: plansOf(acting, judged.withheld !== null, {
            symbol: signal.ticker,
            holding: holdingOf(view.account, signal),
            lastKnownPrice: lastKnownPrice(view.account!, signal.ticker),
          }).map((plan) => {
            const later = laterBy(firstStep, plan);
            return approve(judged.decision, later, approvalOf(later.step ?? 0));
          }),
          cancels: acting.cancels,
          moves: acting.moves,
          withheld: judged.withheld && { ...judged.withheld, ...(ask && { ask }) },
        }
      : judged.decision.outcome === 'held' && ask
        ? { kind: 'held', ...reasonOf(judged.decision), ask }
        : { kind: 'denied', ...reasonOf(judged.decision) };
  return {
    decisionId,
    mode: mode.mode,
    modeReasons: mode.reasons,
    intent: done.intent,
    side: done.side,
    sizing: done.record,
    verdicts: judged.decision.verdicts,
    quote,
    startedAt: facts.startedAt,
    decidedAt: now,
    outcome,
    ...(facts.sequence && told(facts.sequence, wanted, outcome)),
  };
}

/** Why the strategy enters nothing: since an earlier alert, or by what this one shows. */
function quarantineOf({ view, sequence, now }: DecisionFacts): RiskContext['quarantine'] {
  const open = view.sequence?.quarantine;
  if (open) return { since: open.openedAt, sentence: open.sentence };
  return sequence?.act === 'quarantine' ? { since: now, sentence: sequence.sentence } : null;
}

const didBy = { nothing: 'nothing', note: 'noted', explain: 'explained', quarantine: 'quarantined' } as const;

/** What was found and done about the position before the alert, for the receipt. */
function told(
  sequence: Sequence,
  wanted: Acting,
  outcome: DecisionToStore['outcome'],
): Pick<DecisionToStore, 'sequence' | 'quarantine'> {
  const { act: wish, expected, ours, found, kind, said, saidSize, held } = sequence;
  const [did, words] =
    wish === 'converge' ? converged(sequence, wanted, outcome) : ([didBy[wish], actInWords[wish]] as const);
  const sentence = `${sequence.sentence}${words}`;
  const record: SequenceRecord = {
    ...{ found, kind, did, said, sentence },
    saidSize: saidSize && text(saidSize),
    held: text(held),
  };
  return {
    sequence: record,
    ...(wish === 'quarantine' && { quarantine: { expected, found: ours, sentence: sequence.sentence } }),
  };
}

const actInWords = {
  nothing: '',
  explain: '',
  note: ' The strategy is set to do nothing about it.',
  quarantine: ' The strategy enters nothing in it any more until a person clears it; exits go on.',
} as const;

/** What a decision did to bring the strategy to where its script was. */
function converged(
  { kind, held }: Sequence,
  { first, sized }: Acting,
  outcome: DecisionToStore['outcome'],
): readonly [SequenceRecord['did'], string] {
  const closes = first ?? (sized.intent === 'exit' && sized.quantity.gt('0') ? sized : null);
  if (closes && outcome.kind !== 'approved') return ['left', ' It was to be closed, and the decision did not let it.'];
  if (closes)
    return ['converged', ` Converged: ${text(closes.quantity)} ${first ? 'are closed first' : 'are closed'}.`];
  if (kind === 'missed_entry') {
    const opens = sized.intent === 'entry' && outcome.kind === 'approved';
    return [
      'converged',
      opens
        ? ' What was missed is not made up for: only what the alert itself asks for is opened.'
        : ' Converged: nothing is held that would have to be closed, and nothing is opened.',
    ];
  }
  if (kind === 'size')
    return ['converged', ' Of the order, no more is done than brings the strategy to what the script holds after it.'];
  return held.eq('0')
    ? ['converged', ' Converged: what was about to be opened is cancelled.']
    : ['left', ' Nothing was closed.'];
}

/** A plan among the orders that its decision has already. */
const laterBy = (steps: number, plan: OrderPlan): OrderPlan =>
  steps === 0
    ? plan
    : {
        ...plan,
        step: (plan.step ?? 0) + steps,
        ...(plan.after && { after: { ...plan.after, step: plan.after.step + steps } }),
      };

/** Why nothing is sent, or not yet. */
function reasonOf(decision: Exclude<Decision, { outcome: 'approved' }>) {
  const { code, sentence } = decision.outcome === 'denied' ? decision : decision.asks[0]!;
  return { code: code!, sentence };
}

/** What a person is asked; null where there is no price to hold it to, so that it cannot wait. */
function askOf(asks: readonly RuleVerdict[], sized: Sizing, facts: DecisionFacts): Ask | null {
  const { approvals, quote, now, mode } = facts;
  const near = quote ? midpoint(quote) : sized.referencePrice;
  if (near === null || sized.side === null) return null;
  return {
    asks,
    votesNeeded: votesNeeded(notional(near, sized.quantity), mode.mode, approvals),
    expiresAt: new Date(now.getTime() + approvals.expirySeconds * 1000),
    price: near,
    side: sized.side,
    sizing: sized.record,
  };
}

/** The entry in the size that the limits left of it. */
const reducedTo = (acting: Acting, left: Quantity | null, signal: TradeSignal): Acting =>
  left === null ? acting : { ...acting, sized: sizedDownTo(left, acting.sized, signal) };

/** What the gate says of all the parts, and of an entry that it keeps back while what comes before it goes on. */
interface Judged {
  readonly decision: Decision;
  readonly withheld: { readonly code: RefusalCode; readonly sentence: string } | null;
  /** What a person must say yes to; null: nobody is asked. */
  readonly asks: readonly RuleVerdict[] | null;
}

/**
 * Asks the gate. A reversal is judged as its two parts: its exit by the rules for exits alone, which no limit of entries blocks; its
 * entry by all rules, in the account as it will be once the position is closed. A refused entry takes nothing from the exit.
 */
function judge(
  book: LimitBook,
  terms: PersonTerms,
  { sized, first }: Acting,
  context: Omit<RiskContext, 'sized' | 'lot'>,
): Judged {
  const entering = (account: RiskContext['account']): Decision => {
    const whole = { ...context, account, sized, lot: sized.lot };
    return withPerson(decide(book, whole), whole, terms);
  };
  const asksOf = (decision: Decision) => (decision.outcome === 'held' ? decision.asks : null);
  if (first === null) {
    const decision = entering(context.account);
    return { decision, withheld: null, asks: asksOf(decision) };
  }
  const exit = decide(book, { ...context, sized: first, lot: first.lot });
  const ofExit = exit.verdicts
    .filter((one) => one.verdict !== 'not_applicable')
    .map((one) => ({ ...one, part: 'exit' as const }));
  // Of a test that nothing else is against, the entry is judged too: it is what its sender wants to know.
  const isTest = exit.outcome === 'denied' && exit.code === 'RISK_TEST_ALERT';
  if (exit.outcome !== 'approved' && !isTest)
    return { decision: { ...exit, verdicts: ofExit }, withheld: null, asks: null };
  const account = context.account && closed(context.account, context.signal, context.prices);
  const entry = entering(account);
  const ofEntry = entry.verdicts.map((one) => ({ ...one, part: 'entry' as const }));
  if (exit.outcome !== 'approved') {
    const why = reasonOf(entry.outcome === 'denied' ? entry : exit);
    return { decision: { outcome: 'denied', verdicts: [...ofExit, ...ofEntry], ...why }, withheld: null, asks: null };
  }
  return {
    decision: {
      outcome: 'approved',
      verdicts: [...ofExit, ...ofEntry],
      quantity: entry.outcome === 'denied' ? null : entry.quantity,
    },
    withheld: entry.outcome === 'approved' ? null : reasonOf(entry),
    asks: asksOf(entry),
  };
}

/** The account as it will be once the strategy's position in the ticker is closed: without it and its orders, and with its money free. */
function closed(account: AccountView, signal: TradeSignal, prices: ReadonlyMap<string, Price>): AccountView {
  const { held } = holdingOf(account, signal);
  const symbol = signal.ticker;
  const position = heldOf(account, symbol);
  const near = prices.get(symbol) ?? lastKnownPrice(account, symbol);
  const freed = held.abs().times(near);
  const left = (position?.quantity ?? zeroQuantity).minus(held) as Quantity;
  return {
    ...account,
    brokerBuyingPower: account.brokerBuyingPower && money(account.brokerBuyingPower.plus(freed)),
    positions: account.positions.flatMap((one) => {
      if (one.symbol !== symbol) return [one];
      if (left.eq('0')) return [];
      const lots = one.lots.filter((lot) => lot.strategy !== signal.strategy);
      return [{ ...one, lots, quantity: left, cost: money(one.cost.times(left.abs()).div(one.quantity.abs())) }];
    }),
    openOrders: account.openOrders.filter((order) => order.symbol !== symbol || order.strategy !== signal.strategy),
  };
}

/** For an exit that no quote could be had for: what the position cost a share, or what its unfilled entry is expected near. */
function lastKnownPrice(account: AccountView, symbol: string): Price {
  const held = heldOf(account, symbol);
  if (held?.quantity.eq('0') === false) return price(held.cost.div(held.quantity.abs()).round(4));
  return account.openOrders.find((order) => order.symbol === symbol)?.referencePrice ?? price('0');
}

const heldOf = (account: AccountView | null, symbol: string) =>
  account?.positions.find((position) => position.symbol === symbol) ?? null;

const signed = (side: Side, shares: Quantity): Quantity => quantity(side === 'buy' ? shares : shares.neg());

/** What the signal's strategy has in the ticker, and what its open entries may still add. */
export function holdingOf(whole: AccountView | null, signal: TradeSignal): Holding {
  const account = whole && ofStrategy(whole, signal.strategy);
  const position = heldOf(account, signal.ticker);
  const open = (account?.openOrders ?? []).filter((order) => order.symbol === signal.ticker);
  return {
    held: position?.quantity ?? zeroQuantity,
    cost: position?.cost ?? money('0'),
    entering: open
      .filter((order) => order.role === 'entry')
      .reduce((sum, order) => quantity(sum.plus(signed(order.side, order.remaining))), zeroQuantity),
    open,
  };
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
