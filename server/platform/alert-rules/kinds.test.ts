// Each kind of rule, on a clock that the test moves: when it begins to hold, that what hovers at the limit is neither, when it is over, and what
// it says when it cannot tell.
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertMemory, AlertScope } from '../../core/model/alert-rule.ts';
import { createToldReadings } from '../../testing/alert-readings.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { readParameters } from './kind.ts';
import { loadAlertKinds } from './load-kinds.ts';

const kinds = await loadAlertKinds();
const minuteMs = 60_000;
const hourMs = 3_600_000;
let clock: ManualClock;
let told: ReturnType<typeof createToldReadings>;

beforeEach(() => {
  // A Friday, at ten in New York.
  clock = new ManualClock('2026-11-20T15:00:00.000Z');
  told = createToldReadings(clock);
});

/** A rule of a kind that is looked at again and again, with its memory. */
function watched(key: string, parameters: Record<string, unknown>, scope: Partial<AlertScope> = {}) {
  const kind = kinds.find((one) => one.key === key)!;
  const read = readParameters(kind, parameters);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const since = clock.now();
  let memory: AlertMemory | null = null;
  const whole = { accountId: null, strategy: null, symbol: null, ...scope };
  return {
    async look() {
      const looked = await kind.look(told.readings, { values: read.values, scope: whole, since, memory });
      memory = looked.memory ?? null;
      return looked;
    },
    past: (from: Date, until: Date) =>
      kind.past!(told.readings, { values: read.values, scope: whole, since: from, memory: null }, from, until),
  };
}
const at = async (rule: { look(): Promise<{ kind: string }> }) => (await rule.look()).kind;

describe('prices', () => {
  it('holds above a price, not while it hovers there, and is over when it is back by the margin', async () => {
    const rule = watched('price-above', { price: '200', back: '0.01' }, { symbol: 'AAPL' });
    expect(await rule.look()).toEqual({ kind: 'unreadable', sentence: 'There is no price of AAPL.' });
    for (const [price, kind] of [
      ['199.99', 'between'],
      ['197.99', 'over'],
      ['200', 'holds'],
      ['198.01', 'between'],
      ['198', 'between'],
      ['197.99', 'over'],
    ] as const) {
      told.price('AAPL', price);
      expect(await at(rule), price).toBe(kind);
    }
  });

  it('holds below a price, likewise', async () => {
    const rule = watched('price-below', { price: '200', back: '0.01' }, { symbol: 'AAPL' });
    for (const [price, kind] of [
      ['203', 'over'],
      ['202', 'between'],
      ['200', 'holds'],
      ['201.5', 'between'],
      ['202.01', 'over'],
    ] as const) {
      told.price('AAPL', price);
      expect(await at(rule), price).toBe(kind);
    }
    told.price('AAPL', '199.5');
    expect(await rule.look()).toMatchObject({ sentence: 'AAPL is at 199.50, at or below 200.00.', value: '199.50' });
  });

  it('says since when there is no price, and does not go by an old one', async () => {
    const rule = watched('price-above', { price: '200' }, { symbol: 'AAPL' });
    told.price('AAPL', '250');
    await clock.advance(6 * minuteMs);
    expect(await rule.look()).toEqual({
      kind: 'unreadable',
      sentence: 'No price of AAPL since 2026-11-20T15:00:00.000Z.',
    });
  });

  it('crosses once each way, not by standing at the price, and remembers the side while there is none', async () => {
    const rule = watched('price-crosses', { price: '100' }, { symbol: 'KO' });
    const found: string[] = [];
    for (const price of ['99', '100', '99.5', '100.5', '101', '100', '99']) {
      told.price('KO', price);
      found.push(await at(rule));
    }
    expect(found).toEqual(['over', 'over', 'over', 'holds', 'over', 'over', 'holds']);
    await clock.advance(10 * minuteMs);
    expect(await at(rule)).toBe('unreadable');
    told.price('KO', '102');
    expect(await rule.look()).toMatchObject({
      kind: 'holds',
      sentence: 'KO has risen through 100.00: it is at 102.00.',
    });
  });

  it('tells a change within minutes, and from when on it can', async () => {
    const rule = watched('price-change', { change: '0.05', minutes: 10 }, { symbol: 'KO' });
    told.price('KO', '100');
    expect(await rule.look()).toMatchObject({
      kind: 'unreadable',
      sentence: 'Prices of KO are known since 2026-11-20T15:00:00.000Z; it can tell from 2026-11-20T15:10:00.000Z on.',
    });
    for (let minute = 1; minute <= 10; minute++) {
      await clock.advance(minuteMs);
      told.price('KO', minute < 10 ? '101' : '94.9');
      const { kind } = await rule.look();
      expect(kind, `minute ${minute}`).toBe(minute < 10 ? 'unreadable' : 'holds');
    }
    await clock.advance(minuteMs);
    // By then it is compared with 101, and 97.5 is less than five per cent below, but not surely.
    told.price('KO', '96.5');
    expect(await at(rule)).toBe('between');
    told.price('KO', '100');
    expect(await rule.look()).toMatchObject({ kind: 'over', value: '\u22120.99 %' });
  });

  it('does not compare with a price from before a pause', async () => {
    const rule = watched('price-change', { change: '0.05', minutes: 10 }, { symbol: 'KO' });
    told.price('KO', '100');
    await rule.look();
    await clock.advance(3 * hourMs);
    told.price('KO', '120');
    expect(await at(rule)).toBe('unreadable');
  });

  it('counts volume against the average day', async () => {
    const rule = watched('volume', { times: '2', days: 20 }, { symbol: 'KO' });
    expect(await at(rule)).toBe('unreadable');
    told.volume('KO', '1999', '1000');
    expect(await at(rule)).toBe('over');
    told.volume('KO', '2000', '1000');
    expect(await rule.look()).toMatchObject({ kind: 'holds', value: '2 times' });
  });
});

