import { money, price, quantity } from '../core/decimal.ts';
import type { ExposureFacts, ExposureOrder } from '../core/model/protection.ts';
import { defaultSettings } from '../core/model/settings.ts';
import type { BrokerCapabilities } from '../core/ports/broker.ts';
import type { ProtectionContext } from '../pipeline/protection/decide.ts';

export const noon = new Date('2026-11-20T17:00:00.000Z');
export const later = (ms: number): Date => new Date(noon.getTime() + ms);

/** What Alpaca takes in shares, and in coins. */
export const shareVenue: BrokerCapabilities = {
  orderTypes: ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'],
  orderClasses: ['simple', 'bracket', 'oco', 'oto'],
  fractional: true,
  shortable: true,
  timesInForce: ['day', 'gtc', 'ioc'],
};
export const coinVenue: BrokerCapabilities = {
  orderTypes: ['market', 'limit', 'stop_limit'],
  orderClasses: ['simple'],
  fractional: true,
  shortable: false,
  timesInForce: ['gtc', 'ioc'],
};

/** An order of an exposure: a stop of ours for 10 at 145 that works, unless said otherwise. */
export const exposureOrder = (orderId: string, change: Partial<ExposureOrder> = {}): ExposureOrder => ({
  orderId,
  signalId: null,
  parentId: null,
  parentStatus: null,
  parentFilledAt: null,
  waitsForOther: false,
  origin: 'protection',
  role: 'stop_loss',
  side: 'sell',
  type: 'stop',
  orderClass: 'simple',
  timeInForce: 'gtc',
  status: 'accepted',
  quantity: quantity('10'),
  filledQuantity: quantity('0'),
  limitPrice: null,
  stopPrice: price('145'),
  trail: null,
  takeProfit: null,
  stopLoss: null,
  brokerOrderId: null,
  rejectedCode: null,
  cancelAsked: false,
  problem: null,
  createdAt: noon,
  acknowledgedAt: noon,
  closedAt: null,
  updatedAt: noon,
  brokerUpdatedAt: null,
  ...change,
});

/** An entry of 10 that was filled at noon, a bracket unless said otherwise. */
export const exposureEntry = (change: Partial<ExposureOrder> = {}): ExposureOrder =>
  exposureOrder('entry', {
    origin: 'decision',
    role: 'entry',
    side: 'buy',
    type: 'market',
    orderClass: 'bracket',
    status: 'filled',
    filledQuantity: quantity('10'),
    stopPrice: null,
    stopLoss: price('145'),
    takeProfit: price('160'),
    closedAt: noon,
    ...change,
  });

/** Ten shares bought at 150 at noon, of which nothing else is known. */
export const exposure = (change: Partial<ExposureFacts> = {}): ExposureFacts => {
  const held = change.held ?? quantity('10');
  return {
    accountId: 'account',
    strategy: 'default',
    symbol: 'AAPL',
    mode: 'paper',
    held,
    cost: money(held.times('150')),
    openedAt: noon,
    orders: [exposureEntry()],
    lastOpenedAt: noon,
    unmeasured: [],
    ownOrders: 0,
    known: null,
    ...change,
  };
};

/** A second after noon, at 150, five seconds being allowed. */
export const protectionContext = (change: Partial<ProtectionContext> = {}): ProtectionContext => ({
  now: later(1000),
  settings: defaultSettings.protection,
  stopDistance: '0.01',
  venue: shareVenue,
  quote: { symbol: 'AAPL', bid: price('149.99'), ask: price('150.01'), at: noon },
  atBroker: null,
  ...change,
});
