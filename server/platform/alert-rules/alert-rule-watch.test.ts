// The watch over alert rules, with a real database and a clock that the test moves: told once while it holds, again after it was over, not in
// quiet hours or within the pause, over a restart, and what is said of a rule that cannot tell.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createAlarmStore } from '../../adapters/database/alarm-store/alarm-store.ts';
import { createAlertRuleStore } from '../../adapters/database/alert-rule-store/alert-rule-store.ts';
import type { AlertRuleWish } from '../../core/ports/alert-rules.ts';
import { createToldReadings } from '../../testing/alert-readings.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { quietLog } from '../../testing/quiet-log.ts';
import { createAlertRuleWatch, everyMs, gatherMs } from './alert-rule-watch.ts';
import { loadAlertKinds } from './load-kinds.ts';

const kinds = await loadAlertKinds();
const minuteMs = 60_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let clock: ManualClock;
let told: ReturnType<typeof createToldReadings>;
let rules: ReturnType<typeof createAlertRuleStore>;
let alarms: ReturnType<typeof createAlarmStore>;
let symbolsTold: number;
let begun: string;

beforeEach(async () => {
  await database.sql`truncate alert_rules, alarms`;
  // Events stay: those of this test are the ones from here on.
  const [newest] = await database.sql`select coalesce(max(seq), 0) as seq from events`;
  begun = newest!.seq as string;
  clock = new ManualClock('2026-11-20T15:00:00.000Z');
  told = createToldReadings(clock);
  const shared = { sql: database.sql, clock, random: systemRandom };
  rules = createAlertRuleStore(shared);
  alarms = createAlarmStore(shared);
  symbolsTold = 0;
});

const watch = () =>
  createAlertRuleWatch({
    ...{ kinds, rules, alarms, readings: told.readings, clock, log: quietLog },
    onSymbols: () => symbolsTold++,
  });
const wish = (change: Partial<AlertRuleWish> = {}): AlertRuleWish => ({
  ...{ name: 'AAPL is dear', kind: 'price-above', parameters: { price: '200', back: '0.01' }, severity: 'warn' },
  scope: { accountId: null, strategy: null, symbol: 'AAPL' },
  ...{ once: false, cooldownMinutes: 0, activeHours: null, quietHours: null, on: true, ...change },
});
const raised = async () =>
  (
    await database.sql`select data ->> 'sentence' as sentence from events where kind = 'alarm.raised' and seq > ${begun} order by seq`
  ).map((row) => row.sentence as string);
const add = async (change: Partial<AlertRuleWish> = {}) => (await rules.add(wish(change), 'ada')).rule;
const stateOf = async (id: string) => (await rules.find(id))!.state;

