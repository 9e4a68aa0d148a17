import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './strategy-risk-budget.ts';

const stop = (change: Parameters<typeof openOrder>[0] = {}) =>
  openOrder({
    role: 'stop_loss',
    type: 'stop',
    side: 'sell',
    symbol: 'MSFT',
    remaining: quantity('30'),
    stopPrice: price('390'),
    ...change,
  });
const holding = (...openOrders: ReturnType<typeof openOrder>[]) =>
  riskContext({
    account: accountView({
      positions: [position('MSFT', '30', '11000'), position('TSLA', '10', '3000', 'swing')],
      openOrders,
    }),
    prices: new Map([
      ['MSFT', price('400')],
      ['TSLA', price('300')],
    ]),
  });
const open = (...orders: ReturnType<typeof openOrder>[]) => verdictOf(rule, holding(...orders)).inputs;

describe('strategy-risk-budget', () => {
  it('passes at the limit, and denies a cent over it, with what would be allowed', () => {
    // 30 x 10 that MSFT may still lose, and 50 x 2 of the order: 400.
    expect(verdictOf(rule, { ...holding(stop()), equity: money('8000') })).toMatchObject({
      verdict: 'pass',
      inputs: { open: '300.00', unprotected: '0.00', order: '100.00', after: '400.00' },
    });
    const over = { ...holding(stop()), equity: money('7999.99') };
    expect(verdictOf(rule, over)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_STRATEGY_BUDGET',
      sentence: 'Not sent: the open risk of momentum would be 5.00001 % of equity, the limit is 5 %.',
    });
    expect(verdictOf(rule, over, {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it.each([
    ['a stop for a part: the rest counts whole', [stop({ remaining: quantity('20') })], '4200.00', '4000.00'],
    ['no stop', [], '12000.00', '12000.00'],
    ['a stop that is being cancelled', [stop({ status: 'pending_cancel' })], '12000.00', '12000.00'],
    ['another strategy’s stop', [stop({ strategy: 'swing' })], '12000.00', '12000.00'],
    ['a target', [stop({ role: 'take_profit' })], '12000.00', '12000.00'],
    ['a profit that is locked in', [stop({ stopPrice: price('405') })], '0.00', '0.00'],
    ['a trail without a price yet', [stop({ stopPrice: null, trail: { percent: price('2') } })], '240.00', '0.00'],
    ['a trail by an amount', [stop({ stopPrice: null, trail: { price: price('5') } })], '150.00', '0.00'],
    ['a stop without any price', [stop({ stopPrice: null })], '12000.00', '12000.00'],
    [
      'two stops',
      [stop({ remaining: quantity('10') }), stop({ remaining: quantity('20'), stopPrice: price('380') })],
      '500.00',
      '0.00',
    ],
    [
      'more stops than shares: those that lose most',
      [stop({ remaining: quantity('20') }), stop({ remaining: quantity('20'), stopPrice: price('380') })],
      '500.00',
      '0.00',
    ],
  ])('%s', (_name, orders, risk, unprotected) => {
    expect(open(...orders)).toMatchObject({ open: risk, unprotected });
  });

  it('counts open entries by the stop they bring', () => {
    const entry = openOrder({
      orderId: 'entry',
      symbol: 'NVDA',
      remaining: quantity('10'),
      referencePrice: price('120'),
    });
    const leg = stop({ symbol: 'NVDA', parentId: 'entry', status: 'held', stopPrice: price('115') });
    expect(open(stop(), entry, leg)).toMatchObject({ open: '350.00', unprotected: '0.00' });
    expect(open(stop(), { ...entry, stopLoss: price('118') })).toMatchObject({ open: '320.00' });
    expect(open(stop(), entry)).toMatchObject({ open: '1500.00', unprotected: '1200.00' });
  });

  it('counts what is short up to its stop above, and what has no price at cost', () => {
    const account = accountView({
      positions: [position('MSFT', '-30', '12000')],
      openOrders: [stop({ side: 'buy', stopPrice: price('410') })],
    });
    expect(verdictOf(rule, riskContext({ account })).inputs).toMatchObject({ open: '300.00', unprotected: '0.00' });
  });

  it('lets nothing pass without equity or a price, and counts an order without a stop whole', () => {
    expect(verdictOf(rule, { ...holding(stop()), equity: money('0') }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...holding(stop()), sized: sizedEntry({ referencePrice: null }) }).sentence).toContain(
      'not known',
    );
    expect(verdictOf(rule, { ...holding(stop()), sized: sizedEntry({ stopLoss: null }) }).inputs.order).toBe('7500.00');
    expect(verdictOf(rule, { ...holding(), equity: money('100000') }).sentence).toContain(
      '12000.00 of it without a stop',
    );
  });
});
