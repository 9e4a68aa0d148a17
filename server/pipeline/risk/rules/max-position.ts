import { positionValue } from '../figures.ts';
import type { Rule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

export const rule: Rule = {
  key: 'max-position',
  order: 100,
  appliesTo: 'entries',
  limit: 'maxPositionOfEquity',
  says: 'One position, with its open entries, may be worth at most a share of equity.',
  evaluate(context) {
    const { signal, limits } = context;
    return withinShareOfEquity(context, {
      what: signal.ticker,
      code: 'RISK_MAX_POSITION',
      share: limits.maxPositionOfEquity,
      held: positionValue(context, signal.ticker),
      counts: (order) => order.symbol === signal.ticker,
    });
  },
};
