// Invariants:
// 1. A silent strategy has one open alarm, however many look and however often; it ends with the next sign of life.
// 2. Nothing is remembered: a watch that was just made says what the one before it said.
// 3. There is an alarm for each open quarantine, and for no other.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Quarantine } from '../../core/model/sequence.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { Alarm, NewAlarm } from '../../core/ports/alarms.ts';
import type { SignOfLife } from '../../core/ports/missing-alerts.ts';
import type { StrategyRecord } from '../../core/ports/settings.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { quietLog } from '../../testing/quiet-log.ts';
import { createMissingAlertWatch } from './missing-alert-watch.ts';

const minuteMs = 60_000;
let clock: ManualClock;
let strategies: StrategyRecord[];
let heard: Map<string, SignOfLife>;
let quarantines: Quarantine[];
let open: Map<string, NewAlarm>;
let said: string[];
let broken: boolean;

beforeEach(() => {
  // A Friday at 10:00 in New York.
  clock = new ManualClock('2026-11-20T15:00:00.000Z');
  heard = new Map();
  quarantines = [];
  open = new Map();
  said = [];
  broken = false;
  strategies = [strategy()];
});

const strategy = (change: Partial<StrategyRecord> = {}, everyMinutes = 60): StrategyRecord => ({
  ...{ key: 'trend', mode: 'paper', enabled: true, updatedAt: new Date('2026-11-01T00:00:00Z') },
  settings: { ...defaultStrategySettings, heartbeat: { everyMinutes, graceMinutes: 5, when: 'market_hours' } },
  ...change,
});

const watch = () =>
  createMissingAlertWatch({
    settings: { strategies: () => strategies, strategy: () => strategies[0]! },
    quarantines: { open: async () => quarantines },
    signs: {
      async last() {
        if (broken) throw new Error('the database is away');
        return heard;
      },
    },
    alarms: {
      async raise(alarm) {
        if (!open.has(alarm.key)) said.push(`raised ${alarm.key}`);
        open.set(alarm.key, alarm);
      },
      async clear(key, sentence) {
        if (open.delete(key)) said.push(`${key}: ${sentence}`);
      },
      open: async () => [...open.values()] as unknown as Alarm[],
    },
    market: { session: () => null },
    account: () => ({ name: 'Real one', mode: 'production' }),
    clock,
    log: quietLog,
  });

const beat = (by: SignOfLife['by'] = 'heartbeat') => heard.set('trend', { strategy: 'trend', at: clock.now(), by });

describe('silence', () => {
  it('is told once the time and the grace are over, by one of several, and ends with a sign of life', async () => {
    beat();
    const watches = [watch(), watch()];
    const look = () => Promise.all(watches.map((one) => one.look()));
    await clock.advance(65 * minuteMs - 1);
    await look();
    expect(said).toEqual([]);
    await clock.advance(1);
    await look();
    await look();
    expect(said).toEqual(['raised silence:trend']);
    expect(open.get('silence:trend')).toMatchObject({
      ...{ kind: 'strategy.silent', severity: 'warn' },
      sentence:
        'trend has not been heard of since 2026-11-20T15:00:00.000Z; its next sign of life was expected by 2026-11-20T16:00:00.000Z. Alerts of it may be missing: look at its alert at the sender.',
    });
    // Another process, which has just been started, knows the same.
    await watch().look();
    expect(said).toHaveLength(1);
    beat('alert');
    await look();
    expect(said).toEqual(['raised silence:trend', 'silence:trend: It was heard of at 2026-11-20T16:05:00.000Z.']);
  });

  it('does not count while the market is closed', async () => {
    beat();
    // Friday's close is six hours away.
    strategies = [strategy({}, 360)];
    await clock.advance(60 * 60 * minuteMs);
    await watch().look();
    expect(said).toEqual([]);
    // Monday, five minutes after the opening.
    await clock.advance(11 * 60 * minuteMs + 35 * minuteMs);
    await watch().look();
    expect(clock.now().toISOString()).toBe('2026-11-23T14:35:00.000Z');
    expect(said).toEqual(['raised silence:trend']);
  });

  it('is counted from the change that asks for it, and pages where there is real money', async () => {
    strategies = [strategy({ updatedAt: clock.now(), mode: 'production' })];
    await watch().look();
    expect(said).toEqual([]);
    await clock.advance(65 * minuteMs);
    await watch().look();
    expect(open.get('silence:trend')).toMatchObject({ severity: 'page', data: { lastAt: null } });
  });

  it.each([
    ['not asked for any more', () => [strategy({ settings: defaultStrategySettings })]],
    ['off', () => [strategy({ enabled: false })]],
    ['not there', () => []],
  ])('is over for a strategy that is %s', async (_what, then) => {
    await watch().look();
    expect(said).toEqual(['raised silence:trend']);
    strategies = then();
    await watch().look();
    expect(said[1]).toBe('silence:trend: It is not asked for signs of life any more.');
  });

  it('is looked for again after a failure, by the clock', async () => {
    broken = true;
    const one = watch();
    one.start();
    await one.look();
    expect(said).toEqual([]);
    broken = false;
    await clock.advance(15_000);
    await one.stop();
    expect(said).toEqual(['raised silence:trend']);
  });
});

describe('quarantines', () => {
  it('have an alarm each while they are open', async () => {
    strategies = [];
    quarantines = [
      {
        ...{ id: 'q1', accountId: 'a', strategy: 'trend', symbol: 'AAPL', signalId: 's', cleared: null },
        ...{ expected: 'no AAPL', found: '57 AAPL long', openedAt: clock.now() },
        sentence: 'Its script held no AAPL before, and the strategy holds 57 AAPL long: an exit may be missing.',
      },
    ];
    const one = watch();
    one.seen([{ kind: 'strategy.quarantined' }]);
    await one.stop();
    expect([...open.values()]).toMatchObject([
      {
        ...{ key: 'quarantine:q1', kind: 'strategy.quarantined', severity: 'page' },
        sentence:
          'trend enters nothing in AAPL at Real one until a person clears it. Its script held no AAPL before, and the strategy holds 57 AAPL long: an exit may be missing.',
        data: { signalId: 's', expected: 'no AAPL', found: '57 AAPL long' },
      },
    ]);
    quarantines = [];
    await watch().look();
    expect(said).toEqual(['raised quarantine:q1', 'quarantine:q1: A person has cleared it.']);
  });
});
