import { describe, expect, it } from 'vitest';
import { money, price, quantity, text } from '../../core/decimal.ts';
import type { ExposureOrder } from '../../core/model/protection.ts';
import type { Measures } from '../../core/ports/protection-store.ts';
import {
  coinVenue,
  protectionContext as context,
  exposureEntry as entry,
  exposure,
  later,
  noon,
  exposureOrder as order,
} from '../../testing/exposure.ts';
import { decideProtection } from './decide.ts';

const leg = (change: Partial<ExposureOrder> = {}): ExposureOrder =>
  order('leg', {
    origin: 'venue',
    parentId: 'entry',
    parentStatus: 'filled',
    parentFilledAt: noon,
    status: 'held',
    ...change,
  });
const gone = (id: string, change: Partial<ExposureOrder> = {}): ExposureOrder =>
  order(id, { status: 'canceled', closedAt: later(500), ...change });
const lone = () => entry({ orderClass: 'simple' });
const placed = (measures: Measures): string[] =>
  measures.place.map((one) =>
    `${one.origin} ${one.side} ${text(one.quantity)} ${one.type} ${one.stopPrice ? text(one.stopPrice) : ''}`.trim(),
  );

describe('shares whose stop works', () => {
  it('are protected by a held leg of a filled entry', () => {
    expect(decideProtection(exposure({ orders: [entry(), leg()] }), context())).toMatchObject({
      stage: 'protected',
      place: [],
      alarm: null,
    });
  });

  it('are measured from the fill to the moment the stop worked', () => {
    const unmeasured = [{ executionId: 'e', orderId: 'entry', quantity: quantity('10'), executedAt: noon }];
    const own = order('stop', { acknowledgedAt: later(400), updatedAt: later(900) });
    expect(decideProtection(exposure({ orders: [lone(), own], unmeasured }), context()).times).toMatchObject([
      { executionId: 'e', milliseconds: 400, stopOrderId: 'stop' },
    ]);
    expect(decideProtection(exposure({ orders: [entry(), leg()], unmeasured }), context()).times[0]!.milliseconds).toBe(
      0,
    );
  });

  it('are not protected by a leg whose entry is not filled yet', () => {
    const half = entry({ status: 'partially_filled', closedAt: null, filledQuantity: quantity('4') });
    const orders = [half, leg({ parentStatus: 'partially_filled' })];
    expect(decideProtection(exposure({ held: quantity('4'), orders }), context()).stage).toBe('waiting');
  });
});

describe('an exit', () => {
  const cancelled = () => leg({ status: 'canceled', closedAt: later(500) });
  const exit = (change: Partial<ExposureOrder>) =>
    order('exit', {
      origin: 'decision',
      role: 'exit',
      type: 'market',
      stopPrice: null,
      acknowledgedAt: null,
      ...change,
    });

  it('that works at the broker closes the position for as long as is set', () => {
    const facts = exposure({ orders: [entry(), cancelled(), exit({ status: 'accepted' })] });
    expect(decideProtection(facts, context({ now: later(30_000) }))).toMatchObject({ stage: 'closing', alarm: null });
  });

  it('that waits here for the end of what holds its shares does not: after the time that a stop has, a person is paged', () => {
    const facts = exposure({ orders: [entry(), cancelled(), exit({ status: 'waiting' })] });
    expect(decideProtection(facts, context({ now: later(4000) }))).toMatchObject({
      stage: 'closing',
      lookAgainAt: later(5001),
    });
    expect(decideProtection(facts, context({ now: later(6000) }))).toMatchObject({
      stage: 'unprotected',
      place: [],
      alarm: {
        severity: 'page',
        sentence: expect.stringContaining('has been waiting for the end of what holds its shares'),
      },
    });
  });
});

