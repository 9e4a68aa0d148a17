import { describe, expect, it } from 'vitest';
import { quantity } from '../../core/decimal.ts';
import { orderStatuses } from '../../core/model/order.ts';
import { type BrokerWord, type KnownOrder, stepOfBrokerWord, stepOfFill } from './broker-word.ts';

const known = (change: Partial<KnownOrder>): KnownOrder => ({
  status: 'submitting',
  quantity: quantity('10'),
  filledQuantity: quantity('0'),
  brokerStatus: null,
  brokerUpdatedAt: null,
  ...change,
});
const word = (change: Partial<BrokerWord>): BrokerWord => ({
  status: 'accepted',
  brokerStatus: change.status ?? 'new',
  quantity: quantity('10'),
  filledQuantity: quantity('0'),
  updatedAt: new Date('2026-01-05T15:00:00Z'),
  ...change,
});
const before = new Date('2026-01-05T14:59:59Z');
const after = new Date('2026-01-05T15:00:01Z');

describe("the broker's word", () => {
  it('is taken over where the table allows it', () => {
    expect(stepOfBrokerWord(known({}), word({}))).toEqual({ kind: 'move', to: 'accepted' });
    expect(stepOfBrokerWord(known({ status: 'accepted' }), word({ status: 'canceled' }))).toEqual({
      kind: 'move',
      to: 'canceled',
    });
  });

  it('is refused where the table forbids it', () => {
    expect(stepOfBrokerWord(known({ status: 'rejected' }), word({}))).toEqual({ kind: 'refuse', to: 'accepted' });
  });

  it('of a fill opens the order, and waits for the fill itself', () => {
    const filled = word({ status: 'filled', filledQuantity: quantity('10') });
    expect(stepOfBrokerWord(known({ status: 'submit_unknown' }), filled)).toEqual({ kind: 'move', to: 'accepted' });
    expect(stepOfBrokerWord(known({ status: 'accepted' }), filled)).toEqual({ kind: 'stay' });
    expect(stepOfBrokerWord(known({ status: 'pending_cancel' }), filled)).toEqual({ kind: 'stay' });
    expect(stepOfBrokerWord(known({ status: 'accepted', filledQuantity: quantity('10') }), filled)).toEqual({
      kind: 'move',
      to: 'filled',
    });
  });

  it('counts for nothing when a later one is known already', () => {
    expect(stepOfBrokerWord(known({ status: 'canceled', brokerUpdatedAt: after }), word({}))).toEqual({ kind: 'stay' });
    expect(stepOfBrokerWord(known({ status: 'filled', filledQuantity: quantity('10') }), word({}))).toEqual({
      kind: 'stay',
    });
  });

  it('said again does not undo a cancel that was asked meanwhile, said anew it does', () => {
    const asked = known({ status: 'pending_cancel', brokerStatus: 'new', brokerUpdatedAt: before });
    expect(stepOfBrokerWord(asked, word({ brokerStatus: 'new', updatedAt: before }))).toEqual({ kind: 'stay' });
    expect(stepOfBrokerWord(asked, word({ brokerStatus: 'new' }))).toEqual({ kind: 'move', to: 'accepted' });
  });
});

describe('a fill', () => {
  const ten = quantity('10');
  it('fills, or fills in part', () => {
    expect(stepOfFill('accepted', ten, quantity('4'))).toEqual({ kind: 'move', to: 'partially_filled' });
    expect(stepOfFill('submitting', ten, ten)).toEqual({ kind: 'move', to: 'filled' });
  });

  it('in part leaves a cancel asked, and an ended order ended', () => {
    for (const status of ['pending_cancel', 'canceled', 'expired'] as const) {
      expect(stepOfFill(status, ten, quantity('4'))).toEqual({ kind: 'stay' });
    }
  });

  it('that completes an ended order makes it filled, but never a rejected one', () => {
    expect(stepOfFill('canceled', ten, ten)).toEqual({ kind: 'move', to: 'filled' });
    expect(stepOfFill('rejected', ten, ten)).toEqual({ kind: 'refuse', to: 'filled' });
  });

  it('never makes a step that the table does not know', () => {
    for (const status of orderStatuses) {
      for (const total of ['4', '10']) {
        const step = stepOfFill(status, ten, quantity(total));
        if (step.kind === 'move') expect(stepOfFill(step.to, ten, quantity(total))).toEqual({ kind: 'stay' });
      }
    }
  });
});
