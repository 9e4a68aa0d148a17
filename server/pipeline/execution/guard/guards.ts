import type { BrokerSettings } from '../../../core/model/settings.ts';
import type { Venue } from '../../../core/ports/account-store.ts';
import type { Alarms } from '../../../core/ports/alarms.ts';
import type { Broker } from '../../../core/ports/broker.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { EventWriter } from '../../../core/ports/event-writer.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { BrokerLine } from '../../../core/ports/metrics.ts';
import type { Random } from '../../../core/ports/random.ts';
import { type Breaker, type BreakerHooks, createBreaker } from './breaker.ts';
import { type GuardedBroker, guardBroker } from './guarded-broker.ts';
import { createTurns, type Turns } from './turns.ts';

export interface GuardsParts {
  settings(): BrokerSettings;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: Log;
}

/** The guard of every account: a line of its own for each, as rates are counted by account, and one breaker for all at the same venue. */
export interface Guards {
  /** The broker of an account, guarded. The same one each time. */
  of(account: { readonly accountId: string; readonly venue: Venue }, broker: Broker): GuardedBroker;
  /** What keeps an account from being traded as usual, for people; null: nothing. */
  problem(accountId: string): string | null;
  /** The same in figures. */
  line(accountId: string): BrokerLine;
}

/** A breaker that is open for so long is no passing trouble: somebody is called. */
const pageAfterMs = 60_000;

const venueNames: Readonly<Record<Venue, string>> = {
  embedded: 'The embedded exchange',
  'alpaca-paper': 'Alpaca’s paper venue',
  'alpaca-live': 'Alpaca',
};

export function createGuards(parts: GuardsParts): Guards {
  const { clock, random, alarms, log } = parts;
  const breakers = new Map<Venue, Breaker>();
  const guarded = new Map<string, { broker: Broker; guard: GuardedBroker; turns: Turns; breaker: Breaker }>();

  const perMinute = (venue: Venue): number | null => {
    const { requestsPerMinute, embeddedRequestsPerMinute } = parts.settings();
    return (venue === 'embedded' ? embeddedRequestsPerMinute : requestsPerMinute) || null;
  };

  function breakerOf(venue: Venue, accountId: string): Breaker {
    const known = breakers.get(venue);
    if (known) return known;
    const told = tellOf(venue, accountId);
    const breaker = createBreaker({
      clock,
      settings: () => {
        const { breakerFailures, breakerPauseSeconds } = parts.settings();
        return { failures: breakerFailures, pauseMs: breakerPauseSeconds * 1000 };
      },
      ...told,
    });
    breakers.set(venue, breaker);
    return breaker;
  }

  /** Events and alarms of a venue's breaker, one after the other, so that an end never overtakes its beginning. */
  function tellOf(venue: Venue, accountId: string): BreakerHooks {
    const key = `breaker:${venue}`;
    let told: Promise<void> = Promise.resolve();
    const tell = (task: () => Promise<void>): void => {
      told = told.then(task).catch((error: unknown) => {
        log.error({ error, venue }, 'the state of a broker could not be told');
      });
    };
    return {
      opened({ failures, pauseMs, problem }) {
        const sentence = `${venueNames[venue]} did not answer ${failures} times in a row (${problem.replace(/\.$/, '')}): no entries are sent to it. Exits and cancels are tried on.`;
        log.warn({ venue, failures, pauseMs, reason: problem }, 'a broker does not answer: no entries are sent to it');
        tell(async () => {
          await parts.events.append([
            {
              kind: 'breaker.opened',
              accountId,
              data: { venue, failures, pauseSeconds: pauseMs / 1000, problem, sentence },
            },
          ]);
          await alarms.raise({ key, kind: 'breaker.open', severity: 'warn', accountId, sentence, data: { venue } });
        });
      },
      stillOpen({ openMs, problem }) {
        if (openMs < pageAfterMs) return;
        const sentence = `${venueNames[venue]} has not answered for ${Math.round(openMs / 1000)} s (${problem.replace(/\.$/, '')}): no entries are sent to it. Exits and cancels are tried on; look at positions there.`;
        tell(() => alarms.raise({ key, kind: 'breaker.open', severity: 'page', accountId, sentence, data: { venue } }));
      },
      closed({ openMs }) {
        const sentence = `${venueNames[venue]} answers again, after ${Math.max(1, Math.round(openMs / 1000))} s.`;
        log.info({ venue, openMs }, 'a broker answers again');
        tell(async () => {
          await parts.events.append([
            { kind: 'breaker.closed', accountId, data: { venue, openSeconds: openMs / 1000, sentence } },
          ]);
          await alarms.clear(key, sentence);
        });
      },
      // One that an earlier process left open.
      firstAnswer: () => tell(() => alarms.clear(key, `${venueNames[venue]} answers.`)),
    };
  }

  return {
    of({ accountId, venue }, broker) {
      const known = guarded.get(accountId);
      if (known?.broker === broker) return known.guard;
      const turns = createTurns({ clock, perMinute: () => perMinute(venue) });
      const breaker = breakerOf(venue, accountId);
      const guard = guardBroker({ broker, turns, breaker, clock, random });
      guarded.set(accountId, { broker, guard, turns, breaker });
      return guard;
    },
    problem(accountId) {
      const known = guarded.get(accountId);
      if (!known) return null;
      if (known.breaker.state() !== 'closed')
        return 'The broker does not answer: no entries are sent. Exits are tried on.';
      const pausedMs = known.turns.pausedMs();
      if (pausedMs > 0) return `The broker limits our rate: all but exits wait for ${Math.ceil(pausedMs / 1000)} s.`;
      return null;
    },
    line(accountId) {
      const known = guarded.get(accountId);
      return {
        answers: !known || known.breaker.state() === 'closed',
        waiting: known?.turns.waiting() ?? 0,
        pausedSeconds: (known?.turns.pausedMs() ?? 0) / 1000,
      };
    },
  };
}
