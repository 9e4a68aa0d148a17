import { text } from '../../../core/decimal.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { stopOf } from '../stop-of.ts';

export const rule = entryRule({
  key: 'stop-required',
  order: 300,
  name: 'Stop',
  says: 'An entry has a stop, fixed or trailing.',
  parameters: {},
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate(context) {
    const { stopLoss } = context.sized;
    if (stopLoss) return pass(`The stop is at ${text(stopLoss)}.`, { stopLoss: text(stopLoss) });
    const inputs = { stopLoss: null, trails: stopOf(context) !== 'none' };
    if (inputs.trails) return pass('The stop follows the market.', inputs);
    return breach('RISK_NO_STOP', 'the entry has no stop.', inputs);
  },
});
