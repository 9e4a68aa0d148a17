// Orders and the hours: when they work, wait and end, through holidays, half-days, early closes and a venue that slept.
import { describe, expect, it } from 'vitest';
import { ScriptedVenue } from '../../testing/scripted-venue.ts';

// 2026-11-20 is a Friday; New York is five hours behind.
const night = '2026-11-20T02:00:00Z';
const pre = '2026-11-20T13:00:00Z';
const open = '2026-11-20T14:30:00Z';
const close = '2026-11-20T21:00:00Z';

describe('outside regular hours', () => {
  it('an order is queued, goes to work at the open in its turn, and is told of as new then', async () => {
    const venue = await ScriptedVenue.open({ start: night });
    await venue.quote(149.99, 150.01, { size: 3 });
    const orders = [await venue.place({ qty: 2 }), await venue.place({ qty: 2 })];
    expect(orders.map(({ status, expiresAt }) => [status, expiresAt])).toEqual([
      ['accepted', close.replace('Z', '.000Z')],
      ['accepted', close.replace('Z', '.000Z')],
    ]);
    await venue.until('2026-11-20T14:29:59Z');
    await venue.quote(149.99, 150.01, { size: 3 });
    expect((await venue.order(orders[0]!.id)).status).toBe('accepted');
    await venue.until(open);
    expect(venue.eventsOf(orders[0]!.id)).toEqual(['accepted', 'new', 'fill']);
    expect(venue.eventsOf(orders[1]!.id)).toEqual(['accepted', 'new', 'partial_fill']);
  });

  it('a bracket is queued with its legs held', async () => {
    const venue = await ScriptedVenue.open({ start: night });
    await venue.quote(149.99, 150.01);
    const entry = await venue.place({ orderClass: 'bracket', profit: 155, loss: 145, tif: 'gtc' });
    expect(entry.status).toBe('accepted');
    expect((await venue.legs(entry.id)).map(({ status }) => status)).toEqual(['held', 'held']);
    await venue.until(open);
    expect((await venue.order(entry.id)).status).toBe('filled');
    expect((await venue.legs(entry.id)).map(({ status }) => status)).toEqual(['new', 'new']);
  });

  it('a limit order for extended hours works before, after and at night, and no other does', async () => {
    const venue = await ScriptedVenue.open({ start: night });
    await venue.quote(149.99, 150.01);
    const words = { type: 'limit', limit: 149, qty: 1 } as const;
    const extended = await venue.place({ ...words, extended: true });
    const regular = await venue.place(words);
    expect([extended.status, regular.status]).toEqual(['new', 'accepted']);
    await venue.until(pre);
    await venue.quote(148.8, 148.9);
    expect((await venue.order(extended.id)).status).toBe('filled');
    expect((await venue.order(regular.id)).status).toBe('accepted');
    await venue.until(open);
    expect((await venue.order(regular.id)).status).toBe('filled');
  });

  it('a day order for extended hours lives until they end, and rests while nothing trades at all', async () => {
    const venue = await ScriptedVenue.open({ start: '2026-11-20T21:30:00Z' });
    await venue.quote(149.99, 150.01);
    const words = { type: 'limit', limit: 149, extended: true } as const;
    const [day, gtc] = [await venue.place(words), await venue.place({ ...words, tif: 'gtc' })];
    await venue.until('2026-11-21T01:00:00Z');
    expect([(await venue.order(day.id)).status, (await venue.order(gtc.id)).status]).toEqual(['expired', 'new']);
    await venue.until('2026-11-21T15:00:00Z');
    await venue.quote(148, 148.1);
    expect((await venue.order(gtc.id)).status).toBe('new');
    // Sunday evening.
    await venue.until('2026-11-23T01:00:00Z');
    expect((await venue.order(gtc.id)).status).toBe('filled');
  });

  it('stops are elected by no trade of the night, but by the opening one', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    await venue.place({ qty: 2 });
    const stop = await venue.place({ side: 'sell', type: 'stop', stop: 145, tif: 'gtc' });
    await venue.until('2026-11-20T22:00:00Z');
    await venue.quote(139.99, 140.01);
    expect((await venue.order(stop.id)).status).toBe('new');
    await venue.until(pre.replace('20T', '23T'));
    await venue.quote(143.99, 144.01);
    expect((await venue.order(stop.id)).elected).toBe(false);
    await venue.until(open.replace('20T', '23T'));
    const filled = await venue.order(stop.id);
    expect([filled.status, filled.filledCost]).toEqual(['filled', 143_990_000_000_000n * 10n]);
  });

  it('one that was cancelled before it went out is gone at once; a stop at a closed exchange when it opens', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    await venue.place({ qty: 3 });
    const stop = await venue.place({ side: 'sell', type: 'stop', stop: 145, tif: 'gtc' });
    const limit = await venue.place({ side: 'sell', type: 'limit', limit: 160, tif: 'gtc' });
    await venue.until('2026-11-21T15:00:00Z');
    const queued = await venue.place({ side: 'sell', type: 'stop', stop: 140, tif: 'gtc' });
    for (const { id } of [stop, limit, queued]) await venue.cancel(id);
    const statuses = async () => {
      const found = await Promise.all([stop, limit, queued].map(({ id }) => venue.order(id)));
      return found.map(({ status }) => status);
    };
    expect(await statuses()).toEqual(['pending_cancel', 'canceled', 'canceled']);
    await expect(venue.replace(stop.id, { stop: 144 })).rejects.toThrow(
      'cannot replace order in pending_cancel status',
    );
    const account = await venue.account(({ id }) => id);
    expect(await venue.venue.command(({ state, held }) => held(state.accounts.get(account)!, 'AAPL', 'sell'))).toBe(
      1e9,
    );
    await venue.cancel(stop.id);
    await venue.restart();
    expect((await statuses())[0]).toBe('pending_cancel');
    await venue.until('2026-11-23T09:00:00Z');
    expect(await statuses()).toEqual(['canceled', 'canceled', 'canceled']);
    expect(venue.eventsOf(stop.id)).toEqual(['new', 'pending_cancel', 'canceled']);
  });
});