describe('shares without a stop', () => {
  it('are waited for as long as the venue may bring its leg, and get one then', () => {
    expect(decideProtection(exposure(), context())).toMatchObject({
      stage: 'waiting',
      place: [],
      lookAgainAt: later(5000),
    });
    const late = decideProtection(exposure(), context({ now: later(5000) }));
    expect(placed(late)).toEqual(['protection sell 10 stop 145']);
    expect(late.place[0]).toMatchObject({ timeInForce: 'gtc', role: 'stop_loss' });
  });

  it('get one at once where none is coming: the leg has ended, or there never was one', () => {
    for (const orders of [[entry(), leg({ status: 'canceled', closedAt: later(500) })], [lone()]]) {
      expect(placed(decideProtection(exposure({ orders }), context()))).toEqual(['protection sell 10 stop 145']);
    }
    for (const status of ['expired', 'rejected'] as const) {
      const orders = [entry(), leg({ status, closedAt: later(500) })];
      expect(placed(decideProtection(exposure({ orders }), context()))).toEqual(['protection sell 10 stop 145']);
    }
  });

  it('get it where it was last, else as approved, else at the distance of the strategy', () => {
    const moved = [entry(), leg({ stopPrice: price('149'), status: 'canceled', closedAt: later(500) })];
    expect(placed(decideProtection(exposure({ orders: moved }), context()))).toEqual(['protection sell 10 stop 149']);
    const bare = [entry({ orderClass: 'simple', stopLoss: null, takeProfit: null })];
    expect(placed(decideProtection(exposure({ orders: bare }), context()))).toEqual(['protection sell 10 stop 148.5']);
  });

  it('that are short get one above', () => {
    const orders = [entry({ side: 'sell', orderClass: 'simple', stopLoss: price('155') })];
    expect(
      placed(decideProtection(exposure({ held: quantity('-10'), cost: money('-1500'), orders }), context())),
    ).toEqual(['protection buy 10 stop 155']);
  });

  it('are sold when the market is beyond the stop already', () => {
    const quote = { symbol: 'AAPL', bid: price('144'), ask: price('144.02'), at: noon };
    const measures = decideProtection(exposure({ orders: [lone()] }), context({ quote }));
    expect(placed(measures)).toEqual(['flatten sell 10 market']);
    expect(measures).toMatchObject({ stage: 'flattening', alarm: { severity: 'warn' } });
  });

  it('of which a part is covered get a stop for the rest', () => {
    const orders = [lone(), order('stop', { quantity: quantity('6') })];
    expect(placed(decideProtection(exposure({ orders }), context()))).toEqual(['protection sell 4 stop 145']);
  });

  it('that are no whole number get one until cancelled for the whole ones, and one for the day', () => {
    const orders = [entry({ orderClass: 'simple', quantity: quantity('10.4') })];
    const measures = decideProtection(exposure({ held: quantity('10.4'), orders }), context());
    expect(measures.place.map((one) => `${text(one.quantity)} ${one.timeInForce}`)).toEqual(['10 gtc', '0.4 day']);
    expect(new Set(measures.place.map((one) => one.orderId)).size).toBe(2);
  });

  it('have the same stop whoever decides, and another one after it has ended', () => {
    const id = (own: number) =>
      decideProtection(exposure({ orders: [lone()], ownOrders: own }), context()).place[0]!.orderId;
    expect(id(0)).toBe(id(0));
    expect(id(1)).not.toBe(id(0));
  });
});

