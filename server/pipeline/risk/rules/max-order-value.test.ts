import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { defaultSettings } from '../../../core/model/settings.ts';
import { riskContext, sizedEntry } from '../../../testing/risk-context.ts';
import { decide } from '../gate.ts';
import { rule } from './max-order-value.ts';

const limits = { ...defaultSettings.risk, maxOrderValue: '7500' };
const buying = (shares: string) => riskContext({ limits, sized: sizedEntry({ quantity: quantity(shares) }) });

describe('max-order-value', () => {
  it('passes at the limit, and denies over it', () => {
    expect(rule.evaluate(buying('50'))).toMatchObject({ verdict: 'pass', inputs: { order: '7500.00' } });
    expect(rule.evaluate(buying('51'))).toMatchObject({
      verdict: 'deny',
      code: 'RISK_MAX_ORDER_VALUE',
      sentence: 'Not sent: the order would be worth 7650.00, the limit is 7500.00.',
      limit: '7500.00',
    });
  });

  it('is not asked where there is no limit', () => {
    expect(rule.evaluate(riskContext()).verdict).toBe('not_applicable');
  });

  it('is told as the account’s own where the account has set it', () => {
    const own = { ...buying('51'), ownLimits: ['maxOrderValue' as const] };
    expect(decide([rule], own).verdicts[0]!.limit).toBe('7500.00, set for this account');
    expect(decide([rule], buying('51')).verdicts[0]!.limit).toBe('7500.00');
  });
});
