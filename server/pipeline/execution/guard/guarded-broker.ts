import { fullJitterMs, spreadMs } from '../../../core/backoff.ts';
import type { ApprovedOrder } from '../../../core/model/approved-order.ts';
import {
  type Broker,
  BrokerProblem,
  type CancelOutcome,
  type ReplaceOutcome,
  type SubmitOutcome,
} from '../../../core/ports/broker.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { Breaker } from './breaker.ts';
import { exitsFirstMs, type Turns, type Urgency } from './turns.ts';

/** A broker behind its rate and its breaker. */
export interface GuardedBroker extends Broker {
  /**
   * Whether an entry may be sent now; else after how long to ask again. For before `submitting` is stored: what waits in our own line is not
   * on its way. A yes holds a turn for that order for a few seconds.
   */
  mayEnter(order: ApprovedOrder): Promise<{ readonly afterMs: number; readonly sentence: string } | null>;
}

export interface GuardParts {
  readonly broker: Broker;
  readonly turns: Turns;
  /** Shared by all accounts at the same broker. */
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
}

/**
 * How long an order that is on its way by our books may stand in our line. With the adapter's time-out it must stay below execution's
 * grace for a miss, or another worker could take it for lost.
 */
const orderWaitMs = 1500;
const cancelWaitMs = 5000;
const readWaitMs = 5000;
/** A turn that was held for an order nobody sent is lost after this. */
const heldTurnMs = 5000;
/** An exit is tried again after this at the latest, whatever it was told: asking once a minute is too much for nobody. */
const longestExitPauseMs = 60_000;
/** How much longer than it was told an exit may take to come back before entries go again. */
const owedForMs = 3000;
/** Entries of one account that are at the broker at the same time, and that wait for one of them to end: the other workers are for exits. */
const entriesAtOnce = 16;
const entriesNext = 8;
/** Questions are harmless to repeat: so often, with these pauses, before whoever asked is told. */
const readTries = 3;
const readBackoff = { firstMs: 200, longestMs: 2000 };
/** The pause after a refusal for too many requests that does not say how long. */
const limitedBackoff = { firstMs: 500, longestMs: 15_000 };

/** What an order is in a hurry for. */
export function urgencyOf({ intent, type }: Pick<ApprovedOrder, 'intent'> & { readonly type: string }): Urgency {
  if (intent === 'entry') return 'entry';
  return type === 'market' || type === 'limit' ? 'exit' : 'protection';
}

/**
 * A broker that is asked no more often than it allows, the urgent first, and left alone while it does not answer. Nothing is refused for being
 * too much: orders wait (`not_sent`, which is sure), and exits are always tried.
 */
