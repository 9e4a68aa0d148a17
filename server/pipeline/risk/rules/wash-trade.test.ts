import { describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import {
  accountView,
  openOrder,
  riskContext,
  sizedEntry,
  tradeSignal,
  verdictOf,
} from '../../../testing/risk-context.ts';
import { rule } from './wash-trade.ts';

type Order = Parameters<typeof openOrder>[0];
/** A buy that may reach 150.01, the ask; 150.00 is its own price. */
const buying = (order: Order, sized = sizedEntry()) =>
  riskContext({ sized, account: accountView({ openOrders: [openOrder({ side: 'sell', ...order })] }) });
const alone = sizedEntry({ stopLoss: null, takeProfit: null });

describe('wash-trade', () => {
  it('passes a limit that it does not reach, and denies one that it does', () => {
    expect(verdictOf(rule, buying({ type: 'limit', limitPrice: price('150.02') })).verdict).toBe('pass');
    expect(verdictOf(rule, buying({ type: 'limit', limitPrice: price('150.01') }))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_WASH_TRADE',
      sentence: 'Not sent: it would trade with an open order to sell 10 AAPL of this account.',
    });
    const selling = sizedEntry({ side: 'sell' });
    const bid = (limit: string) => buying({ type: 'limit', side: 'buy', limitPrice: price(limit) }, selling);
    expect(verdictOf(rule, bid('149.98')).verdict).toBe('pass');
    expect(verdictOf(rule, bid('149.99')).verdict).toBe('deny');
  });

  it.each<[string, Order, 'pass' | 'deny', 'pass' | 'deny']>([
    ['a market order', { type: 'market' }, 'deny', 'deny'],
    ['a stop', { type: 'stop', stopPrice: price('140') }, 'pass', 'deny'],
    ['a stop of a bracket', { type: 'stop', stopPrice: price('140'), parentId: 'entry' }, 'pass', 'pass'],
    ['a stop-limit it reaches', { type: 'stop_limit', limitPrice: price('139') }, 'pass', 'deny'],
    ['a stop-limit it does not', { type: 'stop_limit', limitPrice: price('151') }, 'pass', 'pass'],
    ['a stop that trails', { type: 'trailing_stop' }, 'pass', 'pass'],
    ['a leg that waits for its entry', { type: 'market', status: 'held' }, 'pass', 'pass'],
    ['another ticker', { type: 'market', symbol: 'MSFT' }, 'pass', 'pass'],
    ['the same side', { type: 'market', side: 'buy' }, 'pass', 'pass'],
    ['a limit without a price', { type: 'limit' }, 'deny', 'deny'],
  ])('%s: with a stop and alone', (_name, order, grouped, single) => {
    expect(verdictOf(rule, buying(order)).verdict).toBe(grouped);
    expect(verdictOf(rule, buying(order, alone)).verdict).toBe(single);
  });

  it('takes coins and parts of a share for sent alone', () => {
    const stop = { type: 'stop', stopPrice: price('140') } as const;
    expect(verdictOf(rule, buying(stop, sizedEntry({ quantity: quantity('1.5') }))).verdict).toBe('deny');
    const coin = { ...buying({ ...stop, symbol: 'BTC/USD' }), signal: tradeSignal({ ticker: 'BTC/USD' }) };
    expect(verdictOf(rule, coin).verdict).toBe('deny');
  });

  it('is not known without any price', () => {
    const order = { type: 'limit', limitPrice: price('1000') } as const;
    const unpriced = { ...buying(order, sizedEntry({ referencePrice: null })), quote: null };
    expect(verdictOf(rule, unpriced).sentence).toContain('is not known');
    expect(verdictOf(rule, { ...unpriced, account: accountView() }).verdict).toBe('pass');
  });
});
