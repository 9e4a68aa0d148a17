import { boolean, date, jsonb, pgTable, timestamp } from 'drizzle-orm/pg-core';
import type { RiskReport } from '../../../core/model/risk-overview.ts';

/** The risk report of each day; a trigger refuses to change a final one. */
export const riskReports = pgTable('risk_reports', {
  /** In New York. */
  day: date('day').primaryKey(),
  final: boolean('final').notNull(),
  madeAt: timestamp('made_at', { withTimezone: true, mode: 'date' }).notNull(),
  report: jsonb('report').$type<RiskReport>().notNull(),
});
