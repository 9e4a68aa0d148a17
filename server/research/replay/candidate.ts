import type { Mode } from '../../core/model/mode.ts';
import type { LimitScope, StoredLimit } from '../../core/model/risk-limit.ts';
import type { ApprovalSettings, StoredSettings, StrategySettings } from '../../core/model/settings.ts';
import type { StrategyRecord } from '../../core/ports/settings.ts';
import type { InForce } from '../../pipeline/restore-facts.ts';

/** A changed configuration: what is laid over the one that was in force. */
export interface Candidate {
  readonly settings: {
    readonly 'mode.master'?: StoredSettings['mode.master'];
    readonly approvals?: Partial<ApprovalSettings>;
  };
  /** By key; `default` is for strategies that have no row of their own. */
  readonly strategies: ReadonlyMap<string, StrategyChange>;
  readonly limits: readonly CandidateLimit[];
}

export interface StrategyChange {
  readonly mode?: Mode;
  readonly enabled?: boolean;
  readonly settings: Partial<Omit<StrategySettings, 'bounds'>> & {
    readonly bounds?: Partial<StrategySettings['bounds']>;
  };
}

/** A limit in place of the one for the same rule and scope; null: that one is taken away. */
export interface CandidateLimit {
  readonly rule: string;
  readonly scope: LimitScope;
  readonly limit: StoredLimit | null;
}

/** Nothing is changed. */
export const unchanged: Candidate = { settings: {}, strategies: new Map(), limits: [] };

/** Lays a candidate over what was in force. Whether a strategy has a row of its own says whether `default` is meant for it. */
export function createOverlay(
  { settings, strategies, limits }: Candidate,
  hasRow: (strategy: string) => boolean,
): (inForce: InForce) => InForce {
  const changed = new Set(limits.map(keyOf));
  const added = limits.flatMap(({ limit }) => (limit ? [limit] : []));
  // One list for all decisions under the same limits, so that the book that is made of it is made once.
  const overlaid = new WeakMap<readonly StoredLimit[], readonly StoredLimit[]>();
  const over = (stored: readonly StoredLimit[]): readonly StoredLimit[] => {
    if (limits.length === 0) return stored;
    const known = overlaid.get(stored) ?? [...stored.filter((one) => !changed.has(keyOf(one))), ...added];
    overlaid.set(stored, known);
    return known;
  };
  return ({ master, strategy, limits: stored, approvals }) => ({
    master: settings['mode.master'] ?? master,
    approvals: { ...approvals, ...settings.approvals },
    strategy: changeOf(
      strategy,
      strategies.get(strategy.key) ?? (hasRow(strategy.key) ? undefined : strategies.get('default')),
    ),
    limits: over(stored),
  });
}

const keyOf = ({ rule, scope }: { readonly rule: string; readonly scope: LimitScope }): string =>
  `${rule}\n${scope.kind}\n${scope.name}`;

function changeOf(strategy: StrategyRecord, change: StrategyChange | undefined): StrategyRecord {
  if (change === undefined) return strategy;
  const { bounds, ...settings } = change.settings;
  return {
    ...strategy,
    mode: change.mode ?? strategy.mode,
    enabled: change.enabled ?? strategy.enabled,
    settings: { ...strategy.settings, ...settings, bounds: { ...strategy.settings.bounds, ...bounds } },
  };
}
