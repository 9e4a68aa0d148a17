import type { ParameterValue, ScopeKind, Severity, StoredLimit } from '../../../core/model/risk-limit.ts';
import type { LimitVersion } from '../../../core/ports/limit-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

export interface LimitRow {
  readonly rule: string;
  readonly scopeKind: ScopeKind;
  readonly scopeName: string;
  readonly version: number;
  readonly removed: boolean;
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly parameters: Record<string, ParameterValue>;
  readonly author: string;
  readonly reason: string;
  readonly at: Date;
}

/** The columns a limit is read from. */
export const columns = (sql: Statements) => sql`
  rule, scope_kind as "scopeKind", scope_name as "scopeName", version, removed, enabled, severity, parameters, author, reason, at`;

export const toVersion = ({ scopeKind, scopeName, enabled, ...row }: LimitRow): LimitVersion => ({
  ...row,
  scope: { kind: scopeKind, name: scopeName },
  on: enabled,
});

/** Asks for the newest version of each. Within a transaction that holds the lock on `settings` nothing can be added to them. */
export const selectLimits = (sql: Statements) => sql<LimitRow[]>`
  select * from (
    select distinct on (rule, scope_kind, scope_name) ${columns(sql)} from risk_limits
    order by rule, scope_kind, scope_name, version desc
  ) as newest where not removed`;

export const toLimits = (rows: readonly LimitRow[]): readonly StoredLimit[] => rows.map(toVersion);