describe('money', () => {
  const scope = { accountId: 'a' };

  it.each([
    ['day-loss', ['100000', '99400', '99000', '99040', '99100'], ['over', 'over', 'holds', 'between', 'over']],
    ['day-profit', ['100000', '100600', '101000', '100960', '100900'], ['over', 'over', 'holds', 'between', 'over']],
  ] as const)('%s goes by equity since midnight', async (key, equities, expected) => {
    const rule = watched(key, { amount: '1000' }, scope);
    const found: string[] = [];
    for (const equity of equities) {
      told.account('a', { equity, dayStart: '100000' });
      found.push(await at(rule));
    }
    expect(found).toEqual(expected);
    told.account('a', { equity: null, dayStart: '100000' });
    expect(await rule.look()).toMatchObject({
      kind: 'unreadable',
      sentence: expect.stringContaining('no price of DARK'),
    });
    told.account('a', { equity: '100000' });
    expect(await rule.look()).toMatchObject({ kind: 'unreadable', sentence: expect.stringContaining('not on record') });
  });

  it.each([
    ['position-loss', '-500'],
    ['position-profit', '500'],
  ])('%s is over when nothing is held any more', async (key, result) => {
    const rule = watched(key, { amount: '500' }, { accountId: 'a', symbol: 'KO' });
    expect(await rule.look()).toMatchObject({
      kind: 'unreadable',
      sentence: expect.stringContaining('not there any more'),
    });
    told.account('a', { equity: '1', held: [{ symbol: 'KO', shares: '10', value: '600', result }] });
    expect(await at(rule)).toBe('holds');
    told.account('a', { equity: '1', held: [{ symbol: 'KO', shares: '10', value: '600', result: '0' }] });
    expect(await at(rule)).toBe('over');
    told.account('a', { equity: '1' });
    expect(await rule.look()).toMatchObject({ kind: 'over', sentence: 'main holds no KO.' });
  });

  it('tells a drawdown from the peak, and when it would have begun', async () => {
    const rule = watched('drawdown', { drawdown: '0.1' }, scope);
    const from = clock.now();
    for (const equity of ['100', '95', '90', '92', '89', '97', '89.5']) {
      await clock.advance(minuteMs);
      told.equity(equity);
    }
    told.account('a', { equity: '90', peak: '100' });
    expect(await rule.look()).toMatchObject({ kind: 'holds', value: '10 %' });
    told.account('a', { equity: '90.4', peak: '100' });
    expect(await at(rule)).toBe('between');
    told.account('a', { equity: '91', peak: '100' });
    expect(await at(rule)).toBe('over');
    const began = await rule.past(from, clock.now());
    // At 90, and again at 89 after 92 had ended it, and again at 89.5.
    expect(began?.map((one) => (one.getTime() - from.getTime()) / minuteMs)).toEqual([3, 5, 7]);
    told.account('a', { equity: '91' });
    expect(await at(rule)).toBe('unreadable');
  });

  it('tells exposure, long and short together, of everything or of one symbol', async () => {
    const held = [
      { symbol: 'KO', shares: '10', value: '5000', result: '0' },
      { symbol: 'PEP', shares: '-10', value: '-4000', result: '0' },
    ];
    told.account('a', { equity: '10000', held });
    expect(await watched('exposure', { share: '0.9' }, scope).look()).toMatchObject({ kind: 'holds', value: '90 %' });
    expect(await at(watched('exposure', { share: '0.95' }, scope))).toBe('over');
    expect(await at(watched('exposure', { share: '0.5' }, { accountId: 'a', symbol: 'KO' }))).toBe('holds');
    expect(await at(watched('exposure', { share: '0.5' }, { accountId: 'a', symbol: 'PEP' }))).toBe('over');
  });
});

