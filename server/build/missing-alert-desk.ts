import type { QuarantineJson } from '../contract/missing-alerts.ts';
import type { MarketFacts } from '../core/model/market-facts.ts';
import type { Quarantine } from '../core/model/sequence.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Quarantines, SignsOfLife } from '../core/ports/missing-alerts.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import type { MissingAlertDesk } from '../http/missing-alert-desk.ts';
import { lifeOf } from '../platform/missing-alerts/missing-alert-watch.ts';

/** As many cleared ones as a page shows. */
const mostShown = 100;

/** Answers what is asked of quarantines and signs of life. */
export function createMissingAlertDesk(parts: {
  readonly quarantines: Quarantines;
  readonly signs: Pick<SignsOfLife, 'last'>;
  readonly settings: Pick<SettingsStore, 'strategies'>;
  readonly market: Pick<MarketFacts, 'session'>;
  readonly clock: Pick<Clock, 'now'>;
}): MissingAlertDesk {
  const { quarantines, signs, settings, market, clock } = parts;
  return {
    quarantines: async () => (await quarantines.newest(mostShown)).map(shown),
    async clear(id, by, reason) {
      const done = await quarantines.clear(id, by, reason);
      return done && { quarantine: shown(done.quarantine), cleared: done.cleared };
    },
    async signs() {
      const strategies = settings.strategies();
      const heard = await signs.last(strategies.map(({ key }) => key));
      const now = clock.now();
      return strategies.map((strategy) => {
        const last = heard.get(strategy.key) ?? null;
        const life = strategy.enabled ? lifeOf(strategy, last?.at ?? null, market) : null;
        return {
          strategy: strategy.key,
          lastAt: last?.at.toISOString() ?? null,
          by: last?.by ?? null,
          expectedBy: life?.expectedBy.toISOString() ?? null,
          silentFrom: life?.silentFrom.toISOString() ?? null,
          silent: life !== null && life.silentFrom <= now,
        };
      });
    },
  };
}

const shown = ({ openedAt, cleared, ...rest }: Quarantine): QuarantineJson => ({
  ...rest,
  openedAt: openedAt.toISOString(),
  cleared: cleared && { ...cleared, at: cleared.at.toISOString() },
  receiptUrl: `/signals/${rest.signalId}`,
});
