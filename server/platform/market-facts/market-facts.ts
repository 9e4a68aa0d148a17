import { fullJitterMs } from '../../core/backoff.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { BarHistory, BarStore } from '../../core/ports/bar-history.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { CalendarWord, EventCalendarFile } from '../../core/ports/event-calendar.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { dateIn, marketZone } from '../../core/zoned-day.ts';
import { type EventCalendar, eventsOf, readEventCalendar } from './blackouts.ts';
import { createDailyBars } from './daily-bars.ts';
import { createRefresher } from './refresher.ts';
import { createSessionBook } from './sessions.ts';

export interface MarketDeskParts {
  readonly history: BarHistory;
  readonly store: BarStore;
  /** The file of events; null: none is kept. */
  readonly events: EventCalendarFile | null;
  /** Whether this process asks the market; else it reads what another one has kept. */
  readonly asks: boolean;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: Log;
}

/** What of the market is kept ready, and who keeps it so. */
export interface MarketDesk extends MarketFacts {
  /** Gets a symbol's bars where there are none: resolves within a second, whatever comes of it, and at once where there are. */
  prepare(symbol: string): Promise<void>;
  /** How it stands, for the page of health. */
  health(): { readonly state: 'ok' | 'degraded'; readonly sentence: string };
  /** Reads what is kept, and begins to look after it. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const lookEveryMs = 60_000;
/** How often a process that asks nobody looks whether the one that does has been told the calendar. */
const lookForFirstMs = 1000;
/** How often it is asked which symbols are held and traded. */
const wantedEveryMs = 10 * 60_000;
/** "Lately": of what was ordered, or asked for, within this. */
const latelyMs = 30 * dayMs;
/** A year and more of days: what the longest of the figures looks at. */
const barsForMs = 400 * dayMs;
const calendarBackMs = 30 * dayMs;
const calendarAheadMs = 366 * dayMs;
const calendarEveryMs = 20 * 3_600_000;
/** An alert waits this long for the bars of a symbol that nobody asked for before. */
export const prepareMs = 1000;
const askAgain = { firstMs: 5000, longestMs: 5 * 60_000 };

/** What of the market is kept ready in memory, in the database for the next start and for other processes, and asked for when it is due. */
export function createMarketDesk(parts: MarketDeskParts): MarketDesk {
  const { history, store, alarms, clock, random, log, asks } = parts;
  const { source } = history;
  const sessions = createSessionBook();
  const bars = createDailyBars(sessions, clock);
  /** What was not read while nobody was there is not late before we have tried. */
  let startedAt = clock.now();
  let wanted: readonly string[] = [];
  let wantedAtMs = Number.NEGATIVE_INFINITY;
  /** Null: it cannot be read, or there is none. */
  let events: EventCalendar | null = null;
  let eventProblem: string | null = null;
  const asking = new Map<string, { failures: number; notBeforeMs: number; running: Promise<void> | null }>();

  const daysFrom = (ms: number): string => dateIn(new Date(clock.now().getTime() + ms), marketZone);
  const watched = (): readonly string[] => [...new Set([...wanted, ...bars.symbols()])];
  const dueBars = (): readonly string[] => watched().filter((symbol) => bars.dueSince(symbol) !== null);

  /** What is kept by another process, or from before, of symbols that are due. */
  async function takeKept(symbols: readonly string[]): Promise<void> {
    if (symbols.length === 0) return;
    for (const [symbol, read] of await store.bars(source, symbols)) bars.put(symbol, read);
  }

  async function askBars(symbols: readonly string[], asked: boolean): Promise<void> {
    const readAt = clock.now();
    const found = await history.dailyBars(symbols, new Date(readAt.getTime() - barsForMs));
    const good = new Map<string, readonly Bar[]>();
    for (const [symbol, read] of found) {
      try {
        bars.put(symbol, { bars: bars.finished(symbol, read), readAt });
      } catch (error) {
        log.warn({ error, symbol }, 'the market tells bars that cannot be meant; they count as unknown');
        bars.put(symbol, { bars: [], readAt });
      }
      good.set(symbol, bars.kept(symbol));
    }
    await store.keepBars(source, good, readAt, asked);
  }

  const calendarDue = (): Date | null => {
    const readAt = sessions.readAt();
    if (readAt === null) return startedAt;
    const due = readAt.getTime() + calendarEveryMs;
    return clock.now().getTime() >= due ? new Date(due) : null;
  };
  const watch = { alarms, clock, random, log };
  const calendar = createRefresher({
    ...watch,
    key: 'market:sessions',
    name: 'The calendar of sessions',
    due: calendarDue,
    async read() {
      const kept = await store.sessions(source);
      if (kept && kept.readAt > (sessions.readAt() ?? new Date(0))) sessions.put(kept);
      if (!asks || calendarDue() === null) return;
      const readAt = clock.now();
      const from = daysFrom(-calendarBackMs);
      const found = await history.sessions(from, daysFrom(calendarAheadMs));
      // A venue without a session in a year is not closed; its calendar is broken.
      if (found.length === 0) throw new Error('the broker’s calendar is empty');
      sessions.put({ from, sessions: found, readAt });
      await store.keepSessions(source, { from, sessions: found, readAt });
    },
  });
  const days = createRefresher({
    ...watch,
    key: 'market:bars',
    name: 'Daily bars of what is held or traded',
    due: () => {
      const since = dueBars().map((symbol) => bars.dueSince(symbol)!.getTime());
      return since.length === 0 ? null : new Date(Math.max(Math.min(...since), startedAt.getTime()));
    },
    async read() {
      await takeKept(dueBars());
      const due = dueBars();
      if (asks && due.length > 0) await askBars(due, false);
    },
  });

  async function look(): Promise<void> {
    if (clock.monotonicMs() - wantedAtMs >= wantedEveryMs) {
      try {
        wanted = await store.wanted(new Date(clock.now().getTime() - latelyMs));
        wantedAtMs = clock.monotonicMs();
        bars.keepOnly(new Set(wanted));
      } catch (error) {
        log.warn({ error }, 'what is held and traded could not be read; its bars are those known before');
      }
    }
    // Bars are due by the closes of the calendar.
    await calendar.look();
    await days.look();
  }

  async function hear(word: CalendarWord): Promise<void> {
    try {
      if (word.kind === 'unreadable') throw new RangeError(word.why);
      events = readEventCalendar(word.text);
      eventProblem = null;
    } catch (error) {
      events = null;
      eventProblem = (error as Error).message;
    }
    const { file } = parts.events!;
    const key = 'event-calendar';
    log.info({ file, problem: eventProblem, symbols: events?.size ?? null }, 'the calendar of events was read');
    if (!asks) return;
    if (eventProblem === null) return alarms.clear(key, 'The calendar of events can be read again.');
    await alarms.raise({
      ...{ key, kind: 'event_calendar.unreadable', severity: 'page', data: { file, problem: eventProblem } },
      sentence: `The calendar of events cannot be read: ${eventProblem}. Until it can, entries that need it are refused.`,
    });
  }

  async function fetchNew(symbol: string): Promise<void> {
    const state = asking.get(symbol) ?? { failures: 0, notBeforeMs: 0, running: null };
    asking.set(symbol, state);
    if (state.running) return state.running;
    if (clock.monotonicMs() < state.notBeforeMs) return;
    state.running = (async () => {
      try {
        await takeKept([symbol]);
        if (asks && bars.dueSince(symbol) !== null) await askBars([symbol], true);
        asking.delete(symbol);
      } catch (error) {
        state.failures++;
        state.notBeforeMs = clock.monotonicMs() + fullJitterMs(random, state.failures, askAgain);
        log.warn({ error, symbol }, 'bars of a new symbol could not be read');
      } finally {
        state.running = null;
      }
    })();
    return state.running;
  }

  let ticking: Timer | null = null;
  let waiting: Timer | null = null;
  let stopEvents: (() => void) | null = null;
  let looking: Promise<void> | null = null;
  const lookOnce = (): void => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };

