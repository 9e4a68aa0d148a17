import type { MarketFacts, Session } from '../../core/model/market-facts.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { RiskReportStore } from '../../core/ports/risk-reports.ts';
import { dateIn, marketZone, startOfDay } from '../../core/zoned-day.ts';

export interface ReportWatchParts {
  readonly reports: Pick<RiskReportStore, 'missing'>;
  readonly market: Pick<MarketFacts, 'session'>;
  /** When anything was first recorded of any account; null: nothing was. Sessions that closed before have no report. */
  firstAt(): Promise<Date | null>;
  /** Makes and keeps the final report of a session; another process may have been first, which is no failure. */
  make(session: { readonly closedAt: Date; readonly asItIs: boolean }): Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'every'>;
  readonly log: Pick<Log, 'warn'>;
}

const dayMs = 86_400_000;
const everyMs = 60_000;
/** After the close, so that the day's bars are there: they are asked for 20 minutes after it. */
export const afterCloseMs = 30 * 60_000;
/** So long after the close what is held is taken for what was held at it; later, it is read from what was recorded. */
export const asItIsMs = 3 * 3_600_000;
/** How far back a report is made up for that nobody made. */
export const lookBackDays = 10;

/**
 * Makes the report of each session once it is over, also of those that nobody was there for. Safe in several processes and across restarts:
 * the day is the key, and what is final stays. Where the calendar is not known yet, it waits for it.
 */
export function createReportWatch(parts: ReportWatchParts): {
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
} {
  const { reports, market, clock, log } = parts;
  let timer: Timer | null = null;
  let looking: Promise<void> = Promise.resolve();
  /** Days that are known to have theirs. */
  const done = new Set<string>();

  /** Sessions that have been over for long enough, the oldest first. */
  function overBy(now: Date): Map<string, Session> {
    const over = new Map<string, Session>();
    const today = startOfDay(now, marketZone).getTime();
    for (let back = lookBackDays; back >= 0; back--) {
      // The middle of the day, whatever the clocks did since.
      const noon = new Date(startOfDay(new Date(today - back * dayMs + dayMs / 2), marketZone).getTime() + dayMs / 2);
      const session = market.session(noon);
      if (session === null || session === 'closed') continue;
      if (session.closesAt.getTime() + afterCloseMs <= now.getTime()) over.set(dateIn(noon, marketZone), session);
    }
    return over;
  }

  async function look(): Promise<void> {
    const now = clock.now();
    const over = overBy(now);
    const open = [...over.keys()].filter((day) => !done.has(day));
    if (open.length === 0) return;
    const [missing, firstAt] = await Promise.all([reports.missing(open), parts.firstAt()]);
    for (const day of open) if (!missing.includes(day)) done.add(day);
    if (firstAt === null) return;
    for (const day of missing) {
      const { closesAt } = over.get(day)!;
      if (closesAt < firstAt) continue;
      try {
        await parts.make({ closedAt: closesAt, asItIs: now.getTime() - closesAt.getTime() <= asItIsMs });
        done.add(day);
      } catch (error) {
        log.warn({ error, day }, 'the risk report of the day could not be made; it is tried again');
      }
    }
  }

  const next = (): void => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ error }, 'it could not be seen which risk reports are to be made'));
  };
  return {
    look,
    start() {
      next();
      timer = clock.every(everyMs, next);
    },
    async stop() {
      timer?.cancel();
      await looking;
    },
  };
}
