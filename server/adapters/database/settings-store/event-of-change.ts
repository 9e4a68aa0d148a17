import type { NewEvent } from '../../../core/model/event.ts';
import type { KillSwitch, SettingKey, Settings } from '../../../core/model/settings.ts';

/** The event a changed setting is told by: mode and kill switch have their own. */
export function eventOfChange<K extends SettingKey>(key: K, from: Settings[K], to: Settings[K], by: string): NewEvent {
  if (key === 'kill_switch') {
    const next = to as KillSwitch;
    return {
      kind: next.engaged ? 'kill_switch.engaged' : 'kill_switch.released',
      data: { engaged: next.engaged, reason: next.reason, by, at: next.at },
    };
  }
  return { kind: key === 'mode.master' ? 'mode.changed' : 'settings.changed', data: { key, from, to, by } };
}
