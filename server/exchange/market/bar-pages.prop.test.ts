// Bars of any width are made of the same minutes, for any symbol and any stretch of days (daylight saving time begins in one of them):
// - minute bars of 5, 30, 60, 240 minutes are those minutes merged: open, high, low, close, volume, number of trades, turnover;
// - a day's bar is its session's minutes; weeks and months are their days;
// - descending is ascending turned round; and pages, put together, are the whole, whatever their size.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { civilDay, momentOf, wallTime } from '../calendar/civil-day.ts';
import { createSessions } from '../calendar/sessions.ts';
import { barsIn, type Page, takePage } from './bar-pages.ts';
import { averageOf, type Bar, merge } from './bars.ts';
import { cryptoPairs, instruments } from './instruments.ts';
import { SimMarket } from './sim.ts';
import { nextSpan, readTimeframe, spanOf } from './timeframe.ts';

const listed = [...instruments, ...cryptoPairs].filter(({ symbol }) => ['AAPL', 'F', 'DOGE/USD'].includes(symbol));
const sessions = createSessions();
const { history } = new SimMarket({ instruments: listed, sessions, seed: 3, pace: 1 });
const now = new Date('2026-11-20T17:31:20Z');

/** Some days of 2026, the last one the running one. */
const stretches = fc.record({
  symbol: fc.constantFrom(...listed.map(({ symbol }) => symbol)),
  first: fc.oneof(
    fc.integer({ min: civilDay(2026, 1, 1), max: civilDay(2026, 11, 20) }),
    fc.constantFrom(civilDay(2026, 3, 7), civilDay(2026, 10, 31), civilDay(2026, 11, 19)),
  ),
  count: fc.integer({ min: 1, max: 3 }),
});

const spanOfDays = (symbol: string, first: number, count: number, descending = false) => {
  const zone = history.zoneOf(symbol);
  return { start: momentOf(first, 0, zone), end: momentOf(first + count, 0, zone) - 1, descending };
};
const bars = (symbol: string, timeframe: string, span: ReturnType<typeof spanOfDays>): Bar[] => [
  ...barsIn(history, symbol, readTimeframe(timeframe)!, span, now),
];

const groupedBy = (minutes: readonly Bar[], keyOf: (bar: Bar) => number): Bar[] => {
  const groups = new Map<number, Bar[]>();
  for (const bar of minutes) groups.set(keyOf(bar), [...(groups.get(keyOf(bar)) ?? []), bar]);
  return [...groups].map(([key, group]) => merge(group, new Date(key))!);
};

it('every bar is one', () => {
  fc.assert(
    fc.property(stretches, fc.constantFrom('1Min', '5Min', '1Hour', '1Day'), ({ symbol, first, count }, timeframe) => {
      const found = bars(symbol, timeframe, spanOfDays(symbol, first, count));
      for (const bar of found) {
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        expect(averageOf(bar)).toBeGreaterThanOrEqual(bar.low);
        expect(averageOf(bar)).toBeLessThanOrEqual(bar.high);
        expect(bar.volume).toBeGreaterThanOrEqual(bar.trades);
        expect(bar.at.getTime()).toBeLessThan(now.getTime());
      }
      const times = found.map(({ at }) => at.getTime());
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});

it('wider bars are the minutes merged', () => {
  fc.assert(
    fc.property(stretches, fc.constantFrom(5, 30, 60, 240), ({ symbol, first, count }, width) => {
      const span = spanOfDays(symbol, first, count);
      const zone = history.zoneOf(symbol);
      const wide = bars(symbol, width < 60 ? `${width}Min` : `${width / 60}Hour`, span);
      const made = groupedBy(bars(symbol, '1Min', span), ({ at }) => {
        // By the wall clock; at the end of daylight saving time an hour comes twice, each with its own bar.
        return at.getTime() - (wallTime(at.getTime(), zone).minute % width) * 60_000;
      });
      expect(wide).toEqual(made);
    }),
    { numRuns: 40 },
  );
});

it('a day is its session’s minutes', () => {
  fc.assert(
    fc.property(stretches, ({ symbol, first, count }) => {
      const span = spanOfDays(symbol, first, count);
      const zone = history.zoneOf(symbol);
      const inSession = ({ at }: Bar): boolean => sessions.isOpen(at, symbol.includes('/') ? 'crypto' : 'us_equity');
      const made = groupedBy(bars(symbol, '1Min', span).filter(inSession), ({ at }) =>
        momentOf(wallTime(at.getTime(), zone).day, 0, zone),
      );
      const days = bars(symbol, '1Day', span);
      // The running day's bar has the minute that has not ended too.
      const over = days.filter(({ at }) => at.getTime() + 86_400_000 < now.getTime());
      expect(over).toEqual(made.slice(0, over.length));
      expect(days.length).toBe(made.length);
      if (over.length < days.length) {
        expect(days.at(-1)!.volume).toBeGreaterThan(made.at(-1)!.volume);
        expect(days.at(-1)!.open).toBe(made.at(-1)!.open);
      }
    }),
    { numRuns: 40 },
  );
});

it.each(['1Week', '1Month', '3Month'])('%s is its days', (text) => {
  const timeframe = readTimeframe(text)!;
  const first = spanOf(civilDay(2026, 4, 15), timeframe);
  let end = first;
  for (let i = 0; i < 3; i++) end = nextSpan(end, timeframe);
  const span = spanOfDays('AAPL', first, end - first);
  const zone = history.zoneOf('AAPL');
  const made = groupedBy(bars('AAPL', '1Day', span), ({ at }) =>
    momentOf(spanOf(wallTime(at.getTime(), zone).day, timeframe), 0, zone),
  );
  expect(made).toHaveLength(3);
  expect(bars('AAPL', text, span)).toEqual(made);
});

it('backwards is the same turned round, and pages are the whole', async () => {
  await fc.assert(
    fc.asyncProperty(
      stretches,
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      async ({ first }, limit, descending) => {
        const symbols = listed.map(({ symbol }) => symbol);
        const span = (symbol: string) => spanOfDays(symbol, first, 2, descending);
        const whole = new Map(symbols.map((symbol) => [symbol, bars(symbol, '15Min', span(symbol))]));
        const forwards = bars('AAPL', '15Min', spanOfDays('AAPL', first, 2));
        expect(whole.get('AAPL')).toEqual(descending ? forwards.reverse() : forwards);
        const found = new Map<string, Bar[]>();
        let token: string | null = null;
        do {
          const page: Page<Bar> = await takePage<Bar>({
            symbols,
            limit,
            token,
            points: (symbol, from) => {
              const asked = span(symbol);
              const rest = from === null ? asked : descending ? { ...asked, end: from } : { ...asked, start: from };
              return barsIn(history, symbol, readTimeframe('15Min')!, rest, now);
            },
            timeOf: ({ at }) => at.getTime(),
            monotonicMs: () => 0,
          });
          const taken = [...page.found.values()].flat().length;
          expect(taken).toBeLessThanOrEqual(limit);
          for (const [symbol, own] of page.found) found.set(symbol, [...(found.get(symbol) ?? []), ...own]);
          token = page.next;
          if (token !== null) expect(taken).toBe(limit);
        } while (token !== null);
        for (const symbol of symbols) expect(found.get(symbol) ?? []).toEqual(whole.get(symbol));
      },
    ),
    { numRuns: 15 },
  );
});