export function guardBroker(parts: GuardParts): GuardedBroker {
  const { broker, turns, breaker, clock, random } = parts;
  /** When the turn of an order that may enter was given. */
  const heldTurns = new Map<string, number>();
  /** Exits that were told to come back, and until when entries wait for them. */
  const owedExits = new Map<string, number>();
  /** Entries that go on when one of those at the broker has ended. */
  const next: (() => void)[] = [];
  let entering = 0;
  let limitedInARow = 0;
  let paid = broker.requests?.() ?? 0;

  const took = async (urgency: Urgency, atMostMs: number) => {
    const turn = await turns.take(urgency, atMostMs);
    if (turn.granted) paid++;
    return turn;
  };

  /** Pages beyond the first were made without a turn. */
  function settle(): void {
    const made = broker.requests?.() ?? paid;
    if (made <= paid) return;
    turns.charge(made - paid);
    paid = made;
  }

  function answered(): void {
    settle();
    limitedInARow = 0;
    breaker.answered();
  }

  function failed(problem: string): void {
    settle();
    breaker.failed(problem);
  }

  /** It said that it is too much: that is an answer, and all but what is urgent waits. */
  function limited(urgency: Urgency, retryAfterMs: number | null): number {
    settle();
    breaker.answered();
    limitedInARow++;
    const pauseMs = retryAfterMs ?? Math.max(100, fullJitterMs(random, limitedInARow, limitedBackoff));
    turns.pause(pauseMs, false);
    if (urgency !== 'exit') return pauseMs;
    const exitPauseMs = Math.min(pauseMs, longestExitPauseMs);
    turns.pause(exitPauseMs, true);
    return exitPauseMs;
  }

  const later = (afterMs: number, message: string) =>
    ({ kind: 'not_sent', message, retryAfterMs: Math.max(1, Math.round(afterMs)) }) as const;
  const inLine = 'It stands in line: the broker allows only so many requests a minute.';

  /** Waits for an entry at the broker to end, for a second at most: false, if none has. */
  function ended(): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (): void => {
        late.cancel();
        resolve(true);
      };
      const late = clock.after(1000, () => {
        next.splice(next.indexOf(go), 1);
        resolve(false);
      });
      next.push(go);
    });
  }

  /** Asks the broker something while it may be well again and nobody else does. */
  function probe(): void {
    if (breaker.state() === 'half_open') read('read', () => broker.account()).catch(() => undefined);
  }

  async function mayEnter(order: ApprovedOrder): ReturnType<GuardedBroker['mayEnter']> {
    const now = clock.monotonicMs();
    for (const [orderId, at] of heldTurns) if (now - at > heldTurnMs) heldTurns.delete(orderId);
    if (heldTurns.has(order.orderId)) return null;
    if (breaker.state() !== 'closed') {
      probe();
      const afterMs = spreadMs(random, Math.max(200, breaker.waitMs()));
      return { afterMs, sentence: 'The broker does not answer: no entries are sent until it does.' };
    }
    for (const [orderId, until] of owedExits) if (now > until) owedExits.delete(orderId);
    if (owedExits.size > 0) {
      return { afterMs: spreadMs(random, 100, 200), sentence: 'An exit goes first.' };
    }
    if (entering + heldTurns.size >= entriesAtOnce) {
      if (next.length < entriesNext && (await ended())) return mayEnter(order);
      return { afterMs: spreadMs(random, 20, 40), sentence: 'Other entries are on their way to the broker.' };
    }
    const turn = await took('entry', 0);
    if (!turn.granted) return { afterMs: spreadMs(random, turn.afterMs), sentence: inLine };
    heldTurns.set(order.orderId, now);
    return null;
  }

  async function submit(order: ApprovedOrder): Promise<SubmitOutcome> {
    const urgency = urgencyOf(order);
    if (urgency === 'entry') {
      const hold = await mayEnter(order);
      if (hold) return later(hold.afterMs, hold.sentence);
      heldTurns.delete(order.orderId);
    } else {
      const turn = await took(urgency, orderWaitMs);
      if (!turn.granted) {
        owedExits.set(order.orderId, clock.monotonicMs() + turn.afterMs + owedForMs);
        return later(turn.afterMs, inLine);
      }
    }
    if (urgency === 'entry') entering++;
    try {
      const outcome = heard(urgency, await broker.submit(order));
      if (urgency !== 'entry') {
        if (outcome.kind === 'not_sent' && outcome.limited)
          owedExits.set(order.orderId, clock.monotonicMs() + (outcome.retryAfterMs ?? 0) + owedForMs);
        else owedExits.delete(order.orderId);
      }
      return outcome;
    } finally {
      if (urgency === 'entry') {
        entering--;
        next.shift()?.();
      }
    }
  }

  /** Takes notice of what an order came to. */
  function heard<T extends SubmitOutcome | ReplaceOutcome>(urgency: Urgency, outcome: T): T {
    if (outcome.kind === 'unknown') failed(outcome.message);
    else if (outcome.kind !== 'not_sent') answered();
    else if (!outcome.limited) failed(outcome.message);
    else {
      const pauseMs = limited(urgency, outcome.retryAfterMs);
      // Exits come back to the moment, the others after them and not all at once.
      return { ...outcome, retryAfterMs: urgency === 'exit' ? pauseMs : spreadMs(random, pauseMs + exitsFirstMs) };
    }
    return outcome;
  }

  async function replace(...asked: Parameters<Broker['replace']>): Promise<ReplaceOutcome> {
    const turn = await took('protection', orderWaitMs);
    return turn.granted ? heard('protection', await broker.replace(...asked)) : later(turn.afterMs, inLine);
  }

  async function cancel(brokerOrderId: string): Promise<CancelOutcome> {
    const turn = await took('exit', cancelWaitMs);
    if (!turn.granted) return { kind: 'unknown', message: inLine };
    const outcome = await broker.cancel(brokerOrderId);
    if (outcome.kind !== 'unknown') answered();
    else if (outcome.limited) limited('exit', outcome.limited.retryAfterMs);
    else failed(outcome.message);
    return outcome;
  }

  /** A question. What fails in a way that may pass is asked again, unless the breaker says that it is not worth it. */
  async function read<T>(urgency: Urgency, question: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      if (!breaker.admits(false)) {
        const seconds = Math.ceil(breaker.waitMs() / 1000);
        throw new BrokerProblem('unclear', `the broker does not answer; it is asked again in ${seconds} s`);
      }
      const turn = await took(urgency, readWaitMs);
      if (!turn.granted) {
        breaker.withdrawn();
        throw new BrokerProblem('limited', 'the broker allows only so many requests a minute', turn.afterMs);
      }
      try {
        const answer = await question();
        answered();
        return answer;
      } catch (error) {
        const { kind, retryAfterMs, message } =
          error instanceof BrokerProblem ? error : new BrokerProblem('unclear', String(error));
        if (kind === 'refused') answered();
        else if (kind === 'limited') limited(urgency, retryAfterMs);
        else failed(message);
        if (kind === 'refused' || tries >= readTries || breaker.state() !== 'closed') throw error;
        // After a limit it is the line that makes us wait.
        if (kind === 'unclear') await clock.sleep(fullJitterMs(random, tries, readBackoff));
      }
    }
  }

  return {
    mayEnter,
    submit,
    cancel,
    replace,
    capabilities: (symbol) => broker.capabilities(symbol),
    findByClientOrderId: (id) => read('read', () => broker.findByClientOrderId(id)),
    findOrder: (id) => read('read', () => broker.findOrder(id)),
    listOrders: (query) => read('read', () => broker.listOrders(query)),
    listFills: (since) => read('read', () => broker.listFills(since)),
    listActivities: (since) => read('read', () => broker.listActivities(since)),
    positions: () => read('read', () => broker.positions()),
    account: () => read('read', () => broker.account()),
    ...(broker.requests ? { requests: () => broker.requests!() } : {}),
    stream: (handlers) => broker.stream(handlers),
  };
}
