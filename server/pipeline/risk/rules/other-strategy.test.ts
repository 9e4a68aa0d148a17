import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import { accountView, openOrder, position, riskContext, sizedEntry, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './other-strategy.ts';

const buying = (account: Parameters<typeof accountView>[0]) =>
  verdictOf(rule, riskContext({ account: accountView(account) }));

describe('other-strategy', () => {
  it('lets strategies hold the same side', () => {
    expect(buying({ positions: [position('AAPL', '10', '1500', 'trend')] }).verdict).toBe('pass');
  });

  it('refuses the side against another strategy, and says whose shares they are', () => {
    expect(buying({ positions: [position('AAPL', '-10', '1500', 'trend')] })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_OTHER_STRATEGY',
      sentence: 'Not sent: the strategy trend holds 10 AAPL short in this account, and a broker nets the two.',
    });
    const short = riskContext({
      sized: sizedEntry({ side: 'sell' }),
      account: accountView({ positions: [position('AAPL', '10', '1500', 'external')] }),
    });
    expect(verdictOf(rule, short).sentence).toBe(
      'Not sent: 10 AAPL long in this account were bought by nobody here, and a broker nets the two.',
    );
  });

  it('looks at the strategies, not at what they come to together', () => {
    const netted = { ...position('AAPL', '0', '0'), lots: [{ ...position('AAPL', '5', '9').lots[0]!, strategy: 'a' }] };
    const short = {
      ...netted,
      lots: [...netted.lots, { ...netted.lots[0]!, strategy: 'b', quantity: quantity('-5') }],
    };
    expect(buying({ positions: [short] })).toMatchObject({ verdict: 'deny', inputs: { strategy: 'b', holds: '-5' } });
  });

  it('refuses the side against another strategy’s open entry, and not its protection', () => {
    const selling = { side: 'sell', strategy: 'trend' } as const;
    expect(buying({ openOrders: [openOrder(selling)] })).toMatchObject({ verdict: 'deny' });
    expect(buying({ openOrders: [openOrder({ ...selling, role: 'stop_loss' })] }).verdict).toBe('pass');
  });

  it('does not mind the strategy’s own shares, and those in another symbol', () => {
    const positions = [position('AAPL', '-10', '1500', 'momentum'), position('MSFT', '-10', '1500', 'trend')];
    expect(buying({ positions }).verdict).toBe('pass');
  });
});
