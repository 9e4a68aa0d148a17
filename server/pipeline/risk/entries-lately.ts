import type { ApprovedEntry } from '../../core/model/account-activity.ts';
import type { LimitScope } from '../../core/model/risk-limit.ts';
import type { RiskContext } from './rule.ts';

/** How many entries of the account were approved after a moment, of those that a limit's scope covers. */
export function entriesAfter(context: RiskContext, { kind, name }: LimitScope, moment: number): number {
  let count = 0;
  for (const entry of context.activity.entries) {
    // The newest come first.
    if (entry.at.getTime() <= moment) break;
    if (counts(entry)) count += 1;
  }
  return count;

  function counts({ strategy, symbol }: ApprovedEntry): boolean {
    if (kind === 'strategy') return strategy === name;
    if (kind === 'symbol') return symbol === name;
    if (kind === 'sector') return context.sectorOf(symbol) === name;
    return true;
  }
}

/** What a limit's scope counts, for a sentence: "this account", "the strategy momentum in this account". */
export const countedIn = ({ kind, name }: LimitScope): string => {
  if (kind === 'everything' || kind === 'account') return 'this account';
  return kind === 'symbol' ? `${name} in this account` : `the ${kind} ${name} in this account`;
};
