import type { StoredEvent } from '../../core/model/event.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { Mode } from '../../core/model/mode.ts';
import type { Quarantine } from '../../core/model/sequence.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Quarantines, SignsOfLife } from '../../core/ports/missing-alerts.ts';
import type { SettingsStore, StrategyRecord } from '../../core/ports/settings.ts';
import { expectedBy } from './expected-by.ts';

export interface MissingAlertWatchParts {
  readonly settings: Pick<SettingsStore, 'strategies' | 'strategy'>;
  readonly quarantines: Pick<Quarantines, 'open'>;
  readonly signs: Pick<SignsOfLife, 'last'>;
  readonly alarms: Pick<Alarms, 'raise' | 'clear' | 'open'>;
  readonly market: Pick<MarketFacts, 'session'>;
  /** The mode and the name of an account; null: it is not known here. */
  account(accountId: string): { readonly name: string; readonly mode: Mode } | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** A minute is the least a heartbeat can be set to; silence is told within a quarter of it. */
const everyMs = 15_000;

export interface MissingAlertWatch {
  /** Looks now; never throws. */
  look(): Promise<void>;
  /** Looks at once where an event says that something has changed. */
  seen(batch: readonly Pick<StoredEvent, 'kind'>[]): void;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Holds alarms to what is stored: one for each open quarantine, and one for each strategy that has been silent for too long. It knows nothing
 * of its own, so that it goes on after a restart where it was, and several of them raise one alarm.
 */
export function createMissingAlertWatch(parts: MissingAlertWatchParts): MissingAlertWatch {
  const { settings, quarantines, signs, alarms, market, clock, log } = parts;
  let timer: Timer | null = null;
  let looking: Promise<void> = Promise.resolve();

  async function lookAtQuarantines(): Promise<void> {
    const open = await quarantines.open();
    for (const one of open) {
      const account = parts.account(one.accountId);
      await alarms.raise({
        key: quarantineKey(one),
        kind: 'strategy.quarantined',
        severity: account?.mode === 'production' ? 'page' : 'warn',
        accountId: one.accountId,
        sentence: `${one.strategy} enters nothing in ${one.symbol}${account ? ` at ${account.name}` : ''} until a person clears it. ${one.sentence}`,
        data: {
          quarantineId: one.id,
          strategy: one.strategy,
          symbol: one.symbol,
          signalId: one.signalId,
          expected: one.expected,
          found: one.found,
        },
      });
    }
    await clearOthers('quarantine:', new Set(open.map(quarantineKey)), () => 'A person has cleared it.');
  }

  async function lookAtSilence(): Promise<void> {
    const asked = settings.strategies().filter(({ enabled, settings: { heartbeat } }) => enabled && heartbeat !== null);
    const heard = await signs.last(asked.map(({ key }) => key));
    const silent = new Set<string>();
    for (const strategy of asked) {
      const life = lifeOf(strategy, heard.get(strategy.key)?.at ?? null, market)!;
      if (life.silentFrom > clock.now()) continue;
      silent.add(silenceKey(strategy.key));
      await alarms.raise({
        key: silenceKey(strategy.key),
        kind: 'strategy.silent',
        severity: strategy.mode === 'production' ? 'page' : 'warn',
        sentence: `${strategy.key} has not been heard of since ${life.since.toISOString()}; its next sign of life was expected by ${life.expectedBy.toISOString()}. Alerts of it may be missing: look at its alert at the sender.`,
        data: {
          strategy: strategy.key,
          lastAt: heard.get(strategy.key)?.at.toISOString() ?? null,
          expectedBy: life.expectedBy.toISOString(),
        },
      });
    }
    await clearOthers('silence:', silent, (key) => {
      const at = heard.get(key.slice('silence:'.length))?.at;
      return at ? `It was heard of at ${at.toISOString()}.` : 'It is not asked for signs of life any more.';
    });
  }

  async function clearOthers(prefix: string, kept: ReadonlySet<string>, how: (key: string) => string): Promise<void> {
    for (const { key } of await alarms.open()) {
      if (key.startsWith(prefix) && !kept.has(key)) await alarms.clear(key, how(key));
    }
  }

  async function look(): Promise<void> {
    for (const [what, one] of [['quarantines', lookAtQuarantines] as const, ['silence', lookAtSilence] as const]) {
      try {
        await one();
      } catch (error) {
        log.warn({ err: error, what }, 'the watch over missing alerts could not look; it looks again');
      }
    }
  }

  const next = (): void => {
    looking = looking.then(look);
  };

  return {
    async look() {
      next();
      await looking;
    },
    seen(batch) {
      if (batch.some(({ kind }) => kind.startsWith('strategy.quarantine'))) next();
    },
    start() {
      next();
      timer = clock.every(everyMs, next);
    },
    async stop() {
      timer?.cancel();
      await looking;
    },
  };
}

const quarantineKey = ({ id }: Pick<Quarantine, 'id'>): string => `quarantine:${id}`;
const silenceKey = (strategy: string): string => `silence:${strategy}`;

/** How it stands with a strategy's signs of life. */
export interface Life {
  /** The last sign, or from when on it is waited for one: the last change of its settings, where that is later. */
  readonly since: Date;
  readonly expectedBy: Date;
  /** With the grace: from then on somebody is told. */
  readonly silentFrom: Date;
}

/** Null: it is not asked for any. What was heard before its settings were changed last does not count as late by the new ones. */
export function lifeOf(
  { settings: { heartbeat }, updatedAt }: Pick<StrategyRecord, 'settings' | 'updatedAt'>,
  lastAt: Date | null,
  market: Pick<MarketFacts, 'session'>,
): Life | null {
  if (heartbeat === null) return null;
  const { everyMinutes, graceMinutes, when } = heartbeat;
  const since = lastAt !== null && lastAt > updatedAt ? lastAt : updatedAt;
  return {
    since,
    expectedBy: expectedBy(since, everyMinutes, when, market),
    silentFrom: expectedBy(since, everyMinutes + graceMinutes, when, market),
  };
}
