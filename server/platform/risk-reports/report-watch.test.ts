// The report of a session is made once it is over and its bars are there, once, by whichever process is first; days that nobody was there for are
// made up; nothing is made of a day that was none, or before anything was recorded.
import { describe, expect, it } from 'vitest';
import type { MarketFacts, Session } from '../../core/model/market-facts.ts';
import { dateIn, marketZone } from '../../core/zoned-day.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { quietLog as log } from '../../testing/quiet-log.ts';
import { afterCloseMs, asItIsMs, createReportWatch } from './report-watch.ts';

const closeOf = (day: string): Date => new Date(`${day}T21:00:00Z`);
/** Open from Monday to Friday but for the 19th; 13:00 on the 17th. */
function session(at: Date): Session | 'closed' {
  const day = dateIn(at, marketZone);
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6 || day === '2026-11-19') return 'closed';
  const closesAt = day === '2026-11-17' ? new Date(`${day}T18:00:00Z`) : closeOf(day);
  return { opensAt: new Date(`${day}T14:30:00Z`), closesAt };
}

function scene(start: Date | string, change: { session?: MarketFacts['session']; firstAt?: Date | null } = {}) {
  const clock = new ManualClock(start);
  const final = new Set<string>();
  const made: { day: string; asItIs: boolean }[] = [];
  const watch = (make?: () => Promise<void>) =>
    createReportWatch({
      ...{ clock, log },
      market: { session: change.session ?? session },
      reports: { missing: async (days) => days.filter((day) => !final.has(day)) },
      firstAt: async () => (change.firstAt === undefined ? new Date('2026-11-01T00:00:00Z') : change.firstAt),
      async make({ closedAt, asItIs }) {
        await make?.();
        const day = dateIn(closedAt, marketZone);
        // As the store does it.
        if (!final.has(day)) made.push({ day, asItIs });
        final.add(day);
      },
    });
  return { clock, watch, made, final };
}
const friday = '2026-11-20';
const before = ['2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13', '2026-11-16', '2026-11-17', '2026-11-18'];

describe('the report of a session', () => {
  it('is made half an hour after its close, and no second time', async () => {
    const { clock, watch, made, final } = scene(new Date(closeOf(friday).getTime() + afterCloseMs - 1));
    for (const day of before) final.add(day);
    const one = watch();
    await one.look();
    expect(made).toEqual([]);
    await clock.advance(1);
    await one.look();
    await one.look();
    expect(made).toEqual([{ day: friday, asItIs: true }]);
    // After a restart.
    await watch().look();
    expect(made).toHaveLength(1);
  });
  it('is made once by two processes that look at the same time', async () => {
    const { watch, made, final } = scene(new Date(closeOf(friday).getTime() + afterCloseMs));
    for (const day of before) final.add(day);
    await Promise.all([watch().look(), watch().look()]);
    expect(made).toEqual([{ day: friday, asItIs: true }]);
  });
  it('is made up for days that nobody was there for, from what was recorded, holidays and weekends left out', async () => {
    const { watch, made } = scene('2026-11-20T13:00:00Z');
    await watch().look();
    expect(made).toEqual(before.map((day) => ({ day, asItIs: false })));
  });
  it('is made from what is held for as long as that is what was held', async () => {
    for (const [lateMs, asItIs] of [
      [asItIsMs, true],
      [asItIsMs + 1, false],
    ] as const) {
      const { watch, made, final } = scene(new Date(closeOf(friday).getTime() + lateMs));
      for (const day of before) final.add(day);
      await watch().look();
      expect(made).toEqual([{ day: friday, asItIs }]);
    }
  });
  it('is not made before anything was recorded, nor where the calendar is not known', async () => {
    const now = new Date(closeOf(friday).getTime() + afterCloseMs);
    for (const change of [{ firstAt: null }, { session: () => null }, { session: () => 'closed' as const }]) {
      const { watch, made } = scene(now, change);
      await watch().look();
      expect(made).toEqual([]);
    }
    const { watch, made } = scene(now, { firstAt: new Date('2026-11-18T20:59:59Z') });
    await watch().look();
    expect(made.map(({ day }) => day)).toEqual(['2026-11-18', friday]);
  });
  it('is tried again where it could not be made', async () => {
    const { clock, watch, made, final } = scene(new Date(closeOf(friday).getTime() + afterCloseMs));
    for (const day of before) final.add(day);
    let fails = 1;
    const one = watch(async () => {
      if (fails-- > 0) throw new Error('the database is away');
    });
    one.start();
    await clock.advance(0);
    expect(made).toEqual([]);
    await clock.advance(60_000);
    await one.stop();
    expect(made).toHaveLength(1);
  });
});
