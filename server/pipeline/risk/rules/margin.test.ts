import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './margin.ts';

// Long 60,000 and 4,500 on the way, short 15,000; 7,500 to be bought: 18,000 + 4,500.
const busy = riskContext({
  account: accountView({
    positions: [position('MSFT', '150', '60000'), position('TSLA', '-50', '15000')],
    openOrders: [openOrder({ symbol: 'NVDA', remaining: quantity('30') })],
  }),
});

describe('margin', () => {
  it('passes at the limit, and denies a cent over it, with what would be allowed', () => {
    expect(verdictOf(rule, { ...busy, equity: money('25000') })).toMatchObject({
      verdict: 'pass',
      inputs: { before: '20625.00', after: '22500.00' },
    });
    const over = { ...busy, equity: money('24999.98') };
    expect(verdictOf(rule, over)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MARGIN',
      sentence: 'Not sent: 22500.00 of margin would be needed, 22499.98 of equity is there for it.',
    });
    expect(verdictOf(rule, over, {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('asks more of a short, and all of what is not lent on', () => {
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ side: 'sell' }) }).inputs.after).toBe('22875.00');
    const asset = { ...busy.asset!, marginable: false };
    expect(verdictOf(rule, { ...busy, asset }).inputs.after).toBe('28125.00');
    const over = verdictOf(rule, { ...busy, asset, equity: money('31000') }, {}, { severity: 'reduce' });
    expect(over.sentence).toContain('from 50 to 48:');
  });

  it('lets nothing pass without equity, or without a price', () => {
    for (const equity of ['0', '-100000'])
      expect(verdictOf(rule, { ...busy, equity: money(equity) }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) }).sentence).toContain('not known');
    expect(verdictOf(rule, { ...busy, prices: new Map([['MSFT', price('4000')]]) }).verdict).toBe('deny');
  });
});
