import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './max-order-value.ts';

const buying = (shares: string) => riskContext({ sized: sizedEntry({ quantity: quantity(shares) }) });
const ask = (shares: string) => verdictOf(rule, buying(shares), { maxValue: '7500' });

describe('max-order-value', () => {
  it('passes at the limit, and denies over it', () => {
    expect(ask('50')).toMatchObject({ verdict: 'pass', inputs: { order: '7500.00' } });
    expect(ask('51')).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_ORDER_VALUE',
      sentence: 'Not sent: the order would be worth 7650.00, the limit is 7500.00.',
      limit: '7500.00',
    });
  });

  it('is told as the account’s own where it is set for the account', () => {
    const scope = { kind: 'account' as const, name: 'account' };
    expect(verdictOf(rule, buying('51'), { maxValue: '7500' }, { scope })).toMatchObject({
      limit: '7500.00, set for this account',
      scope: 'this account',
    });
  });
});
