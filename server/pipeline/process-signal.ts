import type { MarketFacts } from '../core/model/market-facts.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DecisionStore, SignalToDecide } from '../core/ports/decision-store.ts';
import { UnprocessableJob } from '../core/ports/job-data.ts';
import type { JobOutcome, JobRun } from '../core/ports/job-queue.ts';
import type { Log } from '../core/ports/log.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { Random } from '../core/ports/random.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import { routeSignal } from './account-tasks.ts';
import { type AccountOutcome, createAccountDecider } from './decide-for-account.ts';
import { ageMs } from './gather-facts.ts';
import type { Rule } from './risk/rule.ts';
import type { SizingBook } from './sizing/book.ts';

export interface SignalProcessorParts {
  readonly decisions: DecisionStore;
  readonly settings: Pick<SettingsStore, 'current' | 'strategy' | 'refresh'>;
  readonly rules: readonly Rule[];
  readonly sizing: SizingBook;
  /** What of the market is kept ready. */
  readonly facts: MarketFacts;
  /** Gets what is kept ready of a symbol that nobody asked for before; resolves within a second, whatever comes of it. */
  prepare(symbol: string): Promise<void>;
  /** The sector of any symbol; unknown is one of its own. */
  sectorOf(symbol: string): string;
  /** Its industry. */
  industryOf(symbol: string): string;
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

/**
 * Times the process may die while a signal is at work. A waiting one is looked at many times a second, so that any death may catch it;
 * so many of them say that the signal is the cause, and the server would go on dying of it.
 */
export const mostLosses = 100;

const done: JobOutcome = { kind: 'done' };
/**
 * How soon an alert looks again whether the one before it has been decided; with more before it, so much later for each. A thousand that looked as
 * often as the first would leave no room for its decision.
 */
const turnMs = 20;
const again = (afterMs: number): JobOutcome => ({ kind: 'again', afterMs });
const shortestWaitMs = 100;
const longestWaitMs = 2000;

/**
 * Handler of the job `signal.process`: where the signal goes, and for each account mode, size, risk, and the decision stored once. Safe
 * to run twice, and twice at once; after a crash it goes on with the accounts that have no decision yet. While an account or its market
 * cannot be asked, the others are decided, and the alert waits for it only for as long as it counts: then the rule on its age denies it.
 */
export function createSignalProcessor(
  parts: SignalProcessorParts,
): (data: { signalId: string }, job: Pick<JobRun, 'attempt' | 'lost'>) => Promise<JobOutcome> {
  const { decisions, settings, clock, log } = parts;
  const decideFor = createAccountDecider(parts);

  async function handle(signalId: string): Promise<JobOutcome> {
    const startedAt = clock.now();
    const [found, accounts] = await Promise.all([decisions.signal(signalId), decisions.tradingAccounts()]);
    if (found === null) {
      throw new UnprocessableJob('There is no such signal to decide.');
    }
    // A failed one is here again because somebody brought its job back.
    const undecided = found.status === 'accepted' || found.status === 'failed';
    if (!undecided && found.destinations === null) return done;
    const keptBackMs = found.receivedAt.getTime() + found.signal.delaySeconds * 1000 - startedAt.getTime();
    if (found.status === 'accepted' && keptBackMs > 0) return again(keptBackMs);
    // An exit that overtook its entry would find nothing to close, and the entry would stay.
    if (found.status === 'accepted' && found.ahead > 0) return again(turnMs * found.ahead);
    const strategy = settings.strategy(found.signal.strategy);
    const route = routeSignal({ found, strategy, accounts, master: settings.current()['mode.master'], startedAt });
    const outcomes: AccountOutcome[] = [];
    // What only goes along is looked at last: it must not hold up the others.
    for (const shadow of [false, true]) {
      const open = route.destinations.filter(
        (one) => one.shadow === shadow && !found.decidedFor.some((accountId) => accountId === one.accountId),
      );
      const tasks = open.map((destination) => decideFor(route.taskFor(destination)));
      // One that throws is tried again by the queue, after the others have had their decisions.
      const settled = await Promise.allSettled(tasks);
      const ended = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      outcomes.push(...ended);
      if (ended.includes('decided')) parts.onDecided();
      const failed = settled.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    }
    if (outcomes.includes('turned')) {
      // The master switch was turned while the market was looked at, of the account that is now the wrong one.
      await settings.refresh();
      return again(1);
    }
    return outcomes.includes('waits') ? again(waitMs(found)) : done;
  }

  /** A quarter of what it has waited already: quick after a hiccup, and no burden while a broker is down. */
  const waitMs = (found: SignalToDecide): number =>
    Math.round(Math.min(Math.max(ageMs(clock.now(), found) / 4, shortestWaitMs), longestWaitMs));

  /** Throws what is to be said of the job. While the signal cannot be marked, its job stays: those behind it wait for the mark. */
  async function giveUp(signalId: string, sentence: string, reason: Error): Promise<JobOutcome> {
    log.error({ error: reason, signalId }, 'a signal could not be decided; a person must look');
    try {
      await decisions.fail(signalId, `${sentence} The server's log says why.`);
    } catch (error) {
      log.error({ error, signalId }, 'the failed signal could not be marked as such; trying again');
      return again(longestWaitMs);
    }
    throw reason;
  }

  return async ({ signalId }, { attempt, lost }) => {
    if (lost >= mostLosses) {
      const sentence = `The server ended ${lost} times while it was at work on it.`;
      return giveUp(signalId, sentence, new UnprocessableJob(sentence));
    }
    try {
      return await handle(signalId);
    } catch (error) {
      if (attempt < lastAttempt || error instanceof UnprocessableJob) throw error;
      const reason = error instanceof Error ? error : new Error(String(error));
      return giveUp(signalId, `It could not be decided in ${attempt} attempts, and nothing was sent.`, reason);
    }
  };
}
