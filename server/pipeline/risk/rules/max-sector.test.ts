import { describe, expect, it } from 'vitest';
import { money, price, quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-sector.ts';

const sectors: Readonly<Record<string, string>> = { AAPL: 'Tech', MSFT: 'Tech', XOM: 'Energy', NVDA: 'Tech' };
// 7,500 of AAPL are to be bought; of its sector 20,000 are held, 5,000 of them short, and 2,500 are on the way.
const busy = riskContext({
  sectorOf: (symbol) => sectors[symbol] ?? 'Unknown',
  account: accountView({
    positions: [
      position('MSFT', '30', '12000'),
      position('NVDA', '-50', '5000'),
      position('XOM', '500', '50000'),
      position('ZZZZ', '10', '90000'),
    ],
    openOrders: [openOrder({ symbol: 'AAPL', remaining: quantity('10'), referencePrice: price('250') })],
  }),
  prices: new Map([['MSFT', price('500')]]),
});

describe('max-sector', () => {
  it('passes at the limit, and denies a cent over it, with what would be allowed', () => {
    // 15,000 + 5,000 + 2,500 + 7,500 = 30,000.
    expect(verdictOf(rule, { ...busy, equity: money('75000') })).toMatchObject({
      verdict: 'pass',
      inputs: { held: '20000.00', openEntries: '2500.00', order: '7500.00', after: '30000.00' },
    });
    const over = { ...busy, equity: money('74999.99') };
    expect(verdictOf(rule, over)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_SECTOR',
      sentence: 'Not sent: the sector Tech would be 40.00001 % of equity, the limit is 40 %.',
    });
    expect(verdictOf(rule, over, {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('holds what nobody has classified to a limit of its own', () => {
    const signal = { ...busy.signal, ticker: 'QQQQ' };
    const unknown = { ...busy, signal, equity: money('975000') };
    expect(verdictOf(rule, unknown).verdict).toBe('pass');
    expect(verdictOf(rule, { ...unknown, equity: money('974999') })).toMatchObject({
      verdict: 'deny',
      sentence: 'Not sent: what has no known sector would be 10.00001 % of equity, the limit is 10 %.',
    });
    const wider = { maxUnknownShareOfEquity: '0.2' };
    expect(verdictOf(rule, { ...unknown, equity: money('487500') }, wider).verdict).toBe('pass');
  });

  it('lets nothing pass without equity, or without a price', () => {
    expect(verdictOf(rule, { ...busy, equity: money('0') }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) })).toMatchObject({
      verdict: 'deny',
      sentence: expect.stringContaining('is not known'),
    });
  });
});
