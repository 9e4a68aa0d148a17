import { expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { price } from '../core/decimal.ts';
import { brokerConformance } from './conformance/broker.ts';
import { FakeBroker } from './fake-broker.ts';

const leftOut = brokerConformance('the fake', async () => {
  const broker = new FakeBroker({ clock: systemClock, prices: { AAPL: '150' } });
  return {
    broker,
    symbol: 'AAPL',
    market: price('150'),
    faults: {
      async loseNext(what, how) {
        const faults = what === 'order' ? broker.faults : broker.replaceFaults;
        faults.push(how === 'before' ? 'lost_before' : 'lost_after');
      },
      fillPart: async (order, shares) => broker.fill(order.clientOrderId, shares),
    },
    close: async () => undefined,
  };
}, ['limitNext', 'dropStream', 'bust', 'pair']);

it('leaves out what a venue in memory does not do', () => {
  expect(leftOut).toEqual(['B23', 'B24', 'B26', 'B28']);
});
