import type postgres from 'postgres';
import type { Role } from '../../contract/primitives.ts';
import type { ApiTokenJson, TokenScope } from '../../contract/tokens.ts';
import { type Caller, mayDo } from '../../platform/access/roles.ts';

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly prefix: string | null;
  readonly scopes: TokenScope[] | null;
  readonly madeBy: string | null;
  readonly makerName: string | null;
  readonly makerRole: Role | null;
  readonly makerDisabledAt: Date | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly reason: string | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Tokens with whoever made them. */
export const tokenRows = (sql: postgres.Sql, where: postgres.PendingQuery<postgres.Row[]>) => sql<TokenRow[]>`
  select api_tokens.id, api_tokens.name, api_tokens.role, prefix, scopes, made_by as "madeBy", auth_users.name as "makerName",
    auth_users.role as "makerRole", auth_users.disabled_at as "makerDisabledAt", api_tokens.created_at as "createdAt",
    expires_at as "expiresAt", reason, last_used_at as "lastUsedAt", revoked_at as "revokedAt"
  from api_tokens left join auth_users on auth_users.id = made_by
  where ${where} order by api_tokens.created_at desc, api_tokens.id desc`;

export function stateOf(row: TokenRow, now: Date): ApiTokenJson['state'] {
  if (row.revokedAt) return 'revoked';
  if (row.expiresAt && row.expiresAt <= now) return 'expired';
  return row.makerDisabledAt ? 'maker_disabled' : 'good';
}

/** Never more than its maker may now: whoever is given a lower role has lower tokens at once. */
export const roleOf = ({ role, makerRole }: TokenRow): Role =>
  makerRole && !mayDo(makerRole, role) ? makerRole : role;

export const callerOf = (row: TokenRow): Caller => ({
  ...{ id: row.id, name: row.name, email: null, role: roleOf(row), by: 'token', scopes: row.scopes },
  mayStepUp: row.scopes === null || row.scopes.includes('production'),
});

export const shownToken = (row: TokenRow, now: Date, caller: Caller): ApiTokenJson => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  role: roleOf(row),
  scopes: row.scopes,
  madeBy: row.makerName,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  reason: row.reason,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  state: stateOf(row, now),
  mine: row.madeBy === caller.id,
});
