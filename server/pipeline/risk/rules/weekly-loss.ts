import { money } from '../../../core/decimal.ts';
import { amount, percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'weekly-loss',
  order: 560,
  name: 'Loss of the week',
  says: 'After a loss of a share of the week’s starting equity, realized or not, no entry is sent until the next New York week.',
  parameters: { maxShareOfEquity: share('Largest loss, of the week’s starting equity', '0.06', 'lower') },
  scopes: ['everything', 'account'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, equity }, { maxShareOfEquity }) {
    const start = activity.equityAtWeekStart;
    if (start === null || start.lte('0')) {
      const inputs = { equityAtWeekStart: start && amount(start), equity: amount(equity) };
      const sentence = 'the loss of the week is not known: there is no equity of its start.';
      return breach('RISK_WEEKLY_LOSS', sentence, inputs, percent(maxShareOfEquity));
    }
    const loss = money(start.minus(equity));
    const limit = money(start.times(maxShareOfEquity));
    const limitText = `${percent(maxShareOfEquity)} of ${amount(start)}`;
    const inputs = { equityAtWeekStart: amount(start), equity: amount(equity), loss: amount(loss) };
    if (loss.gte(limit)) {
      const sentence = `the week's loss is ${amount(loss)}, the limit is ${amount(limit)}.`;
      return breach('RISK_WEEKLY_LOSS', sentence, inputs, limitText);
    }
    return pass(
      `The week stands at ${amount(loss.neg())}, the limit is a loss of ${amount(limit)}.`,
      inputs,
      limitText,
    );
  },
});
