import { beforeEach, describe, expect, it } from 'vitest';
import { quantity } from '../../core/decimal.ts';
import type { NewAlarm } from '../../core/ports/alarms.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { seededRandom } from '../../testing/seeded-random.ts';
import { defaultTimings } from './timings.ts';
import { createUnclear, type Unclear } from './unclear.ts';

let clock: ManualClock;
let raised: NewAlarm[];
let cleared: string[];
const start = (): Unclear =>
  createUnclear({
    clock,
    random: seededRandom(3),
    timings: defaultTimings,
    log: createRecordedLog(),
    alarms: {
      raise: async (alarm) => void raised.push(alarm),
      clear: async (key) => void cleared.push(key),
    },
  });
let unclear: Unclear;
let order: OrderRecord;
beforeEach(() => {
  clock = new ManualClock();
  [raised, cleared] = [[], []];
  unclear = start();
  order = {
    orderId: 'order',
    accountId: 'account',
    signalId: null,
    parentId: null,
    replacesId: null,
    role: 'entry',
    type: 'market',
    origin: 'decision',
    clientOrderId: 'sbx-1',
    brokerOrderId: null,
    symbol: 'AAPL',
    side: 'buy',
    status: 'submit_unknown',
    quantity: quantity('10'),
    filledQuantity: quantity('0'),
    problem: null,
    submittingAt: clock.now(),
    askedAt: null,
    createdAt: clock.now(),
  };
});

describe('a request whose outcome is unclear', () => {
  it('is looked up in growing pauses within bounds, no two alike', () => {
    for (const elapsed of [0, 100, 1000, 10_000, 1_000_000]) {
      const longest = Math.min(Math.max(elapsed / 2, 250), 30_000);
      const drawn = Array.from({ length: 50 }, () => unclear.pauseMs(elapsed));
      for (const pause of drawn) {
        expect(pause).toBeLessThanOrEqual(longest);
        expect(pause).toBeGreaterThanOrEqual(longest / 2);
      }
      expect(new Set(drawn).size).toBeGreaterThan(40);
    }
  });

  it('is told to a person after a minute, and not before', async () => {
    await clock.advance(59_000);
    await unclear.note(order, 'submission', 'no answer.');
    expect(raised).toEqual([]);
    await clock.advance(2000);
    await unclear.note(order, 'submission', 'no answer.');
    expect(raised).toMatchObject([
      {
        key: 'unclear:submission:order',
        kind: 'order.unclear',
        severity: 'page',
        orderId: 'order',
        accountId: 'account',
      },
    ]);
    expect(raised[0]!.sentence).toBe(
      'For 61 s it has been unclear what became of the submission of buy 10 AAPL: no answer.',
    );
  });

  it('is told at once when the broker says that it has no such order', async () => {
    await unclear.note({ ...order, askedAt: clock.now() }, 'cancel', 'no such order.', true);
    expect(raised).toMatchObject([{ key: 'unclear:cancel:order' }]);
  });

  it('is cleared by whoever hears the word, also by a program that did not tell of it', async () => {
    await unclear.end(order, 'submission');
    expect(cleared).toEqual([]);
    await clock.advance(61_000);
    await unclear.note(order, 'submission', 'no answer.');
    await start().end({ ...order, status: 'filled' }, 'submission');
    expect(cleared).toEqual(['unclear:submission:order']);
  });
});

describe('an exit that the broker refuses', () => {
  it('is one alarm of its position, however often it is tried as another order', async () => {
    await unclear.refused(order, 'not today');
    await unclear.refused({ ...order, orderId: 'the next try' }, 'not today');
    await unclear.refused({ ...order, orderId: 'another', symbol: 'KO' }, 'not today');
    expect(raised.map((alarm) => alarm.key)).toEqual([
      'refused:account:AAPL',
      'refused:account:AAPL',
      'refused:account:KO',
    ]);
  });
});