describe('the watch over alert rules', () => {
  it('tells once while it holds, says when it is over, and tells again', async () => {
    const rule = await add();
    const one = watch();
    told.price('AAPL', '201');
    await one.look();
    await one.look();
    told.price('AAPL', '199');
    await one.look();
    expect(await raised()).toEqual(['AAPL is dear: AAPL is at 201.00, at or above 200.00.']);
    expect((await alarms.open())[0]).toMatchObject({ count: 1, kind: 'rule.holds', data: { ruleId: rule.id } });
    expect(await stateOf(rule.id)).toMatchObject({ firing: true, firedCount: 1 });
    told.price('AAPL', '190');
    await one.look();
    expect(await alarms.open()).toEqual([]);
    const [over] = await database.sql`select cleared_sentence as said from alarms`;
    expect(over!.said).toBe('AAPL is at 190.00, below 200.00 again.');
    told.price('AAPL', '205');
    await one.look();
    expect(await raised()).toHaveLength(2);
    expect(await stateOf(rule.id)).toMatchObject({ firing: true, firedCount: 2, value: '205.00' });
  });

  it('tells nothing twice after a restart, nor where two look', async () => {
    await add();
    told.price('AAPL', '201');
    const [one, other] = [watch(), watch()];
    await one.look();
    await other.look();
    await watch().look();
    expect(await raised()).toHaveLength(1);
    expect((await alarms.open())[0]?.count).toBe(1);
    told.price('AAPL', '150');
    await watch().look();
    expect(await alarms.open()).toEqual([]);
  });

  it('says of a rule that it cannot tell and since when, and leaves open what is', async () => {
    const rule = await add();
    const one = watch();
    told.price('AAPL', '201');
    await one.look();
    told.break(new Error('the market does not answer'));
    await clock.advance(minuteMs);
    await one.look();
    const since = clock.now();
    await clock.advance(minuteMs);
    await one.look();
    expect(await stateOf(rule.id)).toMatchObject({
      problem: 'It could not be looked at: the market does not answer',
      problemSince: since,
      firing: true,
    });
    expect(await alarms.open()).toHaveLength(1);
    told.break(null);
    told.price('AAPL', '202');
    await one.look();
    expect(await stateOf(rule.id)).toMatchObject({ problem: null, problemSince: null });
    expect(await raised()).toHaveLength(1);
  });

  it('rests after it fired, and tells afterwards what holds still', async () => {
    await add({ cooldownMinutes: 10 });
    const one = watch();
    const price = async (value: string) => {
      told.price('AAPL', value);
      await one.look();
    };
    await price('201');
    await price('150');
    await price('202');
    expect(await raised()).toHaveLength(1);
    await clock.advance(10 * minuteMs);
    await price('203');
    expect(await raised()).toHaveLength(2);
  });

  it('is quiet in quiet hours, past midnight as well, and tells when they end what holds still', async () => {
    clock = new ManualClock('2026-11-21T03:00:00.000Z');
    told = createToldReadings(clock);
    await add({ quietHours: { from: '22:00', until: '07:00', zone: 'America/New_York' } });
    await add({
      ...{ name: 'crossing', kind: 'price-crosses', parameters: { price: '200' } },
      quietHours: { from: '22:00', until: '07:00', zone: 'America/New_York' },
    });
    const one = watch();
    told.price('AAPL', '190');
    await one.look();
    await clock.advance(minuteMs);
    told.price('AAPL', '210');
    await one.look();
    expect(await raised()).toEqual([]);
    await clock.advance(9 * 60 * minuteMs);
    told.price('AAPL', '211');
    await one.look();
    expect((await raised()).sort()).toEqual([
      'AAPL is dear: AAPL is at 211.00, at or above 200.00.',
      'crossing: AAPL has risen through 200.00: it is at 211.00.',
    ]);
  });

  it('looks only in its active hours', async () => {
    const rule = await add({ activeHours: { from: '12:00', until: '13:00', zone: 'America/New_York' } });
    const one = watch();
    told.price('AAPL', '201');
    await one.look();
    expect(await stateOf(rule.id)).toMatchObject({ lookedAt: null });
    await clock.advance(2 * 60 * minuteMs);
    told.price('AAPL', '201');
    await one.look();
    expect(await raised()).toHaveLength(1);
  });

  it('switches off what is wanted once, and leaves its alarm for somebody to see', async () => {
    const rule = await add({ once: true });
    const one = watch();
    told.price('AAPL', '201');
    await one.look();
    expect((await rules.find(rule.id))!.rule).toMatchObject({ on: false, changedBy: 'the rule itself' });
    await one.look();
    const [open] = await alarms.open();
    expect(open).toMatchObject({ kind: 'rule.happened' });
    await alarms.acknowledge(open!.id, 'ada');
    expect(await alarms.open()).toEqual([]);
  });

  it.each([
    ['removed', (id: string) => rules.remove(id, 'ada'), 'The rule was removed.'],
    ['switched off', (id: string) => rules.switch(id, false, 'ada'), 'The rule was switched off.'],
    [
      'changed',
      (id: string) => rules.change(id, 1, wish({ parameters: { price: '900' } }), 'ada'),
      'The rule was changed.',
    ],
  ] as const)('ends what it told when the rule is %s', async (_how, act, sentence) => {
    const rule = await add();
    const one = watch();
    told.price('AAPL', '201');
    await one.look();
    await act(rule.id);
    one.seen([{ kind: 'alert_rule.changed' }]);
    await one.look();
    expect(await alarms.open()).toEqual([]);
    const [over] = await database.sql`select cleared_sentence as said from alarms`;
    expect(over!.said).toBe(sentence);
  });

  it('says of a kind that this version does not have, and of parameters it cannot read', async () => {
    const gone = await add({ kind: 'gone' });
    const wrong = await add({ parameters: { price: 'dear' } });
    await watch().look();
    expect((await stateOf(gone.id)).problem).toBe('There is no kind of rule gone in this version.');
    expect((await stateOf(wrong.id)).problem).toContain('The rule cannot be read: Price: a decimal');
  });

  it('follows the symbols of rules, and looks with their prices as well as by the clock', async () => {
    await add();
    const one = watch();
    await one.start();
    await expect.poll(() => one.symbols()).toEqual(['AAPL']);
    expect(symbolsTold).toBe(1);
    told.price('AAPL', '201');
    one.quoted({ symbol: 'KO' });
    one.quoted({ symbol: 'AAPL' });
    one.quoted({ symbol: 'AAPL' });
    await clock.advance(gatherMs);
    await expect.poll(raised, { timeout: 30_000 }).toHaveLength(1);
    told.price('AAPL', '150');
    await clock.advance(everyMs);
    await expect.poll(() => alarms.open(), { timeout: 30_000 }).toEqual([]);
    await one.stop();
  });

  it('tells anew what somebody has put off, when its time is over', async () => {
    await add({ severity: 'page' });
    const one = watch();
    await one.start();
    told.price('AAPL', '201');
    await one.look();
    const [open] = await alarms.open();
    const until = new Date(clock.now().getTime() + 30 * minuteMs);
    expect(await alarms.snooze(open!.id, until, 'ada')).toBe(true);
    expect((await alarms.open())[0]).toMatchObject({ snoozedBy: 'ada', snoozedUntil: until });
    await clock.advance(29 * minuteMs);
    await one.look();
    expect(await raised()).toHaveLength(1);
    await clock.advance(minuteMs);
    await expect.poll(raised, { timeout: 30_000 }).toHaveLength(2);
    expect((await alarms.open())[0]).toMatchObject({ snoozedUntil: null, acknowledgedAt: null });
    await one.stop();
    expect(await alarms.snooze(systemRandom.id(), until, 'ada')).toBe(false);
  });
});
