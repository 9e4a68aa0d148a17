// Invariant: of the exchange's record, each share counts as without a stop from its fill until a stop, or a sale at the market, stands for it, less
// the times in which nothing could be done.
import { describe, expect, it } from 'vitest';
import { text } from '../../core/decimal.ts';
import { compareProtection, countedMs, unprotectedTimes } from './unprotected.ts';
import type { VenueFill, VenueOrder, VenueRecord } from './venue-record.ts';

const at = (seconds: number): string => new Date(1_000_000 + seconds * 1000).toISOString();
const ms = (seconds: number): number => 1_000_000 + seconds * 1000;
const order = (id: string, fields: Partial<VenueOrder>): VenueOrder => ({
  id,
  client_order_id: id,
  symbol: 'KO',
  side: 'sell',
  qty: '10',
  type: 'stop',
  order_class: 'simple',
  stop_price: '9',
  filled_qty: '0',
  status: 'accepted',
  submitted_at: at(0),
  filled_at: null,
  canceled_at: null,
  expired_at: null,
  replaced_at: null,
  failed_at: null,
  replaces: null,
  legs: null,
  ...fields,
});
const fill = (orderId: string, side: VenueFill['side'], qty: string, seconds: number): VenueFill => ({
  id: `${orderId}-${seconds}`,
  order_id: orderId,
  symbol: 'KO',
  side,
  qty,
  price: '10',
  transaction_time: at(seconds),
});
const record = (orders: VenueOrder[], fills: VenueFill[]): VenueRecord => ({
  cash: '0',
  positions: new Map(),
  orders,
  fills,
});
const entry = (fields: Partial<VenueOrder> = {}) =>
  order('entry', { side: 'buy', type: 'market', status: 'filled', filled_at: at(1), ...fields });
/** Shares, from when, until when, in seconds. */
const times = (orders: VenueOrder[], fills: VenueFill[]) =>
  unprotectedTimes(record(orders, fills), ms(100)).map((one) => [
    text(one.quantity),
    (one.fromMs - ms(0)) / 1000,
    (one.toMs - ms(0)) / 1000,
  ]);

describe('shares are without a stop', () => {
  it('never, when their stop is lowered with each fill of its target: the record has what was left of it', () => {
    const legs = [
      order('stop', { qty: '3', status: 'canceled', canceled_at: at(9) }),
      order('target', { type: 'limit', filled_qty: '10', status: 'filled', filled_at: at(9) }),
    ];
    const fills = [fill('entry', 'buy', '10', 1), fill('target', 'sell', '7', 5), fill('target', 'sell', '3', 9)];
    expect(times([entry({ order_class: 'bracket', legs })], fills)).toEqual([]);
  });

  it('never, when the leg of their entry is there with the fill', () => {
    const legs = [order('leg', { status: 'accepted' })];
    expect(times([entry({ order_class: 'bracket', legs })], [fill('entry', 'buy', '10', 1)])).toEqual([]);
  });

  it('until a stop is placed', () => {
    const stop = order('stop', { submitted_at: at(4) });
    expect(times([entry(), stop], [fill('entry', 'buy', '10', 1)])).toEqual([['10', 1, 4]]);
  });

  it('until the rest of an entry is filled, as its legs wait for that', () => {
    const legs = [order('leg', {})];
    const whole = entry({ order_class: 'bracket', filled_at: at(3), legs });
    expect(times([whole], [fill('entry', 'buy', '4', 1), fill('entry', 'buy', '6', 3)])).toEqual([['4', 1, 3]]);
  });

  it('when the stop is cancelled, until what sells them at the market is there', () => {
    const stop = order('stop', { submitted_at: at(1), status: 'canceled', canceled_at: at(20) });
    const exit = order('exit', { type: 'market', submitted_at: at(22), status: 'filled', filled_at: at(30) });
    const fills = [fill('entry', 'buy', '10', 1), fill('exit', 'sell', '10', 30)];
    expect(times([entry(), stop, exit], fills)).toEqual([['10', 20, 22]]);
  });

  it('to the end, when nothing comes; and not by a target, or a stop that was refused', () => {
    const target = order('target', { type: 'limit' });
    const refused = order('refused', { status: 'rejected', failed_at: at(2) });
    expect(times([entry(), target, refused], [fill('entry', 'buy', '10', 1)])).toEqual([['10', 1, 100]]);
  });

  it('the ones first that have waited longest, a short like a long', () => {
    const short = entry({ side: 'sell', filled_at: at(5) });
    const stops = [
      order('one', { side: 'buy', qty: '4', submitted_at: at(7) }),
      order('two', { side: 'buy', qty: '6', submitted_at: at(9) }),
    ];
    const fills = [fill('entry', 'sell_short', '4', 1), fill('entry', 'sell_short', '6', 5)];
    expect(times([short, ...stops], fills)).toEqual([
      ['4', 1, 7],
      ['6', 5, 9],
    ]);
  });
});

describe('what counts', () => {
  const orders = [entry(), order('stop', { submitted_at: at(21) })];
  const fills = [fill('entry', 'buy', '10', 1)];

  it('is what lies in no outage, of any symbol or of this one', () => {
    const [time] = unprotectedTimes(record(orders, fills), ms(100));
    const outages = [
      { symbol: null, fromMs: ms(0), toMs: ms(3) },
      { symbol: 'KO', fromMs: ms(2), toMs: ms(5) },
      { symbol: 'PEP', fromMs: ms(5), toMs: ms(15) },
      { symbol: null, fromMs: ms(20), toMs: ms(50) },
    ];
    expect(countedMs(time!, outages)).toBe(15_000);
    expect(compareProtection(record(orders, fills), outages, 15_000, ms(100)).figure.value).toBe(0);
  });

  it('is a failure above what is allowed', () => {
    const { figure, outsideOutages } = compareProtection(record(orders, fills), [], 10_000, ms(100));
    expect(figure).toMatchObject({ name: 'unprotectedSeconds', value: 10, of: 1 });
    expect(figure.cases[0]).toMatch(/^10 KO for 20\.0 s/);
    expect(outsideOutages).toBe(1);
  });
});
