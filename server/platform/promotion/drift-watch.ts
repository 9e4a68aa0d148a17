import type { DriftJson } from '../../contract/promotion.ts';
import { decimal } from '../../core/decimal.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { EventWriter } from '../../core/ports/event-writer.ts';
import type { Log } from '../../core/ports/log.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import { dateIn, marketZone } from '../../core/zoned-day.ts';

export interface DriftWatchParts {
  readonly settings: Pick<SettingsStore, 'current' | 'strategies'>;
  /** Over the signals decided within these days. */
  drift(strategy: string, days: number): Promise<DriftJson>;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly events: Pick<EventWriter, 'appendOnce'>;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 600_000;
/** How far back it is looked: long enough for a strategy that trades once a day. */
const days = 30;
/** Fewer pairs say nothing about a median. */
export const fewestPairs = 10;

/**
 * Watches how far the strategies in production are from their shadows on paper: told once a market day, and an alarm while the median
 * is worse than what a promotion allows. Safe in several processes, and across restarts: the alarm is one by its key, the day's figures
 * by strategy and day.
 */
export function createDriftWatch(parts: DriftWatchParts): {
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
} {
  const { settings, alarms, clock, log } = parts;
  let timer: Timer | null = null;
  let looking: Promise<void> = Promise.resolve();

  async function lookAt(strategy: string): Promise<void> {
    const drift = await parts.drift(strategy, days);
    const limit = decimal(settings.current().promotion.maxSlippageBps);
    const key = `drift:${strategy}`;
    if (drift.medianBps !== null && drift.pairs >= fewestPairs && decimal(drift.medianBps).gt(limit)) {
      await alarms.raise({
        key,
        kind: 'shadow.drift',
        severity: 'warn',
        sentence: `Half of the orders of ${strategy} are filled ${drift.medianBps} basis points or more worse in production than on paper; ${limit.toFixed()} were allowed when it was promoted.`,
        data: { strategy, medianBps: drift.medianBps, pairs: drift.pairs, limitBps: limit.toFixed() },
      });
    } else await alarms.clear(key, `Production of ${strategy} is within the limit of paper again.`);
    if (drift.pairs === 0) return;
    const { points: _points, results: _results, ...figures } = drift;
    const day = dateIn(clock.now(), marketZone);
    await parts.events.appendOnce({ kind: 'shadow.measured', data: { key: strategy, day, days, ...figures } });
  }

  async function look(): Promise<void> {
    for (const { key, mode } of settings.strategies()) {
      if (mode !== 'production') continue;
      try {
        await lookAt(key);
      } catch (error) {
        log.warn({ error, strategy: key }, 'how far production is from paper could not be measured; it is tried again');
      }
    }
  }

  return {
    look,
    start() {
      const next = () => {
        looking = looking.then(look);
      };
      next();
      timer = clock.every(everyMs, next);
    },
    async stop() {
      timer?.cancel();
      await looking;
    },
  };
}
