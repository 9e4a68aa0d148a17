import type { BrokerCapabilities } from '../../../core/ports/broker.ts';

const equities: BrokerCapabilities = {
  orderTypes: ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'],
  orderClasses: ['simple', 'bracket', 'oco', 'oto'],
  fractional: true,
  shortable: true,
  timesInForce: ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok'],
};

/** Alpaca's table of order types for coins: no plain stop, nothing in groups, nothing that ends with a day, no short. */
const coins: BrokerCapabilities = {
  orderTypes: ['market', 'limit', 'stop_limit'],
  orderClasses: ['simple'],
  fractional: true,
  shortable: false,
  timesInForce: ['gtc', 'ioc'],
};

/** What Alpaca takes in a symbol. A pair of coins is written with a slash in orders. */
export const capabilitiesOf = (symbol: string): BrokerCapabilities => (symbol.includes('/') ? coins : equities);
