import { describe, expect, it } from 'vitest';
import { money } from '../../../core/decimal.ts';
import type { Session } from '../../../core/model/market-facts.ts';
import {
  accountView,
  noMarketFacts,
  noon,
  position,
  riskContext,
  sizedEntry,
  tradeSignal,
  verdictOf,
} from '../../../testing/risk-context.ts';
import { rule } from './intraday-margin.ts';

const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);
/** 52,500 long and 40,000 short with the order: 50,000 are asked overnight. */
const busy = (session: Session | 'closed' | null, equity = '49999.99') =>
  riskContext({
    account: accountView({ positions: [position('MSFT', '100', '52500'), position('TSLA', '-50', '40000')] }),
    market: { ...noMarketFacts, session: () => session },
    equity: money(equity),
  });
const closing = (inMinutes: number) => ({ opensAt: minutes(-100), closesAt: minutes(inMinutes) });

describe('intraday-margin', () => {
  it('passes at the limit whatever the time, and over it only while there is time', () => {
    expect(verdictOf(rule, busy(null, '50000'))).toMatchObject({ verdict: 'pass', inputs: { overnight: '50000.00' } });
    expect(verdictOf(rule, busy(closing(61))).verdict).toBe('pass');
    expect(verdictOf(rule, busy(closing(60)))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MARGIN',
      sentence:
        'Not sent: 50000.00 of margin would be asked overnight, and equity is 49999.99; the session closes within 60 minutes.',
    });
    expect(verdictOf(rule, busy(closing(60)), {}, { severity: 'reduce' }).sentence).toContain('from 50 to 49:');
  });

  it('denies outside of a session, and when it is not known', () => {
    expect(verdictOf(rule, busy('closed')).sentence).toContain('there is no session now');
    expect(verdictOf(rule, busy({ opensAt: minutes(1), closesAt: minutes(300) })).verdict).toBe('deny');
    expect(verdictOf(rule, busy({ opensAt: minutes(-300), closesAt: noon }), { minutes: 0 }).verdict).toBe('deny');
    expect(verdictOf(rule, busy(null)).sentence).toContain('is not known');
    expect(verdictOf(rule, { ...busy(closing(300)), signal: tradeSignal({ ticker: 'BTC/USD' }) }).verdict).toBe('deny');
    expect(verdictOf(rule, { ...busy(closing(300)), sized: sizedEntry({ referencePrice: null }) }).verdict).toBe(
      'deny',
    );
  });
});
