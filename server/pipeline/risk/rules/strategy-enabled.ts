import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'strategy-enabled',
  order: 30,
  name: 'Strategy switched on',
  says: 'A strategy that is switched off opens nothing.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ signal, strategyEnabled }) {
    const inputs = { strategy: signal.strategy, enabled: strategyEnabled };
    if (strategyEnabled) return pass(`The strategy ${signal.strategy} is on.`, inputs);
    return breach('RISK_STRATEGY_DISABLED', `the strategy ${signal.strategy} is switched off.`, inputs);
  },
});
