import type { NewEvent } from '../model/event.ts';
import type { KillSwitch } from '../model/kill-switch.ts';
import type { Mode } from '../model/mode.ts';
import type { SettingKey, Settings, StrategySettings } from '../model/settings.ts';

export interface StrategyRecord {
  readonly key: string;
  readonly mode: Mode;
  readonly enabled: boolean;
  readonly settings: StrategySettings;
  readonly updatedAt: Date;
}

/** Settings and strategies. Reads are from a snapshot that follows changes of any process within a second. */
export interface SettingsStore {
  /** The current snapshot; never waits. */
  current(): Settings;
  /** The strategy of this key, or `default` under that key's name when it is not known. From the snapshot. */
  strategy(key: string): StrategyRecord;
  strategies(): readonly StrategyRecord[];
  /** Stores the new value with its event (`settings.changed` or `mode.changed`) in one transaction. */
  change<K extends SettingKey>(key: K, value: Settings[K], by: string): Promise<Settings>;
  /** When and by whom a setting was last changed; null: never. */
  lastChange(key: SettingKey): Promise<{ readonly at: Date; readonly by: string } | null>;
  changeStrategy(
    key: string,
    change: { mode?: Mode; enabled?: boolean; settings?: Partial<StrategySettings> },
    by: string,
    /** Stored with the change, beside its own event. */
    also?: NewEvent,
  ): Promise<StrategyRecord>;
  /** Reads everything anew; called on change events of other processes and on a timer. */
  refresh(): Promise<void>;
  /** Kill switches that this process goes by at once, before they are stored and though they could not be; replaces those of the last call. */
  holdKillSwitches(held: readonly KillSwitch[]): void;
  onChange(listener: (settings: Settings) => void): () => void;
}
