import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'strategy-enabled',
  order: 30,
  appliesTo: 'entries',
  says: 'A strategy that is switched off opens nothing.',
  evaluate({ signal, strategyEnabled }) {
    const inputs = { strategy: signal.strategy, enabled: strategyEnabled };
    if (strategyEnabled) return pass(`The strategy ${signal.strategy} is on.`, inputs);
    return deny('RISK_STRATEGY_DISABLED', `the strategy ${signal.strategy} is switched off.`, inputs);
  },
};
