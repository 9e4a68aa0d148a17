import { cancelReason, type KillSwitch, targetInWords } from '../../core/model/kill-switch.ts';
import type { KillSwitchParts } from './kill-switches.ts';

/** How often what is engaged is carried on when nothing tells that it can be. */
const sweepEveryMs = 1000;
/** A cancel that the broker has been asked for is asked again after this. */
const askAgainMs = 5000;
/** A switch that was told to flatten pages a person when something is held after this. */
const flatWithinMs = 60_000;

/** Carries out what is engaged. Everything it goes by is stored, so it goes on after a crash, in whichever process works. */
export interface Sweeper {
  /** Carries on now, unless it is at it already: then once more. */
  sweep(): void;
  /** It was lifted. */
  forget(id: string): Promise<void>;
  work(): () => Promise<void>;
}

export function createSweeper({
  store,
  settings,
  leave,
  alarms,
  clock,
  log,
}: Omit<KillSwitchParts, 'file' | 'random'>): Sweeper {
  let working = false;
  let again = false;
  let running: Promise<void> | null = null;
  const alarmOf = (id: string): string => `kill-switch:${id}`;

  async function carryOn(killSwitch: KillSwitch): Promise<void> {
    const entries = await store.openEntries(killSwitch);
    const nowMs = clock.now().getTime();
    // One whose outcome is unclear has a job that waits for it: it is cancelled when it turns out to have been taken.
    const toAsk = entries.filter(
      (entry) => entry.status !== 'pending_cancel' || nowMs - entry.updatedAt.getTime() > askAgainMs,
    );
    await store.askCancels(
      toAsk.map((entry) => entry.orderId),
      cancelReason(killSwitch),
    );
    if (entries.length === 0 && killSwitch.cancelledAt === null) await store.recordCancelled(killSwitch.id);
    if (!killSwitch.flatten) return;
    const lots = await store.held(killSwitch);
    for (const lot of lots) await leave(lot, killSwitch);
    if (lots.length === 0 && entries.length === 0) {
      if (killSwitch.flatAt === null) await store.recordFlat(killSwitch.id);
      await alarms.clear(alarmOf(killSwitch.id), 'Nothing is held any more.');
    } else if (lots.length > 0 && nowMs - killSwitch.engagedAt.getTime() > flatWithinMs) {
      const symbols = [...new Set(lots.map((lot) => lot.symbol))].join(', ');
      await alarms.raise({
        key: alarmOf(killSwitch.id),
        kind: 'kill_switch.incomplete',
        severity: 'page',
        sentence: `The kill switch for ${targetInWords(killSwitch)} was told to close what is held, and ${symbols} is still held. Its exits are tried again.`,
      });
    }
  }

  async function round(): Promise<void> {
    for (const killSwitch of await store.engaged()) {
      try {
        await carryOn(killSwitch);
      } catch (error) {
        log.warn({ error, killSwitch: killSwitch.id }, 'a kill switch could not be carried on; it will be tried again');
      }
    }
  }

  function sweep(): void {
    if (!working || settings.current().killSwitches.length === 0) return;
    if (running) {
      again = true;
      return;
    }
    running = (async () => {
      do {
        again = false;
        await round();
      } while (again && working);
    })()
      .catch((error: unknown) => log.warn({ error }, 'kill switches could not be read; they will be again'))
      .finally(() => {
        running = null;
      });
  }

  return {
    sweep,
    forget: (id) => alarms.clear(alarmOf(id), 'The kill switch was lifted.').catch(() => undefined),
    work() {
      working = true;
      const stops = [settings.onChange(sweep)];
      const timer = clock.every(sweepEveryMs, sweep);
      sweep();
      return async () => {
        working = false;
        timer.cancel();
        for (const stop of stops) stop();
        await running;
      };
    },
  };
}