describe('an entry that is filled in part', () => {
  const half = (change: Partial<ExposureOrder> = {}) =>
    entry({ type: 'limit', status: 'partially_filled', closedAt: null, filledQuantity: quantity('4'), ...change });
  const held = quantity('4');

  it('and still works is given its time, then its rest is cancelled, then there is a stop', () => {
    const legs = leg({ parentStatus: 'partially_filled' });
    expect(decideProtection(exposure({ held, orders: [half(), legs] }), context())).toMatchObject({
      stage: 'waiting',
      cancel: [],
    });
    const late = decideProtection(exposure({ held, orders: [half(), legs] }), context({ now: later(5000) }));
    expect(late).toMatchObject({ place: [], cancel: [{ orderId: 'entry' }] });
    const asked = [half({ status: 'pending_cancel', updatedAt: later(5000) }), legs];
    expect(decideProtection(exposure({ held, orders: asked }), context({ now: later(6000) }))).toMatchObject({
      place: [],
      cancel: [],
    });
    const ended = [
      half({ status: 'canceled', closedAt: later(6000) }),
      gone('leg', { parentId: 'entry', parentStatus: 'canceled' }),
    ];
    expect(placed(decideProtection(exposure({ held, orders: ended }), context({ now: later(6001) })))).toEqual([
      'protection sell 4 stop 145',
    ]);
  });

  it('and has a stop to follow it is ended all the same, and then that stop has its time', () => {
    const legs = leg({ parentStatus: 'partially_filled' });
    const follower = order('follower', {
      origin: 'decision',
      type: 'trailing_stop',
      status: 'approved',
      stopPrice: null,
      acknowledgedAt: null,
      quantity: quantity('10'),
    });
    const waiting = { ...follower, waitsForOther: true };
    const late = decideProtection(exposure({ held, orders: [half(), legs, waiting] }), context({ now: later(5000) }));
    expect(late).toMatchObject({ place: [], cancel: [{ orderId: 'entry' }] });
    const ended = [
      half({ status: 'canceled', closedAt: later(6000) }),
      gone('leg', { parentId: 'entry', parentStatus: 'canceled', closedAt: later(6000) }),
      follower,
    ];
    const at = (ms: number) => decideProtection(exposure({ held, orders: ended }), context({ now: later(ms) }));
    expect(at(6001)).toMatchObject({ stage: 'placing', place: [] });
    expect(at(10_999)).toMatchObject({ stage: 'placing', place: [] });
    expect(placed(at(11_000))).toEqual(['flatten sell 4 market']);
  });
});

describe('a stop that could not be had', () => {
  const refused = (id: string, change: Partial<ExposureOrder> = {}) =>
    gone(id, {
      status: 'rejected',
      acknowledgedAt: null,
      problem: 'stop price must be less than current price',
      rejectedCode: 'EXECUTION_BROKER_REFUSED',
      ...change,
    });

  it('by refusal makes the shares be sold', () => {
    const measures = decideProtection(exposure({ orders: [lone(), refused('a')], ownOrders: 1 }), context());
    expect(placed(measures)).toEqual(['flatten sell 10 market']);
    expect(measures.alarm!.sentence).toContain('stop price must be less');
  });

  it('in time is waited for, and makes the shares be sold then', () => {
    const orders = [lone(), order('a', { status: 'submit_unknown', createdAt: later(500) })];
    expect(decideProtection(exposure({ orders }), context())).toMatchObject({ stage: 'placing', place: [] });
    const late = decideProtection(
      exposure({ orders: [lone(), order('a', { status: 'approved', createdAt: later(500) })] }),
      context({ now: later(5600) }),
    );
    expect(placed(late)).toEqual(['flatten sell 10 market']);
  });

  it('because another order held the shares is tried again, and sells nothing', () => {
    const orders = [lone(), refused('a', { rejectedCode: 'EXECUTION_NOTHING_LEFT' })];
    expect(placed(decideProtection(exposure({ orders }), context()))).toEqual(['protection sell 10 stop 145']);
  });

  it('again and again, as somebody cancels it, makes the shares be sold', () => {
    const lost = ['a', 'b', 'c'].map((id) => gone(id));
    expect(placed(decideProtection(exposure({ orders: [lone(), ...lost.slice(0, 2)] }), context()))[0]).toContain(
      'protection',
    );
    expect(placed(decideProtection(exposure({ orders: [lone(), ...lost] }), context()))[0]).toContain('flatten');
    const ours = lost.map((one) => ({ ...one, cancelAsked: true }));
    expect(placed(decideProtection(exposure({ orders: [lone(), ...ours] }), context()))[0]).toContain('protection');
  });

  it('calls a person when the sale is refused or not filled in time, and goes on trying by turns', () => {
    const sale = (change: Partial<ExposureOrder>) =>
      order('sale', { origin: 'flatten', role: 'exit', type: 'market', createdAt: later(1000), ...change });
    const resting = decideProtection(
      exposure({ orders: [lone(), refused('a'), sale({})] }),
      context({ now: later(6000) }),
    );
    expect(resting).toMatchObject({ stage: 'unprotected', place: [], alarm: { severity: 'page' } });
    const failed = [
      lone(),
      refused('a'),
      sale({ status: 'rejected', acknowledgedAt: null, closedAt: later(1500), problem: 'halted' }),
    ];
    const called = decideProtection(exposure({ orders: failed }), context({ now: later(2000) }));
    expect(called).toMatchObject({ stage: 'unprotected', place: [], lookAgainAt: later(31_500) });
    expect(called.alarm).toMatchObject({ severity: 'page', sentence: expect.stringContaining('halted') });
    const again = decideProtection(exposure({ orders: failed, ownOrders: 2 }), context({ now: later(31_500) }));
    expect(placed(again)[0]).toContain('protection');
    expect(again.alarm?.severity).toBe('page');
    const once = [...failed, refused('b', { closedAt: later(32_000) })];
    expect(placed(decideProtection(exposure({ orders: once }), context({ now: later(32_500) })))).toEqual([]);
    expect(placed(decideProtection(exposure({ orders: once }), context({ now: later(62_000) })))[0]).toContain(
      'flatten',
    );
  });
});

