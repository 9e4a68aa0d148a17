import { createAlertRuleStore } from '../adapters/database/alert-rule-store/alert-rule-store.ts';
import type { Sql } from '../adapters/database/connect.ts';
import { type AlertRuleDeskParts, createAlertRuleDesk } from '../build/alert-rule-desk.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Random } from '../core/ports/random.ts';
import type { AlertRuleDesk } from '../http/alert-rule-desk.ts';
import { loadAlertKinds } from '../platform/alert-rules/load-kinds.ts';
import { createToldReadings } from './alert-readings.ts';

/** The desk of alert rules over a database, with nothing to look at. */
export async function openAlertRuleDesk(
  parts: Pick<AlertRuleDeskParts, 'settings' | 'accounts'> & {
    readonly sql: Sql;
    readonly clock: Clock;
    readonly random: Random;
    readonly committed: () => void;
  },
): Promise<AlertRuleDesk> {
  const { settings, accounts, ...store } = parts;
  const shared = { settings, accounts, readings: createToldReadings(parts.clock).readings };
  return createAlertRuleDesk({ ...shared, kinds: await loadAlertKinds(), rules: createAlertRuleStore(store) });
}
