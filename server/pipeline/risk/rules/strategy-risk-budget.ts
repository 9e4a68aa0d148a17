import { openRisk } from '../open-risk.ts';
import { share } from '../parameters.ts';
import { withinRiskBudget } from '../risk-budget.ts';
import { entryRule } from '../rule.ts';

export const rule = entryRule({
  key: 'strategy-risk-budget',
  order: 540,
  name: 'Risk budget of a strategy',
  says: 'If all stops of a strategy were hit, those of this order and of open entries too, it may lose at most a share of equity; what has no stop counts whole.',
  parameters: { maxShareOfEquity: share('Most at risk of one strategy, as a share of equity', '0.05', 'lower') },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity }) {
    const { strategy } = context.signal;
    return withinRiskBudget(context, {
      what: `the open risk of ${strategy}`,
      code: 'RISK_STRATEGY_BUDGET',
      share: maxShareOfEquity,
      open: openRisk(context, strategy),
    });
  },
});
