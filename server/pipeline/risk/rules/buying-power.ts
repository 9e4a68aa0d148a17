import { amount, openEntryValue, orderValue } from '../figures.ts';
import { deny, notApplicable, pass, type Rule } from '../rule.ts';

/**
 * The broker's figure may already have our open entries taken off; taking them off once more can only be too careful.
 */
export const rule: Rule = {
  key: 'buying-power',
  order: 120,
  appliesTo: 'entries',
  says: 'The order must be covered by the broker’s buying power, less what open entries may still cost.',
  evaluate(context) {
    const power = context.account?.brokerBuyingPower ?? null;
    if (power === null) return notApplicable('The broker has not told its buying power yet; it will check for itself.');
    const open = openEntryValue(context);
    const free = power.minus(open);
    const cost = orderValue(context);
    const inputs = { brokerBuyingPower: amount(power), openEntries: amount(open), cost: amount(cost) };
    if (cost.gt(free)) {
      return deny(
        'RISK_BUYING_POWER',
        `the order costs ${amount(cost)}, buying power is ${amount(free)}.`,
        inputs,
        amount(power),
      );
    }
    return pass(`The order costs ${amount(cost)} of ${amount(free)} buying power.`, inputs, amount(power));
  },
};