describe('an exit', () => {
  const exit = (change: Partial<ExposureOrder> = {}) =>
    order('exit', { origin: 'decision', role: 'exit', type: 'market', ...change });

  it('that works protects its shares, not for ever', () => {
    const orders = [lone(), exit()];
    expect(decideProtection(exposure({ orders }), context())).toMatchObject({
      stage: 'closing',
      place: [],
      lookAgainAt: later(60_001),
    });
    expect(decideProtection(exposure({ orders }), context({ now: later(60_001) }))).toMatchObject({
      stage: 'unprotected',
      place: [],
      alarm: { severity: 'page' },
    });
  });

  it('of a part leaves the rest to be protected at once', () => {
    const orders = [entry(), leg({ status: 'canceled', closedAt: later(500) }), exit({ quantity: quantity('4') })];
    expect(placed(decideProtection(exposure({ orders }), context()))).toEqual(['protection sell 6 stop 145']);
  });

  it('that was filled in part and cancelled leaves the rest to be protected at once', () => {
    const orders = [
      entry(),
      leg({ status: 'canceled', closedAt: later(300) }),
      exit({ status: 'canceled', closedAt: later(900), filledQuantity: quantity('3') }),
    ];
    const measures = decideProtection(exposure({ held: quantity('7'), orders }), context());
    expect(placed(measures)).toEqual(['protection sell 7 stop 145']);
    expect(measures.uncoveredSince).toEqual(later(900));
  });
});

describe('stops for more than is held', () => {
  it('are cancelled when it lasts, ours first', () => {
    const orders = [entry(), leg(), order('ours')];
    const seen = decideProtection(exposure({ orders }), context());
    expect(seen).toMatchObject({ stage: 'excess', cancel: [], overSince: later(1000) });
    const known = { ...known0, overSince: later(1000) };
    expect(decideProtection(exposure({ orders, known }), context({ now: later(3000) })).cancel).toMatchObject([
      { orderId: 'ours' },
    ]);
  });

  it('are cancelled when nothing is held any more, or on the wrong side', () => {
    const known = { ...known0, overSince: noon };
    const flat = exposure({ held: quantity('0'), cost: money('0'), orders: [order('ours')], known });
    expect(decideProtection(flat, context({ now: later(3000) })).cancel).toMatchObject([{ orderId: 'ours' }]);
    const wrong = exposure({ orders: [entry(), leg(), order('wrong', { side: 'buy' })], known });
    expect(decideProtection(wrong, context({ now: later(3000) })).cancel).toMatchObject([{ orderId: 'wrong' }]);
  });

  const known0 = {
    ...{ uncoveredSince: null, overSince: null, stage: 'excess' as const, alarmed: false },
    ...{ held: quantity('10'), covered: quantity('10'), stopOrderId: null, stopPrice: null },
  };
});

