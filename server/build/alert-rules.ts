import type { MarketFacts } from '../core/model/market-facts.ts';
import type { AlertRuleDesk } from '../http/alert-rule-desk.ts';
import { type AlertRuleWatch, createAlertRuleWatch } from '../platform/alert-rules/alert-rule-watch.ts';
import { loadAlertKinds } from '../platform/alert-rules/load-kinds.ts';
import { createAlertReadings } from './alert-readings.ts';
import { createAlertRuleDesk } from './alert-rule-desk.ts';
import { anyMarket } from './any-market.ts';
import type { Parts } from './parts.ts';

/** What looks after alert rules, and what answers for them. */
export async function createAlertRules(
  parts: Pick<Parts, 'stores' | 'settings' | 'alarms' | 'links' | 'barHistory' | 'clock' | 'log'> & {
    readonly facts: Pick<MarketFacts, 'session'>;
    connected(accountId: string): boolean;
    /** Has prices come of the symbols that rules look at. */
    followSymbols(): Promise<void>;
  },
): Promise<{ readonly watch: AlertRuleWatch; readonly desk: AlertRuleDesk }> {
  const { stores, settings, alarms, clock, log } = parts;
  const kinds = await loadAlertKinds();
  const readings = createAlertReadings({
    marketData: anyMarket(parts.links),
    books: stores.riskBooks,
    failures: stores.failures,
    letters: stores.deadLetters,
    signs: stores.signs,
    history: parts.barHistory,
    connected: parts.connected,
    market: parts.facts,
    clock,
  });
  const shared = { kinds, rules: stores.alertRules, readings };
  return {
    watch: createAlertRuleWatch({
      ...{ ...shared, alarms, clock, log },
      onSymbols() {
        parts
          .followSymbols()
          .catch((error: unknown) => log.warn({ error }, 'prices for an alert rule could not be asked for'));
      },
    }),
    desk: createAlertRuleDesk({
      ...shared,
      settings,
      accounts: async () =>
        (await stores.accounts.list()).filter((one) => one.archivedAt === null).map((one) => one.accountId),
    }),
  };
}
