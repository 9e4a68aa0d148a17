import type { RiskReport } from '../model/risk-overview.ts';
import type { Page } from './paging.ts';

/** A line of the list of reports. */
export interface RiskReportLine {
  readonly day: string;
  readonly final: boolean;
  readonly madeAt: string;
  readonly madeBy: string | null;
  readonly through: string;
  readonly breaches: number;
  readonly refusals: number;
  readonly limitChanges: number;
}

/** Daily reports. One a day; what is final is never changed. */
export interface RiskReportStore {
  /**
   * Keeps a report, with the event `risk.reported` in the same transaction. One that is not final is replaced by whatever comes after. False:
   * there is a final one of the day, which stays as it is.
   */
  keep(report: RiskReport): Promise<boolean>;
  find(day: string): Promise<RiskReport | null>;
  /** The newest day first. Throws `BadCursor`. */
  list(query: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<RiskReportLine>>;
  /** Of these days, those that have no final report. */
  missing(days: readonly string[]): Promise<readonly string[]>;
}
