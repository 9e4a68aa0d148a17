import { describe, expect, it } from 'vitest';
import { price } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './price-against-quote.ts';

const entryAt = (entry: string) =>
  verdictOf(rule, riskContext({ sized: sizedEntry({ referencePrice: price(entry) }) }));

describe('price-against-quote', () => {
  it('passes at the limit on either side of the middle, and denies just beyond', () => {
    // 5 % of the middle of 149.99 and 150.01.
    expect(entryAt('157.50').verdict).toBe('pass');
    expect(entryAt('142.50').verdict).toBe('pass');
    expect(entryAt('157.51')).toMatchObject({
      code: 'RISK_PRICE_AWAY',
      sentence: 'Not sent: the entry 157.51 is 5.01 % from the market of AAPL (150), the limit is 5 %.',
    });
    expect(entryAt('142.49').verdict).toBe('deny');
  });

  it('has nothing to compare without a quote or an entry', () => {
    expect(verdictOf(rule, riskContext({ quote: null })).verdict).toBe('not_applicable');
    expect(verdictOf(rule, riskContext({ sized: sizedEntry({ referencePrice: null }) })).verdict).toBe(
      'not_applicable',
    );
  });
});
