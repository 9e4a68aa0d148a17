import { type Big, zeroMoney } from '../../../core/decimal.ts';
import { positionValue } from '../figures.ts';
import type { Rule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

export const rule: Rule = {
  key: 'max-exposure',
  order: 110,
  appliesTo: 'entries',
  limit: 'maxExposureOfEquity',
  says: 'All positions and open entries together may be worth at most a share of equity.',
  evaluate(context) {
    const { account, limits } = context;
    let held: Big = zeroMoney;
    for (const { symbol } of account?.positions ?? []) held = held.plus(positionValue(context, symbol));
    return withinShareOfEquity(context, {
      what: 'the portfolio',
      code: 'RISK_MAX_EXPOSURE',
      share: limits.maxExposureOfEquity,
      held,
    });
  },
};