describe('the end of the day', () => {
  it('expires day orders with what they were filled, and cancels what hung on them', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01, { size: 4 });
    const part = await venue.place({ qty: 10, type: 'limit', limit: 150.01 });
    const bracket = await venue.place({
      symbol: 'AAPL',
      type: 'limit',
      limit: 140,
      orderClass: 'bracket',
      profit: 150,
      loss: 130,
    });
    const gtc = await venue.place({ type: 'limit', limit: 141, tif: 'gtc' });
    await venue.until(close);
    expect(await venue.order(part.id)).toMatchObject({
      status: 'expired',
      filledQty: 4e9,
      expiredAt: close.replace('Z', '.000Z'),
    });
    expect(venue.eventsOf(part.id)).toEqual(['new', 'partial_fill', 'expired']);
    expect((await venue.order(bracket.id)).status).toBe('expired');
    expect((await venue.legs(bracket.id)).map(({ status }) => status)).toEqual(['expired', 'expired']);
    expect((await venue.order(gtc.id)).status).toBe('new');
  });

  it('comes early on a half-day, and the next session is after the weekend', async () => {
    const venue = await ScriptedVenue.open({ start: '2026-11-27T15:00:00Z' });
    await venue.quote(149.99, 150.01);
    const first = await venue.place({ type: 'limit', limit: 140 });
    await venue.until('2026-11-27T18:00:00Z');
    expect((await venue.order(first.id)).status).toBe('expired');
    const second = await venue.place({ type: 'limit', limit: 140 });
    expect(second).toMatchObject({ status: 'accepted', expiresAt: '2026-11-30T21:00:00.000Z' });
  });

  it('is right on both sides of daylight saving', async () => {
    const venue = await ScriptedVenue.open({ start: '2026-10-30T15:00:00Z' });
    await venue.quote(149.99, 150.01);
    expect((await venue.place({ type: 'limit', limit: 140 })).expiresAt).toBe('2026-10-30T20:00:00.000Z');
    await venue.until('2026-11-02T13:30:00Z');
    expect((await venue.place({ type: 'limit', limit: 140 })).expiresAt).toBe('2026-11-02T21:00:00.000Z');
  });

  it('comes when the session closes early, and orders that come after it wait for the next', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const order = await venue.place({ type: 'limit', limit: 140 });
    venue.sessions.closeEarly(new Date('2026-11-20T16:00:00Z'));
    await venue.venue.idle();
    expect((await venue.order(order.id)).expiresAt).toBe('2026-11-20T16:00:00.000Z');
    await venue.until('2026-11-20T16:00:00Z');
    expect(venue.eventsOf(order.id)).toEqual(['new', 'expired']);
    expect(await venue.place({ type: 'limit', limit: 140 })).toMatchObject({ status: 'accepted' });
  });

  it('that came early and is taken back lets what rests and what was queued meanwhile work again', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const resting = await venue.place({ type: 'limit', limit: 140, tif: 'gtc' });
    const reopen = venue.sessions.closeEarly(new Date('2026-11-20T15:30:00Z'))!;
    await venue.until('2026-11-20T15:31:00Z');
    const queued = await venue.place({ type: 'limit', limit: 141, tif: 'gtc' });
    await venue.quote(139, 139.02);
    expect(venue.eventsOf(queued.id)).toEqual(['accepted']);
    reopen();
    await venue.venue.idle();
    expect([(await venue.order(resting.id)).status, (await venue.order(queued.id)).status]).toEqual([
      'filled',
      'filled',
    ]);
  });

  it('comes in a halt too, which an auction does not survive and an open leaves as it is', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const [day, atClose] = [await venue.place({ type: 'limit', limit: 140 }), await venue.place({ tif: 'cls' })];
    const resume = await venue.venue.halt('AAPL');
    const [late, gtc] = [
      await venue.place({ tif: 'day' }),
      await venue.place({ type: 'limit', limit: 151, tif: 'gtc' }),
    ];
    await venue.until(close);
    const found = await Promise.all([day, atClose, late, gtc].map(({ id }) => venue.order(id)));
    expect(found.map(({ status }) => status)).toEqual(['expired', 'canceled', 'expired', 'new']);
    await venue.until('2026-11-23T15:00:00Z');
    await venue.quote(149.99, 150.01);
    expect((await venue.order(gtc.id)).status).toBe('new');
    await resume();
    await venue.quote(149.99, 150.01);
    expect((await venue.order(gtc.id)).status).toBe('filled');
  });

  it('does not come to crypto, nor to equities where they never close but at midnight', async () => {
    const venue = await ScriptedVenue.open({ alwaysOpen: true, start: '2026-11-21T15:00:00Z' });
    await venue.quote(149.99, 150.01);
    await venue.quote(60_000, 60_010, { symbol: 'BTC/USD' });
    const coin = await venue.place({ symbol: 'BTC/USD', type: 'limit', limit: 50_000, tif: 'gtc' });
    const day = await venue.place({ type: 'limit', limit: 140 });
    expect([coin.status, day.status, day.expiresAt]).toEqual(['new', 'new', '2026-11-22T05:00:00.000Z']);
    await venue.until('2026-11-22T05:00:00Z');
    expect([(await venue.order(coin.id)).status, (await venue.order(day.id)).status]).toEqual(['new', 'expired']);
  });

  it('comes to orders good till cancelled after ninety days, by way of pending_cancel', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const order = await venue.place({ type: 'limit', limit: 140, tif: 'gtc' });
    expect(order.expiresAt).toBe('2027-02-18T21:15:00.000Z');
    await venue.until('2027-02-18T21:15:00Z');
    expect(venue.eventsOf(order.id)).toEqual(['new', 'pending_cancel', 'canceled']);
  });
});

