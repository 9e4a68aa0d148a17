import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../core/decimal.ts';
import { approvedOrder } from '../../testing/approved-order.ts';
import { coinVenue, shareVenue } from '../../testing/exposure.ts';
import { forVenue, notTaken } from './for-venue.ts';

const bracket = { stopLoss: price('145'), takeProfit: price('160'), timeInForce: 'gtc' as const };

describe('an order as its venue takes it', () => {
  it('keeps its legs where the venue makes them', () => {
    const order = approvedOrder(bracket);
    expect(forVenue(order, shareVenue)).toEqual(order);
  });

  it('goes alone where the venue takes no group, and is good until cancelled where it knows no day', () => {
    const sent = forVenue(approvedOrder({ ...bracket, timeInForce: 'day', quantity: quantity('0.1') }), coinVenue);
    expect(sent).toMatchObject({ stopLoss: null, takeProfit: null, timeInForce: 'gtc' });
  });

  it('goes alone and for the day where it is for a part of a share', () => {
    const sent = forVenue(approvedOrder({ ...bracket, quantity: quantity('10.4') }), shareVenue);
    expect(sent).toMatchObject({ stopLoss: null, takeProfit: null, timeInForce: 'day' });
  });

  it('brings no legs where they would end with the day, or the venue makes none of the type', () => {
    const limit = { ...bracket, type: 'limit' as const, limitPrice: price('150') };
    const alone = { stopLoss: null, takeProfit: null };
    expect(forVenue(approvedOrder(limit), shareVenue)).toMatchObject({ stopLoss: price('145') });
    expect(forVenue(approvedOrder({ ...limit, timeInForce: 'day' }), shareVenue)).toMatchObject(alone);
    expect(forVenue(approvedOrder({ ...limit, extendedHours: true }), shareVenue)).toMatchObject(alone);
    const stop = { ...bracket, type: 'stop' as const, stopPrice: price('151') };
    expect(forVenue(approvedOrder(stop), shareVenue)).toMatchObject(alone);
  });

  it('is told of where the venue does not take it, and never changed into what it takes', () => {
    const coins = { symbol: 'BTC/USD' };
    expect(notTaken(approvedOrder({ ...coins, timeInForce: 'ioc' }), coinVenue)).toBeNull();
    expect(forVenue(approvedOrder({ ...coins, timeInForce: 'ioc' }), coinVenue).timeInForce).toBe('ioc');
    expect(notTaken(approvedOrder({ ...coins, timeInForce: 'fok' }), coinVenue)).toContain('fok');
    expect(notTaken(approvedOrder({ ...coins, type: 'trailing_stop' }), coinVenue)).toContain('trailing stop');
    expect(notTaken(approvedOrder({ quantity: quantity('1.5'), timeInForce: 'ioc' }), shareVenue)).toContain('ioc');
    expect(notTaken(approvedOrder(), coinVenue)).toBeNull();
  });
});
