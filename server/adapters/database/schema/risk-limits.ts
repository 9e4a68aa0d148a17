import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ParameterValue, ScopeKind, Severity } from '../../../core/model/risk-limit.ts';

/**
 * Every version of every limit that a person set; a trigger refuses update and delete. The newest of a rule and scope is in force, unless it
 * says that the limit was taken away.
 */
export const riskLimits = pgTable(
  'risk_limits',
  {
    id: uuid('id').primaryKey(),
    rule: text('rule').notNull(),
    scopeKind: text('scope_kind').$type<ScopeKind>().notNull(),
    scopeName: text('scope_name').notNull(),
    version: integer('version').notNull(),
    removed: boolean('removed').notNull(),
    enabled: boolean('enabled').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    parameters: jsonb('parameters').$type<Record<string, ParameterValue>>().notNull(),
    author: text('author').notNull(),
    reason: text('reason').notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [
    uniqueIndex('risk_limits_version').on(table.rule, table.scopeKind, table.scopeName, table.version.desc()),
  ],
);
