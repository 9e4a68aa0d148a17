// Invariants:
// 1. What the file says is in force in this process at once, whatever becomes of the database, and is stored as soon as it can be.
// 2. Nothing but a person's word ends a switch: not the file's end, not a restart.
import { beforeEach, describe, expect, it } from 'vitest';
import { type KillSwitch, sameTarget } from '../../core/model/kill-switch.ts';
import { defaultSettings } from '../../core/model/settings.ts';
import type { NewAlarm } from '../../core/ports/alarms.ts';
import type { HeldLot, KillSwitchStore, OpenEntry } from '../../core/ports/kill-switch-store.ts';
import { killSwitch } from '../../testing/kill-switch.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { createKillSwitches } from './kill-switches.ts';

function scene() {
  const clock = new ManualClock();
  let stored: KillSwitch[] = [];
  let held: readonly KillSwitch[] = [];
  let down = false;
  let ids = 0;
  const on = {
    clock,
    open: [] as OpenEntry[],
    lots: [] as HeldLot[],
    asked: [] as string[],
    left: [] as string[],
    alarms: new Map<string, NewAlarm>(),
    recorded: [] as string[],
    stored: () => stored,
    setDown: (value: boolean) => {
      down = value;
    },
    inForce: () => [...stored, ...held.filter((one) => !stored.some((other) => sameTarget(one, other)))],
  };
  const reached = () => {
    if (down) throw new Error('the database is away');
  };
  const store: KillSwitchStore = {
    async engage(wish) {
      reached();
      const before = stored.find((one) => sameTarget(one, wish));
      if (before && (before.flatten || !wish.flatten)) return { killSwitch: before, changed: false };
      const one = killSwitch({ ...wish, id: before?.id ?? `switch ${ids++}`, name: wish.key, engagedAt: clock.now() });
      stored = [...stored.filter((other) => other !== before), one];
      return { killSwitch: one, changed: true };
    },
    async lift(id) {
      const one = stored.find((other) => other.id === id);
      stored = stored.filter((other) => other.id !== id);
      return one ?? null;
    },
    engaged: async () => stored,
    history: async () => stored,
    async account(name) {
      reached();
      return name === 'paper' ? { id: 'account 1', name } : null;
    },
    openEntries: async () => on.open,
    async askCancels(orderIds) {
      on.asked.push(...orderIds);
    },
    cancelAll: async () => 0,
    async recordCancelled(id) {
      on.recorded.push('cancelled');
      stored = stored.map((one) => (one.id === id ? { ...one, cancelledAt: clock.now(), cancelled: 1 } : one));
      return null;
    },
    async recordFlat(id) {
      on.recorded.push('flat');
      stored = stored.map((one) => (one.id === id ? { ...one, flatAt: clock.now() } : one));
      return null;
    },
    held: async () => on.lots,
  };
  const killSwitches = createKillSwitches({
    store,
    settings: {
      current: () => ({ ...defaultSettings, killSwitches: on.inForce() }),
      refresh: async () => reached(),
      holdKillSwitches(now) {
        held = now;
      },
      onChange: () => () => undefined,
    },
    async leave(lot) {
      on.left.push(lot.symbol);
    },
    alarms: {
      async raise(alarm) {
        on.alarms.set(alarm.key, alarm);
      },
      async clear(key) {
        on.alarms.delete(key);
      },
    },
    file: '/data/KILL',
    clock,
    random: { id: () => `here ${ids++}` },
    log: createRecordedLog(),
  });
  return { ...on, on, killSwitches };
}

let s: ReturnType<typeof scene>;
beforeEach(() => {
  s = scene();
});
const there = (content: string) => ({ kind: 'there', content }) as const;
const scopes = () => s.inForce().map((one) => `${one.scope} ${one.key}`.trim());

