import { expect, it } from 'vitest';
import { price, quantity } from '../../core/decimal.ts';
import { createDailyBars, settleMs, staleMs } from './daily-bars.ts';
import { createSessionBook } from './sessions.ts';

const bar = (at: string) => ({
  ...{ at: new Date(at), open: price('10'), high: price('11'), low: price('9'), close: price('10') },
  volume: quantity('1000'),
});

/** Sessions on the 3rd and, after a closure of a week, on the 11th. */
function scene(now: string) {
  let at = new Date(now);
  const sessions = createSessionBook();
  const day = (date: string) => ({
    day: date,
    opensAt: new Date(`${date}T14:30:00Z`),
    closesAt: new Date(`${date}T21:00:00Z`),
  });
  sessions.put({ from: '2026-12-01', sessions: [day('2026-12-03'), day('2026-12-11')], readAt: at });
  const bars = createDailyBars(sessions, { now: () => at });
  return {
    bars,
    sessions,
    go: (next: string) => {
      at = new Date(next);
    },
  };
}

it('are usable after a long closure, until a session of it is missing', () => {
  const { bars, go } = scene('2026-12-04T00:00:00Z');
  bars.put('KO', { bars: [bar('2026-12-03T05:00:00Z')], readAt: new Date('2026-12-04T00:00:00Z') });
  bars.put('BTC/USD', { bars: [bar('2026-12-03T06:00:00Z')], readAt: new Date('2026-12-04T00:00:00Z') });
  expect(bars.usable('KO')).toHaveLength(1);
  go('2026-12-11T21:19:59Z');
  expect(bars.usable('KO')).toHaveLength(1);
  // A coin's days go on.
  expect(bars.usable('BTC/USD')).toBeNull();
  expect(bars.dueSince('KO')).toBeNull();
  go('2026-12-11T21:20:00Z');
  expect(bars.usable('KO')).toBeNull();
  expect(bars.dueSince('KO')).toEqual(new Date('2026-12-11T21:20:00Z'));
  // Where the calendar does not reach, nobody knows what is missing.
  go('2026-12-12T09:00:00Z');
  expect(bars.usable('KO')).toBeNull();
});

it('are too old a moment after four days where there is no calendar, and a coin’s too', () => {
  for (const [symbol, at, end] of [
    ['KO', '2026-12-20T05:00:00Z', '2026-12-21T05:00:00Z'],
    ['BTC/USD', '2026-12-20T06:00:00Z', '2026-12-21T06:00:00Z'],
  ] as const) {
    const { bars, go } = scene(end);
    bars.put(symbol, { bars: [bar(at)], readAt: new Date(end) });
    const last = new Date(end).getTime() + staleMs;
    go(new Date(last).toISOString());
    expect(bars.usable(symbol)).toHaveLength(1);
    go(new Date(last + 1).toISOString());
    expect(bars.usable(symbol)).toBeNull();
  }
});

it('are asked for again for some hours where the last day is missing', () => {
  const { bars, go } = scene('2026-12-11T21:20:00Z');
  bars.put('KO', { bars: [bar('2026-12-03T05:00:00Z')], readAt: new Date('2026-12-11T21:20:00Z') });
  const due = (now: string) => {
    go(now);
    return bars.dueSince('KO') !== null;
  };
  expect(due('2026-12-11T21:49:59Z')).toBe(false);
  expect(due('2026-12-11T21:50:00Z')).toBe(true);
  expect(due('2026-12-12T03:19:59Z')).toBe(true);
  expect(due('2026-12-12T03:20:00Z')).toBe(false);
});

it('are finished once the close can be seen by all', () => {
  const { bars, go } = scene('2026-12-11T21:19:59Z');
  const days = [bar('2026-12-03T05:00:00Z'), bar('2026-12-11T05:00:00Z')];
  expect(bars.finished('KO', days)).toHaveLength(1);
  go(new Date(new Date('2026-12-11T21:00:00Z').getTime() + settleMs).toISOString());
  expect(bars.finished('KO', days)).toHaveLength(2);
});

it('that cannot be meant are refused', () => {
  const { bars } = scene('2026-12-11T21:19:59Z');
  const broken = { ...bar('2026-12-03T05:00:00Z'), high: price('8') };
  expect(() => bars.put('KO', { bars: [broken], readAt: new Date(0) })).toThrow(RangeError);
  expect(bars.usable('KO')).toBeNull();
});
