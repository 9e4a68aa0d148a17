import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './net-exposure.ts';

// Long 60,000 and 5,000 on the way, short 10,000 and 2,500 on the way: 52,500 net before an order of 7,500.
const busy = riskContext({
  account: accountView({
    positions: [position('MSFT', '150', '60000', 'swing'), position('TSLA', '-50', '10000')],
    openOrders: [
      openOrder({ symbol: 'NVDA', remaining: quantity('50'), referencePrice: price('100') }),
      openOrder({ symbol: 'XOM', side: 'sell', remaining: quantity('25'), referencePrice: price('100') }),
      openOrder({ symbol: 'MSFT', side: 'sell', role: 'stop_loss', remaining: quantity('150') }),
    ],
  }),
});
const selling = sizedEntry({ side: 'sell', stopLoss: price('152'), takeProfit: price('145') });

describe('net-exposure', () => {
  it('passes at the limit, and denies a cent over it, with what would be allowed', () => {
    expect(verdictOf(rule, { ...busy, equity: money('60000') })).toMatchObject({
      verdict: 'pass',
      inputs: { long: '65000.00', short: '12500.00', net: '52500.00', after: '60000.00' },
      limit: '100 % of equity long',
    });
    const over = { ...busy, equity: money('59999.99') };
    expect(verdictOf(rule, over)).toMatchObject({
      code: 'RISK_NET_EXPOSURE',
      sentence: 'Not sent: the account would be net long by 100.00002 % of equity, the limit is 100 %.',
    });
    expect(verdictOf(rule, over, {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('never holds up what brings it back towards zero', () => {
    expect(verdictOf(rule, { ...busy, sized: selling, equity: money('100') }).verdict).toBe('pass');
  });

  it('has a limit of its own below zero', () => {
    const short = {
      ...busy,
      sized: selling,
      account: accountView({ positions: [position('TSLA', '-50', '12500')] }),
    };
    // 20,000 net short.
    expect(verdictOf(rule, { ...short, equity: money('40000') }).verdict).toBe('pass');
    expect(verdictOf(rule, { ...short, equity: money('39999') }).sentence).toBe(
      'Not sent: the account would be net short by 50.001 % of equity, the limit is 50 %.',
    );
  });

  it('is of a strategy its own', () => {
    const scope = { kind: 'strategy', name: 'momentum' } as const;
    // -10,000 + 5,000 - 2,500 + 7,500.
    expect(verdictOf(rule, busy, {}, { scope }).inputs).toMatchObject({ net: '-7500.00', after: '0.00' });
  });

  it('lets an account that has lost everything come back to zero, whatever share it is given', () => {
    const lost = { equity: money('-5000'), account: accountView({ positions: [position('TSLA', '-5', '1250')] }) };
    for (const maxNetLong of ['0', '1']) {
      const { sentence } = verdictOf(rule, riskContext(lost), { maxNetLong }, { severity: 'reduce' });
      expect(sentence).toContain('from 50 to 8:');
    }
  });

  it('lets nothing pass without equity, or without a price', () => {
    expect(verdictOf(rule, { ...busy, equity: money('0') }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) }).sentence).toContain('not known');
  });
});
