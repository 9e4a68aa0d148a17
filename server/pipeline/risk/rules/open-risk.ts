import { openRisk } from '../open-risk.ts';
import { share } from '../parameters.ts';
import { withinRiskBudget } from '../risk-budget.ts';
import { entryRule } from '../rule.ts';

export const rule = entryRule({
  key: 'open-risk',
  order: 550,
  name: 'Open risk of the account',
  says: 'If all stops of the account were hit, those of this order and of open entries too, it may lose at most a share of equity; what has no stop counts whole.',
  parameters: { maxShareOfEquity: share('Most at risk of all strategies, as a share of equity', '0.1', 'lower') },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity }) {
    return withinRiskBudget(context, {
      what: 'the open risk of the account',
      code: 'RISK_OPEN_RISK',
      share: maxShareOfEquity,
      open: openRisk(context, null),
    });
  },
});
