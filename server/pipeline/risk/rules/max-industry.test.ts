import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import { accountView, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-industry.ts';

const industries: Readonly<Record<string, string>> = { AAPL: 'Hardware', DELL: 'Hardware', MSFT: 'Software' };
// All one sector; 7,500 of AAPL are to be bought, 12,500 of its industry are held.
const busy = riskContext({
  industryOf: (symbol) => industries[symbol] ?? 'Unknown',
  account: accountView({
    positions: [position('DELL', '100', '12500'), position('MSFT', '100', '60000'), position('ZZZZ', '-1', '500')],
  }),
});

describe('max-industry', () => {
  it('passes at the limit, and denies just over it', () => {
    expect(verdictOf(rule, { ...busy, equity: money('80000') })).toMatchObject({
      verdict: 'pass',
      inputs: { held: '12500.00', after: '20000.00' },
    });
    expect(verdictOf(rule, { ...busy, equity: money('79999.99') })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_INDUSTRY',
      sentence: 'Not sent: the industry Hardware would be 25.000003 % of equity, the limit is 25 %.',
    });
  });

  it('holds what nobody has classified to a limit of its own', () => {
    const unknown = { ...busy, signal: { ...busy.signal, ticker: 'QQQQ' } };
    expect(verdictOf(rule, { ...unknown, equity: money('80000') }).verdict).toBe('pass');
    expect(verdictOf(rule, { ...unknown, equity: money('79990') }).sentence).toBe(
      'Not sent: what has no known industry would be 10.001 % of equity, the limit is 10 %.',
    );
  });

  it('lets nothing pass without equity, or without a price', () => {
    expect(verdictOf(rule, { ...busy, equity: money('-5') }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy, sized: sizedEntry({ referencePrice: null }) }).verdict).toBe('deny');
  });
});
