import type { RiskFiguresJson, RiskReportJson, RiskReportLineJson } from '../contract/index.ts';
import type { Page } from '../core/ports/paging.ts';
import type { Caller } from '../platform/access/roles.ts';

/** The figures of the risk page, and the daily reports. */
export interface RiskFiguresDesk {
  /** At most some seconds old. */
  figures(): Promise<RiskFiguresJson>;
  /** The newest day first. Throws `BadCursor`. */
  reports(query: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<RiskReportLineJson>>;
  report(day: string): Promise<RiskReportJson | null>;
  /** Today's so far; where today has its final one, that. */
  makeNow(caller: Caller): Promise<RiskReportJson>;
  /** The report as a document to print. */
  pdf(report: RiskReportJson): Promise<Uint8Array>;
}