describe('the file', () => {
  it('engages what it names once, however often it is looked at, with its reason and its name', async () => {
    for (let n = 0; n < 3; n++) await s.killSwitches.fileSays(there('# halted\naccount paper\nsymbol aapl\n'));
    expect(scopes()).toEqual(['account account 1', 'symbol AAPL']);
    expect(s.stored()).toMatchObject([
      { reason: 'halted', by: 'the file', via: 'file' },
      { reason: 'halted', via: 'file' },
    ]);
    expect(s.alarms.size).toBe(0);
  });

  it('that names an account that does not exist stops everything, and a person is told', async () => {
    await s.killSwitches.fileSays(there('account papper'));
    expect(scopes()).toEqual(['all']);
    expect([...s.alarms.values()]).toMatchObject([{ kind: 'kill_switch.problem', severity: 'page' }]);
    expect(s.stored()[0]!.reason).toContain('there is no account papper');
  });

  it('that cannot be read stops everything', async () => {
    await s.killSwitches.fileSays({ kind: 'unreadable', why: 'EACCES' });
    expect(scopes()).toEqual(['all']);
    expect(s.stored()[0]!.reason).toContain('EACCES');
  });

  it('is in force here while the database is away, and stored when it is back', async () => {
    s.setDown(true);
    await s.killSwitches.fileSays(there('symbol AAPL'));
    expect(s.stored()).toEqual([]);
    expect(scopes()).toEqual(['symbol AAPL']);
    s.setDown(false);
    await s.killSwitches.fileSays(there('symbol AAPL'));
    expect(s.stored().map((one) => one.key)).toEqual(['AAPL']);
  });

  it('is stored when it was removed before the database was back', async () => {
    s.setDown(true);
    await s.killSwitches.fileSays(there(''));
    await s.killSwitches.fileSays({ kind: 'absent' });
    expect(scopes()).toEqual(['all']);
    s.setDown(false);
    await s.killSwitches.fileSays({ kind: 'absent' });
    expect(s.stored().map((one) => one.scope)).toEqual(['all']);
  });

  it('stops everything here while it cannot be asked whose account is named, and that alone afterwards', async () => {
    s.setDown(true);
    await s.killSwitches.fileSays(there('account paper'));
    expect(scopes()).toEqual(['all']);
    s.setDown(false);
    await s.killSwitches.fileSays(there('account paper'));
    expect(scopes()).toEqual(['account account 1']);
  });

  it('holds against lifting while it is there, and its end lifts nothing', async () => {
    await s.killSwitches.fileSays(there(''));
    const [one] = s.stored();
    expect(await s.killSwitches.lift(one!.id, 'ada', 'go on')).toBe('file');
    await s.killSwitches.fileSays({ kind: 'absent' });
    expect(scopes()).toEqual(['all']);
    expect(await s.killSwitches.lift(one!.id, 'ada', 'go on')).toMatchObject({ id: one!.id });
    expect(scopes()).toEqual([]);
  });

  it('may come to close what it stops', async () => {
    await s.killSwitches.fileSays(there('symbol AAPL'));
    await s.killSwitches.fileSays(there('flatten symbol AAPL'));
    expect(s.stored()).toMatchObject([{ key: 'AAPL', flatten: true }]);
  });
});

describe('engaging', () => {
  const wish = { reason: 'bad data', by: 'ada', via: 'api', flatten: false } as const;

  it('that could not be stored is not in force, and says so', async () => {
    s.setDown(true);
    await expect(s.killSwitches.engage({ ...wish, scope: 'all', key: '' })).rejects.toThrow('away');
    expect(scopes()).toEqual([]);
  });

  it('takes an account by its name, and no unknown one', async () => {
    expect(await s.killSwitches.engage({ ...wish, scope: 'account', key: 'paper' })).toMatchObject({
      key: 'account 1',
    });
    expect(await s.killSwitches.engage({ ...wish, scope: 'account', key: 'other' })).toBeNull();
  });
});

describe('carrying out', () => {
  const entry = (orderId: string, status: OpenEntry['status']): OpenEntry => ({
    orderId,
    status,
    updatedAt: s.clock.now(),
  });
  const lot = { accountId: 'a', symbol: 'AAPL' } as HeldLot;

  it('goes on from what is stored: cancels what is open, closes what is held, and tells when it is done', async () => {
    await s.killSwitches.engage({ scope: 'all', key: '', reason: 'x', by: 'ada', via: 'api', flatten: true });
    s.on.open = [entry('resting', 'accepted'), entry('asked', 'pending_cancel'), entry('unclear', 'submit_unknown')];
    s.on.lots = [lot];
    const stop = s.killSwitches.work();
    await expect.poll(() => s.left).toEqual(['AAPL']);
    // What the broker has been asked for is not asked again at once.
    expect(s.asked).toEqual(['resting', 'unclear']);
    expect(s.recorded).toEqual([]);
    await s.clock.advance(6000);
    await expect.poll(() => s.asked).toContain('asked');
    s.on.open = [];
    await s.clock.advance(1000);
    await expect.poll(() => s.recorded).toEqual(['cancelled']);
    await s.clock.advance(60_000);
    await expect.poll(() => [...s.alarms.values()].map((alarm) => alarm.kind)).toEqual(['kill_switch.incomplete']);
    s.on.lots = [];
    await s.clock.advance(1000);
    await expect.poll(() => s.recorded).toEqual(['cancelled', 'flat']);
    await expect.poll(() => s.alarms.size).toBe(0);
    await stop();
  });

  it('closes nothing unless it was told to', async () => {
    await s.killSwitches.engage({ scope: 'all', key: '', reason: 'x', by: 'ada', via: 'api', flatten: false });
    s.on.lots = [lot];
    const stop = s.killSwitches.work();
    await expect.poll(() => s.recorded).toEqual(['cancelled']);
    await stop();
    expect(s.left).toEqual([]);
  });
});
