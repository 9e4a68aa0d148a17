import type { MarketFacts } from '../core/model/market-facts.ts';
import type { AccountStore } from '../core/ports/account-store.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { RiskBooks } from '../core/ports/risk-books.ts';
import type { RiskReportStore } from '../core/ports/risk-reports.ts';
import type { RiskFiguresDesk } from '../http/risk-figures-desk.ts';
import { createReportWatch } from '../platform/risk-reports/report-watch.ts';
import type { Parts } from './parts.ts';
import { createRiskFiguresDesk } from './risk-figures-desk.ts';
import { createRiskOverview, type RiskOverviewParts } from './risk-overview.ts';
import { createRiskReportMaker } from './risk-report-maker.ts';

export interface RiskDailyParts extends Omit<RiskOverviewParts, 'books' | 'market' | 'clock'> {
  readonly stores: {
    readonly riskBooks: RiskBooks;
    readonly riskReports: RiskReportStore;
    readonly accounts: Pick<AccountStore, 'list'>;
  };
  readonly facts: Pick<MarketFacts, 'dailyBars' | 'session'>;
  readonly reportPdf: Parts['reportPdf'];
  readonly clock: Clock;
  readonly log: Log;
}

/** The figures of the risk page, and the report of each day. */
export function createRiskDaily(parts: RiskDailyParts): {
  readonly desk: RiskFiguresDesk;
  /** Begins to make each day's report, in a process that works. */
  start(): void;
  stop(): Promise<void>;
} {
  const { stores, facts, rules, clock, log } = parts;
  const { riskBooks: books, riskReports: reports } = stores;
  const overview = createRiskOverview({ ...parts, books, market: facts });
  const make = createRiskReportMaker({
    ...{ overview, books, rules, clock },
    accountNames: async () => new Map((await stores.accounts.list()).map(({ accountId, name }) => [accountId, name])),
  });
  const watch = createReportWatch({
    ...{ reports, market: facts, clock, log },
    firstAt: () => books.firstAt(),
    async make(session) {
      if (await reports.keep(await make({ of: 'session', ...session }))) return;
      log.info({ closedAt: session.closedAt }, 'the risk report of the day was there already');
    },
  });
  return {
    desk: createRiskFiguresDesk({ overview, reports, make, pdf: parts.reportPdf }),
    start: () => watch.start(),
    stop: () => watch.stop(),
  };
}
