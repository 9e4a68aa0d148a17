import type { RiskReport } from '../core/model/risk-overview.ts';
import type { RiskReportStore } from '../core/ports/risk-reports.ts';
import type { RiskFiguresDesk } from '../http/risk-figures-desk.ts';
import type { RiskOverview } from './risk-overview.ts';
import type { ReportWish } from './risk-report-maker.ts';

export interface RiskFiguresDeskParts {
  readonly overview: Pick<RiskOverview, 'figures'>;
  readonly reports: RiskReportStore;
  make(wish: ReportWish): Promise<RiskReport>;
  pdf(report: RiskReport): Promise<Uint8Array>;
}

/** What people ask of the figures and of the reports. */
export function createRiskFiguresDesk({ overview, reports, make, pdf }: RiskFiguresDeskParts): RiskFiguresDesk {
  return {
    figures: () => overview.figures(),
    reports: (query) => reports.list(query),
    report: (day) => reports.find(day),
    async makeNow(caller) {
      const report = await make({ of: 'today', by: caller.name });
      if (await reports.keep(report)) return report;
      // The final one was made meanwhile, or earlier today: that is the day's.
      return (await reports.find(report.day)) ?? report;
    },
    pdf: (report) => pdf(report),
  };
}
