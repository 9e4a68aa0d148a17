import { rounding, text } from '../../../core/decimal.ts';
import { quotientText } from '../figures.ts';
import { flag, multiple } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { stopOf } from '../stop-of.ts';

/** Of several targets the nearest counts, which promises least. */
export const rule = entryRule({
  key: 'reward-to-risk',
  order: 315,
  name: 'Reward to risk',
  says: 'The nearest target is at least so many times as far from the entry as the stop.',
  parameters: {
    minRatio: multiple('Least reward for what is at risk', '1', 'higher', { min: '0', max: '100' }),
    withoutTarget: flag('Whether an entry without a target passes', false),
  },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { minRatio, withoutTarget }) {
    const { takeProfit, side } = context.sized;
    const limit = `at least ${text(minRatio)}`;
    const stop = stopOf(context);
    if (takeProfit === null && withoutTarget) return pass('The entry has no target.', { takeProfit: null }, limit);
    if (takeProfit === null || stop === null || stop === 'none' || stop.distance.lte('0')) {
      const inputs = { takeProfit: takeProfit && text(takeProfit), risk: null };
      const missing = takeProfit === null ? 'there is no target' : 'there is no stop away from the entry';
      return breach('RISK_REWARD_TO_RISK', `the reward for what is at risk is not known: ${missing}.`, inputs, limit);
    }
    const reward = side === 'buy' ? takeProfit.minus(stop.entry) : stop.entry.minus(takeProfit);
    const ratio = quotientText(reward, stop.distance, 2, rounding.towardZero);
    const inputs = { reward: text(reward), risk: text(stop.distance), ratio };
    const said = `${text(reward)} a share to gain for ${text(stop.distance)} at risk`;
    if (reward.lt(stop.distance.times(minRatio))) {
      return breach('RISK_REWARD_TO_RISK', `${said} is ${ratio} times, the least is ${text(minRatio)}.`, inputs, limit);
    }
    return pass(`There is ${said}, ${ratio} times.`, inputs, limit);
  },
});
