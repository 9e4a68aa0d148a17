import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-leverage.ts';

// 80,000 long and short, 12,500 on the way, and 7,500 to be bought.
const busy = riskContext({
  account: accountView({
    positions: [position('MSFT', '150', '60000'), position('TSLA', '-50', '20000')],
    openOrders: [openOrder({ symbol: 'NVDA', remaining: quantity('100'), referencePrice: price('125') })],
  }),
});

describe('max-leverage', () => {
  it('passes at the limit, and denies a cent over it, with what would be allowed', () => {
    expect(verdictOf(rule, { ...busy, equity: money('50000') })).toMatchObject({
      verdict: 'pass',
      inputs: { before: '92500.00', after: '100000.00' },
      limit: '2 times equity',
    });
    const over = { ...busy, equity: money('49999.99') };
    expect(verdictOf(rule, over)).toMatchObject({
      code: 'RISK_LEVERAGE',
      sentence: 'Not sent: positions would be worth 2.01 times equity, the limit is 2.',
    });
    expect(verdictOf(rule, over, {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('lets nothing pass without equity, or without a price', () => {
    expect(verdictOf(rule, { ...busy, equity: money('0') }).sentence).toContain('there is no equity');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) }).sentence).toContain('not known');
  });
});