describe('an auction', () => {
  it('fills orders for the open at its one price, whole, and ends those that it does not reach', async () => {
    const venue = await ScriptedVenue.open({ start: night });
    await venue.quote(149.98, 150.02, { size: 1 });
    const market = await venue.place({ qty: 50, tif: 'opg' });
    const reached = await venue.place({ qty: 5, tif: 'opg', type: 'limit', limit: 150.5 });
    const missed = await venue.place({ qty: 5, tif: 'opg', type: 'limit', limit: 149.5 });
    expect([market.status, market.expiresAt]).toEqual(['accepted', open.replace('Z', '.000Z')]);
    await venue.until(open);
    const cost = (await venue.order(market.id)).filledCost;
    expect(cost).toBe(50n * 150n * 10n ** 13n);
    expect((await venue.order(reached.id)).filledCost).toBe(5n * 150n * 10n ** 13n);
    expect((await venue.order(missed.id)).status).toBe('canceled');
  });

  it('fills orders for the close at the close', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.98, 150.02);
    const order = await venue.place({ qty: 3, tif: 'cls' });
    await venue.quote(151.98, 152.02);
    expect((await venue.order(order.id)).status).toBe('accepted');
    await venue.until(close);
    expect((await venue.order(order.id)).filledCost).toBe(3n * 152n * 10n ** 13n);
  });

  it.each([
    ['opg', '2026-11-20T14:28:00Z', 'opg orders are not accepted between 09:28 and 19:00 ET'],
    ['opg', '2026-11-20T23:59:59Z', 'opg orders are not accepted'],
    ['cls', '2026-11-20T20:50:00Z', 'cls orders are not accepted between 15:50 and 19:00 ET'],
    ['cls', '2026-11-27T17:50:00Z', 'cls orders are not accepted between 12:50 and 19:00 ET'],
  ] as const)('takes no %s order at %s', async (tif, start, message) => {
    const venue = await ScriptedVenue.open({ start });
    await venue.quote(149.98, 150.02);
    await expect(venue.place({ tif })).rejects.toThrow(message);
  });

  it.each([
    ['opg', '2026-11-20T14:27:59Z', open],
    ['opg', '2026-11-21T00:00:00Z', '2026-11-23T14:30:00Z'],
    ['cls', '2026-11-20T20:49:59Z', close],
    ['cls', '2026-11-21T16:00:00Z', '2026-11-23T21:00:00Z'],
  ] as const)('takes an %s order at %s for the one at %s', async (tif, start, held) => {
    const venue = await ScriptedVenue.open({ start });
    await venue.quote(149.98, 150.02);
    expect(await venue.place({ tif })).toMatchObject({ status: 'accepted', expiresAt: held.replace('Z', '.000Z') });
  });
});

describe('a venue that slept', () => {
  it('over the open lets what was queued work when it wakes', async () => {
    const venue = await ScriptedVenue.open({ start: night });
    await venue.quote(149.98, 150.02);
    const order = await venue.place({ type: 'limit', limit: 149 });
    await venue.restart(13 * 3_600_000);
    expect((await venue.order(order.id)).status).toBe('new');
    await venue.quote(148.9, 149);
    expect((await venue.order(order.id)).status).toBe('filled');
  });

  it('over the close expires day orders when it wakes, and trades none of them before', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.98, 150.02);
    const order = await venue.place({ type: 'limit', limit: 149 });
    const auction = await venue.place({ tif: 'cls' });
    // Nobody sees this one before the venue wakes.
    venue.market.script('AAPL', 140, 140.02, venue.clock.now());
    await venue.restart(24 * 3_600_000);
    expect(await venue.order(order.id)).toMatchObject({ status: 'expired', filledQty: 0 });
    expect((await venue.order(auction.id)).status).toBe('filled');
    await venue.until('2026-11-23T15:00:00Z');
    expect(await venue.place({ type: 'limit', limit: 120 })).toMatchObject({ status: 'new' });
  });
});
