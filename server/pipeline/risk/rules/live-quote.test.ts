import { describe, expect, it } from 'vitest';
import { noon, riskContext, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './live-quote.ts';

const aged = (ms: number) =>
  verdictOf(rule, riskContext({ quote: { ...riskContext().quote!, at: new Date(noon.getTime() - ms) } }));

describe('live-quote', () => {
  it('passes at the limit, and denies a millisecond later', () => {
    expect(aged(60_000)).toMatchObject({ verdict: 'pass', inputs: { bid: '149.99', ask: '150.01', ageSeconds: 60 } });
    expect(aged(60_001)).toMatchObject({
      code: 'RISK_NO_QUOTE',
      sentence: 'Not sent: the last quote of AAPL is 61 s old, the limit is 60 s.',
    });
  });

  it('takes a quote that is ahead of our clock for new', () => {
    expect(aged(-500)).toMatchObject({ verdict: 'pass', inputs: { ageSeconds: 0 } });
  });

  it('denies without a quote', () => {
    expect(verdictOf(rule, riskContext({ quote: null })).code).toBe('RISK_NO_QUOTE');
  });
});