describe('work', () => {
  it('counts hours of trading in which a strategy was silent', async () => {
    const rule = watched('strategy-silent', { hours: 8, marketHours: true }, { strategy: 's' });
    told.hear('s');
    await clock.advance(6 * hourMs);
    expect(await at(rule)).toBe('over');
    // Over the weekend nothing counts; on Monday an hour and a half more does.
    await clock.advance(66 * hourMs);
    expect(await rule.look()).toMatchObject({ kind: 'over', value: '6.5 h' });
    await clock.advance(1.5 * hourMs);
    expect(await rule.look()).toMatchObject({ kind: 'holds', value: '8 h' });
    told.hear('s');
    expect(await at(rule)).toBe('over');
  });

  it('counts every hour where that is asked for, from its own beginning where it was never heard of', async () => {
    const rule = watched('strategy-silent', { hours: 8, marketHours: false }, { strategy: 's' });
    await clock.advance(8 * hourMs);
    expect(await rule.look()).toMatchObject({ kind: 'holds', sentence: expect.stringContaining('was never heard of') });
  });

  it.each([
    ['orders-rejected', 'order.rejected'],
    ['signals-denied', 'decision.denied'],
    ['alerts-refused', 'signal.refused'],
    ['alerts-refused', 'signal.failed'],
  ] as const)('%s counts %s of the last minutes', async (key, failure) => {
    told.fail(failure);
    await clock.advance(1);
    const from = clock.now();
    const rule = watched(key, { most: 2, minutes: 5 });
    await clock.advance(minuteMs);
    told.fail(failure);
    // What was before the rule is no news of its.
    expect(await rule.look()).toMatchObject({ kind: 'over', value: '1' });
    await clock.advance(minuteMs);
    told.fail(failure);
    expect(await rule.look()).toMatchObject({ kind: 'holds', value: '2' });
    await clock.advance(5 * minuteMs);
    expect(await at(rule)).toBe('over');
    const before = new Date(from.getTime() - minuteMs);
    expect((await rule.past(before, clock.now()))?.map((one) => (one.getTime() - from.getTime()) / minuteMs)).toEqual([
      1,
    ]);
  });

  it('counts jobs that were given up', async () => {
    const rule = watched('jobs-given-up', { most: 2 });
    told.giveUp(1);
    expect(await at(rule)).toBe('over');
    told.giveUp(2);
    expect(await at(rule)).toBe('holds');
  });

  it('tells how long a broker is away, over a restart too', async () => {
    const rule = watched('broker-disconnected', { seconds: 60 }, { accountId: 'a' });
    told.account('a', { equity: '1' });
    told.connect('a');
    expect(await at(rule)).toBe('over');
    told.disconnect('a');
    expect(await at(rule)).toBe('between');
    await clock.advance(59_000);
    expect(await at(rule)).toBe('between');
    await clock.advance(1000);
    expect(await rule.look()).toMatchObject({ kind: 'holds', value: '60 s away' });
    told.connect('a');
    expect(await at(rule)).toBe('over');
  });
});

it('has a kind of its file’s name for every file, and refuses what no parameter may be', () => {
  expect(kinds.length).toBeGreaterThan(15);
  for (const kind of kinds) expect(readParameters(kind, {}), kind.key).toHaveProperty('values');
  const above = kinds.find((one) => one.key === 'price-above')!;
  expect(readParameters(above, { price: '-1', colour: 'red' })).toEqual({
    problems: [
      { name: 'colour', message: 'this kind of rule has no parameter colour' },
      { name: 'price', message: 'Price: a decimal from 0.0001 to 1000000000000, as text' },
    ],
  });
});