describe('where the venue has no plain stop', () => {
  const at = (bid: string) => ({ symbol: 'BTC/USD', bid: price(bid), ask: price(bid), at: noon });
  const coins = (change = {}) => exposure({ symbol: 'BTC/USD', ...change });
  const stop = (change: Partial<ExposureOrder> = {}) =>
    order('stop', { type: 'stop_limit', limitPrice: price('143.55'), ...change });

  it('a stop-limit is placed, its limit a little behind, and gives nothing for more than the broker holds', () => {
    const measures = decideProtection(
      coins({ orders: [entry()] }),
      context({ venue: coinVenue, quote: at('150'), atBroker: quantity('9.975') }),
    );
    expect(measures.place).toMatchObject([{ type: 'stop_limit', timeInForce: 'gtc' }]);
    expect([measures.place[0]!.limitPrice!, measures.place[0]!.quantity].map(text)).toEqual(['143.55', '9.975']);
  });

  it('as many coins trail as were bought to trail, and the others have a stop that stands still', () => {
    const trail = { percent: price('1') };
    const part = (id: string, shares: string, change: Partial<ExposureOrder> = {}) =>
      entry({
        orderId: id,
        orderClass: 'simple',
        quantity: quantity(shares),
        filledQuantity: quantity(shares),
        ...change,
      });
    const bought = [part('first', '5'), part('second', '3'), part('third', '2', { takeProfit: null, trail })];
    const stopsFor = (orders: ExposureOrder[], shares = '10') =>
      decideProtection(
        coins({ held: quantity(shares), orders: [...bought, ...orders] }),
        context({ venue: coinVenue, quote: at('150') }),
      ).place.map((one) => `${text(one.quantity)} at ${text(one.stopPrice!)}${one.trail ? ' trails' : ''}`);
    expect(stopsFor([])).toEqual(['2 at 148.5 trails', '8 at 145']);
    expect(stopsFor([stop({ quantity: quantity('8') })])).toEqual(['2 at 148.5 trails']);
    const trailing = stop({ orderId: 'trailing', quantity: quantity('2'), stopPrice: price('149'), trail });
    expect(stopsFor([trailing])).toEqual(['8 at 145']);
    // What was sold at targets leaves the part that trails.
    expect(stopsFor([gone('old', { type: 'stop_limit' })], '2')).toEqual(['2 at 148.5 trails']);
    const ids = decideProtection(coins({ orders: bought }), context({ venue: coinVenue, quote: at('150') })).place;
    expect(new Set(ids.map((one) => one.orderId)).size).toBe(2);
  });

  it('a stop-limit that the market has left behind covers nothing: the coins are sold', () => {
    const orders = [entry(), stop()];
    expect(decideProtection(coins({ orders }), context({ venue: coinVenue, quote: at('144') })).place).toEqual([]);
    expect(placed(decideProtection(coins({ orders }), context({ venue: coinVenue, quote: at('143') })))).toEqual([
      'flatten sell 10 market',
    ]);
  });

  it('a target that was reached is taken by a limit order, and given up for a stop when it is not filled', () => {
    const orders = [entry(), stop()];
    const reached = decideProtection(coins({ orders }), context({ venue: coinVenue, quote: at('160.5') }));
    expect(reached.place).toMatchObject([{ role: 'take_profit', type: 'limit' }]);
    expect(text(reached.place[0]!.limitPrice!)).toBe('160');
    const taking = order('target', {
      role: 'take_profit',
      type: 'limit',
      stopPrice: null,
      limitPrice: price('160'),
      createdAt: noon,
    });
    const late = [entry(), gone('stop', { cancelAsked: true }), taking];
    expect(decideProtection(coins({ orders: late }), context({ venue: coinVenue, quote: at('159') })).stage).toBe(
      'closing',
    );
    expect(
      decideProtection(coins({ orders: late }), context({ now: later(5001), venue: coinVenue, quote: at('159') }))
        .cancel,
    ).toMatchObject([{ orderId: 'target' }]);
    const ended = [
      entry(),
      gone('stop', { cancelAsked: true }),
      { ...taking, status: 'canceled' as const, closedAt: later(5500), cancelAsked: true },
    ];
    expect(
      placed(
        decideProtection(coins({ orders: ended }), context({ now: later(5600), venue: coinVenue, quote: at('159') })),
      )[0],
    ).toContain('stop_limit 145');
  });

  it('a stop that trails is moved after the market, never away from it', () => {
    const trailing = stop({ trail: { percent: price('2') } });
    const moved = (bid: string) =>
      decideProtection(
        coins({ orders: [entry({ takeProfit: null }), trailing] }),
        context({ venue: coinVenue, quote: at(bid) }),
      ).replace;
    expect(moved('155')).toMatchObject([{ orderId: 'stop', change: { stopPrice: '151.9', limitPrice: '150.38' } }]);
    expect(moved('147')).toEqual([]);
  });
});
