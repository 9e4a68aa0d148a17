import { amount, openEntryValue, orderValue } from '../figures.ts';
import { deny, notApplicable, pass, type Rule } from '../rule.ts';

/**
 * The broker's figure has the entries taken off that it knew of when it told it. Those approved or sent since then are taken off here, so that
 * two entries can never spend the same money between two tellings.
 */
export const rule: Rule = {
  key: 'buying-power',
  order: 120,
  appliesTo: 'entries',
  says: 'The order must be covered by the broker’s buying power, less what entries it did not know of yet will cost.',
  evaluate(context) {
    const power = context.account?.brokerBuyingPower ?? null;
    if (power === null) return notApplicable('The broker has not told its buying power yet; it will check for itself.');
    const open = openEntryValue(context, (order) => !order.countedByBroker);
    const free = power.minus(open);
    const cost = orderValue(context);
    const inputs = { brokerBuyingPower: amount(power), entriesSince: amount(open), cost: amount(cost) };
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
