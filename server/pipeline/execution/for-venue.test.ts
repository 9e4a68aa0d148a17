import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../core/decimal.ts';
import { approvedOrder } from '../../testing/approved-order.ts';
import { coinVenue, shareVenue } from '../../testing/exposure.ts';
import { forVenue } from './for-venue.ts';

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
});
