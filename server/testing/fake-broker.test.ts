import { systemClock } from '../adapters/clock/system-clock.ts';
import { price } from '../core/decimal.ts';
import { brokerConformance } from './conformance/broker.ts';
import { FakeBroker } from './fake-broker.ts';

brokerConformance('the fake', async () => ({
  broker: new FakeBroker({ clock: systemClock, prices: { AAPL: '150' } }),
  symbol: 'AAPL',
  market: price('150'),
  close: async () => undefined,
}));
