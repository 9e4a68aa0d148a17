import { describe, expect, it } from 'vitest';
import { quantity } from '../../../core/decimal.ts';
import type { TradeSignal } from '../../../core/model/signal.ts';
import {
  accountView,
  openOrder,
  position,
  riskContext,
  sizedEntry,
  tradeSignal,
  verdictOf,
} from '../../../testing/risk-context.ts';
import { rule } from './out-of-sequence.ts';

const long100 = accountView({ positions: [position('AAPL', '100', '15000')] });
const said = (
  signal: Partial<TradeSignal>,
  account: ReturnType<typeof accountView> | null = long100,
  parameters: Parameters<typeof verdictOf>[2] = {},
) => verdictOf(rule, riskContext({ signal: tradeSignal(signal), account }), parameters);

describe('out-of-sequence', () => {
  it('asks for the side that the script believes in', () => {
    expect(said({ previousPosition: 'long' })).toMatchObject({ verdict: 'pass', inputs: { held: '100' } });
    expect(said({ previousPosition: 'flat' })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_OUT_OF_SEQUENCE',
      sentence: 'Not sent: the script held no AAPL before, and the strategy holds AAPL long: an alert may be missing.',
    });
    expect(said({ previousPosition: 'short' }).verdict).toBe('deny');
    expect(said({ previousPosition: 'flat' }, accountView()).verdict).toBe('pass');
    expect(said({ previousPosition: 'long' }, accountView()).sentence).toContain('the strategy holds no AAPL');
  });

  it('looks at the strategy’s own shares, not at another’s nor at other symbols', () => {
    const others = accountView({
      positions: [position('AAPL', '100', '15000', 'another'), position('MSFT', '9', '4000')],
    });
    expect(said({ previousPosition: 'flat' }, others).verdict).toBe('pass');
    expect(said({ previousPosition: 'long' }, others).verdict).toBe('deny');
    const shorted = accountView({ positions: [position('AAPL', '-5', '750')] });
    expect(said({ previousPosition: 'short' }, shorted).verdict).toBe('pass');
  });

  it('counts what is not filled yet as held or as not, whichever agrees', () => {
    const entering = accountView({ openOrders: [openOrder({ remaining: quantity('10') })] });
    expect(said({ previousPosition: 'long' }, entering)).toMatchObject({
      inputs: { held: '0', withOpenEntries: '10' },
    });
    expect(said({ previousPosition: 'long' }, entering).verdict).toBe('pass');
    expect(said({ previousPosition: 'flat' }, entering).verdict).toBe('pass');
    expect(said({ previousPosition: 'short' }, entering).verdict).toBe('deny');
    const others = accountView({ openOrders: [openOrder({ strategy: 'another' }), openOrder({ role: 'stop_loss' })] });
    expect(said({ previousPosition: 'long' }, others).verdict).toBe('deny');
  });

  it('compares sizes when it is told to: up to the difference, and not beyond', () => {
    const sizes = { compareSize: true, maxSizeDifference: '0.1' };
    const size = (shares: string) => said({ previousPosition: 'long', previousSize: quantity(shares) }, long100, sizes);
    expect(size('90').verdict).toBe('pass');
    expect(size('89.999999999')).toMatchObject({
      verdict: 'deny',
      sentence: 'Not sent: the script held 89.999999999 AAPL before, and the strategy holds 100.',
      limit: '10 % apart',
    });
    expect(size('111.111111111').verdict).toBe('pass');
    expect(size('111.111111112').verdict).toBe('deny');
    expect(said({ previousPosition: 'long', previousSize: quantity('1') }).verdict).toBe('pass');
  });

  it('denies where a part is missing, and has nothing to say of an alert that says nothing', () => {
    expect(said({}).verdict).toBe('not_applicable');
    expect(said({ previousSize: quantity('100') }).sentence).toContain('not on which side');
    expect(said({ previousPosition: 'long' }, long100, { compareSize: true }).sentence).toContain('is not known');
    expect(said({ previousPosition: 'flat' }, null).sentence).toContain('is not known');
  });

  it('expects the other side before a reversal, whose position counts as closed', () => {
    const reversing = (previousPosition: 'long' | 'short' | 'flat', side: 'buy' | 'sell') =>
      verdictOf(
        rule,
        riskContext({ signal: tradeSignal({ action: 'reverse', previousPosition }), sized: sizedEntry({ side }) }),
      );
    expect(reversing('long', 'sell').verdict).toBe('pass');
    expect(reversing('short', 'buy').verdict).toBe('pass');
    expect(reversing('long', 'buy').code).toBe('RISK_OUT_OF_SEQUENCE');
    expect(reversing('flat', 'sell').code).toBe('RISK_OUT_OF_SEQUENCE');
  });
});
