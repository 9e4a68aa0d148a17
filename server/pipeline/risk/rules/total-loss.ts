import { money } from '../../../core/decimal.ts';
import { amount, percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** The last line: it is not lifted by a new day or week, but by a person, or by equity that is there again. */
export const rule = entryRule({
  key: 'total-loss',
  order: 570,
  name: 'Loss of what was paid in',
  says: 'Once a share of all that was paid in is lost, realized or not, no entry is sent.',
  parameters: { maxShareOfPaidIn: share('Largest loss, of what was paid in', '0.25', 'lower') },
  scopes: ['everything', 'account'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, equity }, { maxShareOfPaidIn }) {
    const { paidIn } = activity;
    if (paidIn === null || paidIn.lte('0')) {
      const inputs = { paidIn: paidIn && amount(paidIn), equity: amount(equity) };
      const sentence = 'the total loss is not known: there is no record of what was paid in.';
      return breach('RISK_TOTAL_LOSS', sentence, inputs, percent(maxShareOfPaidIn));
    }
    const loss = money(paidIn.minus(equity));
    const limit = money(paidIn.times(maxShareOfPaidIn));
    const limitText = `${percent(maxShareOfPaidIn)} of ${amount(paidIn)}`;
    const inputs = { paidIn: amount(paidIn), equity: amount(equity), loss: amount(loss) };
    if (loss.gte(limit)) {
      const sentence = `${amount(loss)} of the ${amount(paidIn)} paid in are lost, the limit is ${amount(limit)}.`;
      return breach('RISK_TOTAL_LOSS', sentence, inputs, limitText);
    }
    return pass(`The account stands at ${amount(loss.neg())} of what was paid in.`, inputs, limitText);
  },
});