  return {
    dailyBars: (symbol) => bars.usable(symbol),
    session: (at) => sessions.session(at),
    blackouts: (symbol, at) => events && eventsOf(events, symbol, at),

    async prepare(symbol) {
      if (bars.usable(symbol) !== null || bars.dueSince(symbol) === null) return;
      const late = Promise.withResolvers<void>();
      const timer = clock.after(prepareMs, late.resolve);
      await Promise.race([fetchNew(symbol), late.promise]);
      timer.cancel();
    },

    health() {
      const problem = eventProblem ?? calendar.problem() ?? days.problem();
      if (problem !== null) return { state: 'degraded', sentence: `Not all of it could be read: ${problem}.` };
      const due = dueBars().length;
      if (sessions.readAt() === null) return { state: 'degraded', sentence: 'The calendar has not been read yet.' };
      const until = `Sessions are known until ${sessions.until()}.`;
      const count = watched().length - due;
      return {
        state: 'ok',
        sentence: `${count === 1 ? 'One symbol has its' : `${count} symbols have their`} daily bars. ${until}`,
      };
    },

    async start() {
      startedAt = clock.now();
      const kept = await store.sessions(source);
      if (kept) sessions.put(kept);
      wanted = await store.wanted(new Date(clock.now().getTime() - latelyMs));
      wantedAtMs = clock.monotonicMs();
      await takeKept(wanted);
      const heard = (word: CalendarWord): void => {
        hear(word).catch((error: unknown) => log.warn({ error }, 'the calendar of events could not be told of'));
      };
      stopEvents = (await parts.events?.follow(heard)) ?? null;
      lookOnce();
      ticking = clock.every(lookEveryMs, lookOnce);
      if (asks) return;
      waiting = clock.every(lookForFirstMs, () => {
        if (sessions.readAt() === null) lookOnce();
        else waiting?.cancel();
      });
    },

    async stop() {
      stopEvents?.();
      ticking?.cancel();
      waiting?.cancel();
      await Promise.all([looking, ...[...asking.values()].map((one) => one.running)]);
    },
  };
}
