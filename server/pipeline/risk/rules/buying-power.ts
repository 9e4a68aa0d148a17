import { amount, openEntryValue, orderValue, sharesWorth } from '../figures.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/**
 * The broker's figure has the entries taken off that it knew of when it told it. Those approved or sent since then are taken off here, so that
 * two entries can never spend the same money between two tellings.
 */
export const rule = entryRule({
  key: 'buying-power',
  order: 120,
  name: 'Buying power',
  says: 'The order must be covered by the broker’s buying power, less what entries it did not know of yet will cost.',
  parameters: {},
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce'],
  on: 'always',
  evaluate(context) {
    const power = context.account?.brokerBuyingPower ?? null;
    if (power === null) return notApplicable('The broker has not told its buying power yet; it will check for itself.');
    const open = openEntryValue(context, (order) => !order.countedByBroker);
    const free = power.minus(open);
    const cost = orderValue(context);
    const inputs = { brokerBuyingPower: amount(power), entriesSince: amount(open), cost: amount(cost) };
    if (cost.gt(free)) {
      const sentence = `the order costs ${amount(cost)}, buying power is ${amount(free)}.`;
      return breach('RISK_BUYING_POWER', sentence, inputs, amount(power), sharesWorth(context, free));
    }
    return pass(`The order costs ${amount(cost)} of ${amount(free)} buying power.`, inputs, amount(power));
  },
});
