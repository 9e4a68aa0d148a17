import type postgres from 'postgres';
import type { RiskReport } from '../../../core/model/risk-overview.ts';
import { BadCursor } from '../../../core/ports/paging.ts';
import type { RiskReportLine, RiskReportStore } from '../../../core/ports/risk-reports.ts';
import { appendEvents } from '../event-reader/append-events.ts';

export interface RiskReportStoreOptions {
  readonly sql: postgres.Sql;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Risk reports in PostgreSQL. */
export function createRiskReportStore({ sql, committed }: RiskReportStoreOptions): RiskReportStore {
  return {
    async keep(report) {
      const kept = await sql.begin(async (tx) => {
        const rows = await tx`
          insert into risk_reports (day, final, made_at, report)
          values (${report.day}, ${report.final}, ${report.madeAt}, ${tx.json(report as unknown as postgres.JSONValue)})
          on conflict (day) do update set final = excluded.final, made_at = excluded.made_at, report = excluded.report
          where not risk_reports.final
          returning day`;
        if (rows.length === 0) return false;
        const { day, final, madeBy, breaches } = report;
        await appendEvents(tx, [
          { kind: 'risk.reported', data: { day, final, by: madeBy, breaches: breaches.length } },
        ]);
        return true;
      });
      if (kept) committed?.();
      return kept;
    },

    async find(day) {
      const [row] = await sql<{ report: RiskReport }[]>`select report from risk_reports where day = ${day}`;
      return row?.report ?? null;
    },

    async list({ limit, cursor }) {
      if (cursor !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(cursor))
        throw new BadCursor('the cursor is not a day of a report');
      const rows = await sql<RiskReportLine[]>`
        select to_char(day, 'YYYY-MM-DD') as day, final, report ->> 'madeAt' as "madeAt", report ->> 'madeBy' as "madeBy",
          report ->> 'through' as through, jsonb_array_length(report -> 'breaches') as breaches,
          jsonb_array_length(report -> 'limitChanges') as "limitChanges",
          (select coalesce(sum((r ->> 'deny')::int), 0)::int from jsonb_array_elements(report -> 'portfolios') p,
             jsonb_array_elements(p -> 'refusals') r where p ->> 'kind' = 'account') as refusals
        from risk_reports ${cursor === undefined ? sql`` : sql`where day < ${cursor}`}
        order by risk_reports.day desc limit ${limit + 1}`;
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.day ?? null) : null };
    },

    async missing(days) {
      if (days.length === 0) return [];
      const rows = await sql<{ day: string }[]>`
        select to_char(day, 'YYYY-MM-DD') as day from risk_reports where final and day = any(${[...days]}::date[])`;
      const there = new Set(rows.map(({ day }) => day));
      return days.filter((day) => !there.has(day));
    },
  };
}
