import { describe, expect, it } from 'vitest';
import { noon, riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './alert-age.ts';

const fired = (msAgo: number) =>
  verdictOf(rule, riskContext({ signal: tradeSignal({ firedAt: new Date(noon.getTime() - msAgo) }) }));

describe('alert-age', () => {
  it('passes at the limit, and denies a millisecond later', () => {
    expect(fired(300_000)).toMatchObject({ verdict: 'pass', inputs: { ageSeconds: 300, by: 'alert' }, limit: '300 s' });
    expect(fired(300_001)).toMatchObject({
      verdict: 'deny',
      code: 'RISK_ALERT_AGE',
      sentence: 'Not sent: the alert is 301 s old, the limit is 300 s.',
    });
  });

  it('forgives a clock that is a minute ahead, and no more', () => {
    expect(fired(-60_000).verdict).toBe('pass');
    expect(fired(-60_001)).toMatchObject({
      code: 'RISK_ALERT_AGE',
      sentence: expect.stringContaining('61 s in the future'),
    });
  });

  it('counts from receipt when the alert does not say when it fired', () => {
    const received = (msAgo: number) =>
      verdictOf(
        rule,
        riskContext({ signal: tradeSignal({ firedAt: null }), receivedAt: new Date(noon.getTime() - msAgo) }),
      );
    expect(received(300_000)).toMatchObject({ verdict: 'pass', inputs: { by: 'receipt' } });
    expect(received(300_001).verdict).toBe('deny');
  });

  it('holds exits to it too: a late one may close a position that was opened since', () => {
    expect(rule.appliesTo).toBe('all');
    const late = tradeSignal({ side: 'sell', firedAt: new Date(noon.getTime() - 3_600_000) });
    expect(verdictOf(rule, riskContext({ signal: late, sized: sizedEntry({ intent: 'exit' }) })).verdict).toBe('deny');
  });
});
