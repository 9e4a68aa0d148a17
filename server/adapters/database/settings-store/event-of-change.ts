import type { NewEvent } from '../../../core/model/event.ts';
import type { SettingKey, Settings } from '../../../core/model/settings.ts';

/** The event a changed setting is told by: the mode has its own. */
export function eventOfChange<K extends SettingKey>(key: K, from: Settings[K], to: Settings[K], by: string): NewEvent {
  return { kind: key === 'mode.master' ? 'mode.changed' : 'settings.changed', data: { key, from, to, by } };
}
