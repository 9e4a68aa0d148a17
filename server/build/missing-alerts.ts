import type { MarketFacts } from '../core/model/market-facts.ts';
import type { MissingAlertDesk } from '../http/missing-alert-desk.ts';
import { createMissingAlertWatch, type MissingAlertWatch } from '../platform/missing-alerts/missing-alert-watch.ts';
import { createMissingAlertDesk } from './missing-alert-desk.ts';
import type { Parts } from './parts.ts';

/** What looks after missing alerts, and what answers for them. */
export function createMissingAlerts({
  stores: { quarantines, signs },
  settings,
  alarms,
  links,
  facts,
  clock,
  log,
}: Pick<Parts, 'stores' | 'settings' | 'alarms' | 'links' | 'clock' | 'log'> & {
  readonly facts: Pick<MarketFacts, 'session'>;
}): { readonly watch: MissingAlertWatch; readonly desk: MissingAlertDesk } {
  const shared = { quarantines, signs, settings, market: facts, clock };
  return {
    watch: createMissingAlertWatch({
      ...shared,
      ...{ alarms, log },
      account: (accountId) => links.find(accountId)?.account ?? null,
    }),
    desk: createMissingAlertDesk(shared),
  };
}
