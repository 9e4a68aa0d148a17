import { decimal, text } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { byRisk, inCents, isNoSize, noSize, partOfEquity, percentOf, size, sizingMethod } from '../method.ts';

const one = decimal('1');

export const method = sizingMethod({
  key: 'confidence',
  order: 100,
  name: 'By confidence',
  says: 'The alert’s risk amount or quantity times its confidence, a field of the alert from 0 to 1.',
  recordAs: 'confidence',
  readsQuantity: true,
  parameters: {
    least: share('Least confidence that is traded', '0', 'higher'),
    share: share('Part of equity at risk at a confidence of 1, where the alert names no amount', '0.005', 'lower'),
  },
  wish(facts, { least, share }) {
    const { context } = facts;
    const { confidence, quantity, riskAmount } = context.signal;
    if (confidence === null) return noSize('RISK_NO_CONFIDENCE', 'the alert does not say how sure it is.');
    if (confidence.lt('0') || confidence.gt('1')) {
      return noSize('RISK_NO_CONFIDENCE', `the alert’s confidence is ${text(confidence)}, and 0 to 1 is expected.`);
    }
    if (confidence.lt(least)) {
      const sentence = `the alert’s confidence is ${text(confidence)}, and at least ${text(least)} is asked for.`;
      return noSize('RISK_NO_CONFIDENCE', sentence);
    }
    const inputs = { confidence: text(confidence) };
    if (quantity) {
      return size(quantity.times(confidence), one, `${text(quantity)} × a confidence of ${text(confidence)}`, inputs);
    }
    if (riskAmount) {
      const from = ` (${text(riskAmount)} × a confidence of ${text(confidence)})`;
      return byRisk(facts, inCents(riskAmount.times(confidence)), from, inputs);
    }
    const part = partOfEquity(context, share);
    if (isNoSize(part)) return part;
    const from = ` (${percentOf(share)} of ${text(context.equity)} equity × a confidence of ${text(confidence)})`;
    return byRisk(facts, inCents(part.times(confidence)), from, {
      ...inputs,
      equity: text(context.equity),
      share: text(share),
    });
  },
});
