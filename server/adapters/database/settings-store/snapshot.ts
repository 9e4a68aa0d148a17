import type { Mode } from '../../../core/model/mode.ts';
import type { SettingKey, Settings } from '../../../core/model/settings.ts';
import type { StrategyRecord } from '../../../core/ports/settings.ts';
import type { Statements } from '../event-reader/append-events.ts';
import { selectEngaged, toKillSwitch } from '../kill-switch-store/rows.ts';
import { selectLimits, toLimits } from '../limit-store/rows.ts';
import { readSetting, readStrategySettings, settingKeys } from './shapes.ts';

/** Everything as it stood at one moment. */
export interface Snapshot {
  readonly settings: Settings;
  readonly strategies: ReadonlyMap<string, StrategyRecord>;
}

export interface StrategyRow {
  key: string;
  mode: Mode;
  enabled: boolean;
  settings: unknown;
  updatedAt: Date;
}

export const toStrategy = (row: StrategyRow): StrategyRecord => ({
  ...row,
  settings: readStrategySettings(row.key, row.settings),
});

/** Reads settings and strategies anew; throws on a stored value that cannot be used. */
export async function readSnapshot(sql: Statements): Promise<Snapshot> {
  const [stored, strategies, engaged, limits] = await Promise.all([
    sql<{ key: string; value: unknown }[]>`select key, value from settings`,
    sql<StrategyRow[]>`
      select key, mode, enabled, settings, updated_at as "updatedAt" from strategies order by key`,
    selectEngaged(sql),
    selectLimits(sql),
  ]);
  const values = new Map(stored.map((row) => [row.key, row.value]));
  const read = (key: SettingKey) => [key, readSetting(key, values.get(key))];
  const killSwitches = engaged.map(toKillSwitch);
  return {
    settings: {
      ...Object.fromEntries(settingKeys.map(read)),
      killSwitches,
      limits: toLimits(limits),
    } as unknown as Settings,
    strategies: new Map(strategies.map((row) => [row.key, toStrategy(row)])),
  };
}
