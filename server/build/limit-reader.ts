import type { ApprovedOrder } from '../core/model/approved-order.ts';
import type { SettingsStore } from '../core/ports/settings.ts';
import { createLimitBooks, leastOf } from '../pipeline/risk/limit-book.ts';
import { ruleOf } from '../pipeline/risk/load-rules.ts';
import type { Rule } from '../pipeline/risk/rule.ts';

export interface LimitReaderParts {
  readonly rules: readonly Rule[];
  readonly settings: Pick<SettingsStore, 'current'>;
  sectorOf(symbol: string): string;
}

/** What the limits say beyond the gate. */
export interface LimitReader {
  /** For how long the alert of an order counts, in seconds. */
  alertSeconds(order: Pick<ApprovedOrder, 'accountId' | 'strategy' | 'symbol'>): number;
}

export function createLimitReader({ rules, settings, sectorOf }: LimitReaderParts): LimitReader {
  const books = createLimitBooks(rules);
  const alertAge = ruleOf(rules, 'alert-age');
  return {
    alertSeconds: ({ accountId, strategy, symbol }) =>
      leastOf(books(settings.current().limits), alertAge, 'maxAgeSeconds', {
        ...{ accountId, strategy, symbol },
        sector: sectorOf(symbol),
      }),
  };
}
