import { describe, expect, it } from 'vitest';
import type { Asset } from '../../../core/model/market.ts';
import { riskContext, sizedEntry, tradeSignal, verdictOf } from '../../../testing/risk-context.ts';
import { rule } from './asset-shortable.ts';

const known = riskContext().asset!;
const short = (asset: Asset | null, easyToBorrow = true) => {
  const context = riskContext({ signal: tradeSignal({ side: 'sell' }), sized: sizedEntry({ side: 'sell' }), asset });
  return verdictOf(rule, context, { easyToBorrow });
};

describe('asset-shortable', () => {
  it('opens a short in what is lent at once', () => {
    expect(short({ ...known, easyToBorrow: true }).verdict).toBe('pass');
    expect(short({ ...known, easyToBorrow: false })).toMatchObject({
      verdict: 'deny',
      code: 'RISK_HARD_TO_BORROW',
      sentence: 'Not sent: AAPL is hard to borrow.',
    });
    expect(short({ ...known, shortable: false, easyToBorrow: true }).sentence).toContain('does not lend AAPL');
  });

  it('may do with what is lent at all', () => {
    expect(short({ ...known, easyToBorrow: false }, false).verdict).toBe('pass');
    expect(short({ ...known, shortable: false }, false).verdict).toBe('deny');
  });

  it('denies what is not known', () => {
    expect(short(known).sentence).toBe('Not sent: whether AAPL is easy to borrow is not known.');
    expect(short(null).sentence).toBe('Not sent: whether AAPL can be borrowed is not known.');
  });

  it('is nothing to a buy', () => {
    expect(verdictOf(rule, riskContext({ asset: null })).verdict).toBe('not_applicable');
  });
});
