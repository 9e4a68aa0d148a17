import { quantity } from '../core/decimal.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { DecisionToStore, LockedView, SignalToDecide } from '../core/ports/decision-store.ts';
import type { DecisionViews } from '../core/ports/decision-views.ts';
import { routeSignal } from './account-tasks.ts';
import type { AccountTask } from './decide-for-account.ts';
import { createFactGatherer, type Gathered } from './gather-facts.ts';
import { createJudge } from './judge-for-account.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import type { Answered } from './risk/ask-person.ts';
import type { LimitBook } from './risk/limit-book.ts';

export interface OrderCheckParts extends Omit<SignalProcessorParts, 'decisions' | 'onDecided'> {
  readonly views: DecisionViews;
}

/** What would be decided for one account. */
export interface HypotheticalDecision {
  readonly task: AccountTask;
  readonly decision: DecisionToStore;
  /** Of one that waits for a person, what it becomes at a yes at the same moment; else null. */
  readonly afterYes: DecisionToStore | null;
  /** The limits it was held to. */
  readonly book: LimitBook;
  readonly view: LockedView;
  readonly gathered: Gathered;
  readonly missing: readonly MissingFact[];
}

/** A fact that could not be had. */
export interface MissingFact {
  readonly fact: 'account' | 'market' | 'quote' | 'asset' | 'bars' | 'session' | 'events' | 'prices';
  readonly sentence: string;
}

/** A master switch that is turned more often than this while a question is answered is answered as it was last. */
const mostTurns = 3;

/**
 * Says what would become of an alert, for each account that it would go to. Facts and judgement are those of a real decision; nothing is
 * stored, reserved or locked, and the market is not waited for: what is missing is told, and allows nothing.
 */
export function createOrderCheck(
  parts: OrderCheckParts,
): (signal: TradeSignal) => Promise<readonly HypotheticalDecision[]> {
  const { views, settings, clock } = parts;
  const facts = createFactGatherer(parts);
  const judge = createJudge(parts);

  async function forAccount(task: AccountTask): Promise<HypotheticalDecision | 'turned'> {
    const gathered = (await facts.gather(task, false))!;
    for (;;) {
      const view = await views.view(task.found, task.destination.accountId, gathered.bar);
      const judgement = judge(task, gathered, view);
      if (judgement.kind === 'turned') return 'turned';
      if (judgement.kind === 'decided') {
        const { decision, book } = judgement;
        const missing = missingFor(task, gathered, view);
        return { task, decision, afterYes: afterYes(task, gathered, view, decision), book, view, gathered, missing };
      }
      await facts.ask(gathered, judgement.symbols);
    }
  }

  /** The very decision that is made when people have said yes, as of now. */
  function afterYes(
    task: AccountTask,
    gathered: Gathered,
    view: LockedView,
    { outcome, sizing, decidedAt }: DecisionToStore,
  ): DecisionToStore | null {
    if (outcome.kind !== 'held') return null;
    const answered: Answered = {
      askedAt: decidedAt,
      price: outcome.ask.price,
      quantity: quantity(sizing.quantity),
      asks: outcome.ask.asks,
      ordersBefore: 0,
      by: 'those who are asked',
    };
    const judgement = judge({ ...task, answered }, gathered, view);
    return judgement.kind === 'decided' ? judgement.decision : null;
  }

  function missingFor({ account }: AccountTask, { found, seen, asked }: Gathered, view: LockedView): MissingFact[] {
    const { ticker } = found.signal;
    const now = clock.now();
    const missing: MissingFact[] = [];
    const say = (fact: MissingFact['fact'], sentence: string): void => void missing.push({ fact, sentence });
    if (account === null || !account.enabled) return missing;
    if (!parts.ready(account.accountId)) {
      say('account', `${account.name} has not been compared with its broker since the start; a real entry would wait.`);
    } else if (seen.market === null) {
      say(
        'market',
        `The market of ${account.name} cannot be asked; a real entry would wait until its alert is too old.`,
      );
    }
    if (seen.quote === null) say('quote', `There is no quote of ${ticker} that is fresh enough.`);
    if (seen.asset === null) say('asset', `Nothing is known of ${ticker} at the venue.`);
    if (parts.facts.dailyBars(ticker) === null) say('bars', `There are no daily bars of ${ticker}.`);
    if (parts.facts.session(now) === null) say('session', 'The venue’s calendar does not reach today.');
    if (parts.facts.blackouts(ticker, now) === null) say('events', 'The calendar of events cannot be read.');
    const unpriced = (view.account?.positions ?? [])
      .map(({ symbol }) => symbol)
      .filter((symbol) => !(asked.get(symbol) ?? seen.market?.lastQuote(symbol)));
    if (unpriced.length > 0) say('prices', `Held, and counted at cost for want of a quote: ${unpriced.join(', ')}.`);
    return missing;
  }

  return async (signal) => {
    const startedAt = clock.now();
    for (let turn = 1; ; turn++) {
      const [accounts, holdings] = await Promise.all([views.tradingAccounts(), views.holdings(signal)]);
      const found: SignalToDecide = {
        ...{ signalId: parts.random.id(), signal, receivedAt: startedAt, status: 'accepted', destinations: null },
        ...{ ahead: 0, decidedFor: [], holdings },
      };
      const strategy = settings.strategy(signal.strategy);
      const { destinations, taskFor } = routeSignal({
        ...{ found, strategy, accounts, startedAt },
        master: settings.current()['mode.master'],
      });
      const last = turn === mostTurns;
      const answers = await Promise.all(
        destinations.map((destination) => {
          const task = taskFor(destination);
          return forAccount(last ? { ...task, turned: () => false } : task);
        }),
      );
      const decided = answers.filter((one) => one !== 'turned');
      if (decided.length === answers.length) return decided;
      await settings.refresh();
    }
  };
}
