import { isDeepStrictEqual } from 'node:util';
import type postgres from 'postgres';
import type { NewEvent } from '../../../core/model/event.ts';
import { type KillSwitch, sameTarget } from '../../../core/model/kill-switch.ts';
import type { Mode } from '../../../core/model/mode.ts';
import {
  defaultStrategySettings,
  type SettingKey,
  type Settings,
  type StrategySettings,
} from '../../../core/model/settings.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { SettingsStore, StrategyRecord } from '../../../core/ports/settings.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { killSwitchChannel } from '../kill-switch-store/kill-switch-store.ts';
import { eventOfChange } from './event-of-change.ts';
import { readSetting, readStrategySettings } from './shapes.ts';
import { readSnapshot, type StrategyRow, toStrategy } from './snapshot.ts';

export interface SettingsStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** How long another process's change may go unseen when no event told of it. Two small queries each time. */
export const refreshEveryMs = 1_000;

/**
 * Strategies that always exist: what unknown ones are taken for, and what a person's own alerts go by. A person who closes a live position
 * must not be sent to paper by the strategy; the other three still have to agree.
 */
const seeded = ['default', 'manual'] as const;

/** Settings and strategies in PostgreSQL, behind a snapshot that is read before this returns. `stop` ends its refreshing. */
export async function createSettingsStore(
  options: SettingsStoreOptions,
): Promise<SettingsStore & { stop(): Promise<void> }> {
  const { sql, clock, log } = options;
  await seed(sql, clock.now());
  let snapshot = await readSnapshot(sql);
  let heldHere: readonly KillSwitch[] = [];
  let settings = withHeld(snapshot.settings, heldHere);
  const listeners = new Set<(settings: Settings) => void>();

  // One read at a time: a slow one that began earlier must not overwrite what a later one saw.
  let reading: Promise<void> = Promise.resolve();
  const read = async () => {
    snapshot = await readSnapshot(sql);
    apply();
  };
  const apply = () => {
    const before = settings;
    settings = withHeld(snapshot.settings, heldHere);
    if (!isDeepStrictEqual(before, settings)) for (const listener of listeners) listener(settings);
  };
  const refresh = (): Promise<void> => {
    reading = reading.then(read, read);
    return reading;
  };
  const couldNotRead = (error: unknown) =>
    log.error({ err: error }, 'settings could not be read again; the last ones stay in force');
  let due = true;
  const timer = clock.every(refreshEveryMs, () => {
    if (!due) return;
    due = false;
    refresh()
      .catch(couldNotRead)
      .finally(() => {
        due = true;
      });
  });

  // A kill switch must not wait for the next look. Whenever the connection came back, what was told meanwhile is looked up.
  const listening = await sql.listen(
    killSwitchChannel,
    () => void refresh().catch(couldNotRead),
    () => void refresh().catch(couldNotRead),
  );

  return {
    current: () => settings,
    strategies: () => [...snapshot.strategies.values()],
    strategy: (key) => {
      const known = snapshot.strategies.get(key);
      return known ?? { ...snapshot.strategies.get('default')!, key };
    },
    holdKillSwitches: (held) => {
      heldHere = held;
      apply();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,

    change: async (key, value, by) => {
      const changed = await change(sql, clock.now(), key, value, by);
      if (changed) options.committed?.();
      await refresh();
      return settings;
    },

    lastChange: async (key) => {
      const [row] = await sql<{ updated_at: Date; updated_by: string }[]>`
        select updated_at, updated_by from settings where key = ${key}`;
      return row ? { at: row.updated_at, by: row.updated_by } : null;
    },

    changeStrategy: async (key, wish, by, also) => {
      const { strategy, changed } = await changeStrategy(sql, clock.now(), key, wish, by, also);
      if (changed) options.committed?.();
      await refresh();
      return strategy;
    },

    stop: async () => {
      timer.cancel();
      await listening.unlisten().catch(() => undefined);
      await reading.catch(() => undefined);
    },
  };
}

const withHeld = (stored: Settings, held: readonly KillSwitch[]): Settings => {
  const more = held.filter((one) => !stored.killSwitches.some((other) => sameTarget(one, other)));
  return more.length === 0 ? stored : { ...stored, killSwitches: [...stored.killSwitches, ...more] };
};

async function seed(sql: postgres.Sql, now: Date): Promise<void> {
  for (const key of seeded) {
    await sql`
      insert into strategies (key, mode, enabled, settings, updated_at)
      values (${key}, ${key === 'manual' ? 'production' : 'paper'}, true, ${sql.json({ ...defaultStrategySettings })}, ${now})
      on conflict (key) do nothing`;
  }
}

/** Stores one setting with its event. Writers queue at the table's lock, so that each event's `from` is what stood before it. */
async function change<K extends SettingKey>(
  sql: postgres.Sql,
  now: Date,
  key: K,
  value: Settings[K],
  by: string,
): Promise<boolean> {
  const to = readSetting(key, value);
  return sql.begin(async (tx) => {
    const [, [row]] = await Promise.all([
      tx`lock table settings in share row exclusive mode`,
      tx<{ value: unknown }[]>`select value from settings where key = ${key}`,
    ]);
    const from = readSetting(key, row?.value);
    if (isDeepStrictEqual(from, to)) return false;
    await Promise.all([
      tx`
        insert into settings (key, value, updated_at, updated_by)
        values (${key}, ${tx.json(to as postgres.JSONValue)}, ${now}, ${by})
        on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at,
          updated_by = excluded.updated_by`,
      appendEvents(tx, [eventOfChange(key, from, to, by)]),
    ]);
    return true;
  });
}

async function changeStrategy(
  sql: postgres.Sql,
  now: Date,
  key: string,
  wish: { mode?: Mode; enabled?: boolean; settings?: Partial<StrategySettings> },
  by: string,
  also: NewEvent | undefined,
): Promise<{ strategy: StrategyRecord; changed: boolean }> {
  return sql.begin(async (tx) => {
    const [, rows] = await Promise.all([
      tx`lock table strategies in share row exclusive mode`,
      tx<StrategyRow[]>`
        select key, mode, enabled, settings, updated_at as "updatedAt" from strategies where key in (${key}, 'default')`,
    ]);
    const known = rows.find((row) => row.key === key);
    const before = toStrategy(known ?? { ...rows.find((row) => row.key === 'default')!, key });
    const after: StrategyRecord = {
      key,
      mode: wish.mode ?? before.mode,
      enabled: wish.enabled ?? before.enabled,
      settings: readStrategySettings(key, { ...before.settings, ...wish.settings }),
      updatedAt: now,
    };
    const { updatedAt: _then, ...from } = before;
    const { updatedAt: _now, ...to } = after;
    if (known && isDeepStrictEqual(from, to)) return { strategy: before, changed: false };
    await Promise.all([
      tx`
        insert into strategies (key, mode, enabled, settings, updated_at)
        values (${key}, ${after.mode}, ${after.enabled}, ${tx.json({ ...after.settings })}, ${now})
        on conflict (key) do update set mode = excluded.mode, enabled = excluded.enabled, settings = excluded.settings,
          updated_at = excluded.updated_at`,
      appendEvents(tx, [
        { kind: 'strategy.changed', data: { key, from: known ? from : null, to, by } },
        ...(also ? [also] : []),
      ]),
    ]);
    return { strategy: after, changed: true };
  });
}
