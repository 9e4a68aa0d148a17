import type { KillSwitch } from '../core/model/kill-switch.ts';
import type { NewKillSwitch } from '../core/ports/kill-switch-store.ts';

const at = new Date('2026-11-20T16:00:00Z');

/** An engaged switch for everything, unless said otherwise. */
export const killSwitch = (change: Partial<KillSwitch> = {}): KillSwitch => ({
  id: '00000000-0000-4000-8000-000000000001',
  scope: 'all',
  key: '',
  name: change.key ?? '',
  reason: 'bad data',
  by: 'ada',
  via: 'dashboard',
  flatten: false,
  requestedAt: at,
  engagedAt: at,
  stoppedAt: at,
  lastEntryAt: null,
  cancelled: null,
  cancelledAt: null,
  flatAt: null,
  lifted: null,
  ...change,
});

/** What engages one for everything, unless said otherwise. */
export const killWish = (change: Partial<NewKillSwitch> = {}): NewKillSwitch => ({
  scope: 'all',
  key: '',
  reason: 'bad data',
  by: 'ada',
  via: 'api',
  flatten: false,
  requestedAt: at,
  ...change,
});
