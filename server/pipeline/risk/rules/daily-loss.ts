import { money } from '../../../core/decimal.ts';
import { amount, percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'daily-loss',
  order: 140,
  name: 'Loss of the day',
  says: 'After a loss of a share of the day’s starting equity, realized or not, no entry is sent until the next New York day.',
  parameters: { maxShareOfEquity: share('Largest loss, of the day’s starting equity', '0.03', 'lower') },
  scopes: ['everything', 'account'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ account, equity }, { maxShareOfEquity }) {
    const start = account?.equityAtDayStart ?? null;
    if (start === null || start.lte('0'))
      return notApplicable('There is no equity of this day’s start to compare with yet.');
    const loss = money(start.minus(equity));
    const limit = money(start.times(maxShareOfEquity));
    const limitText = `${percent(maxShareOfEquity)} of ${amount(start)}`;
    const inputs = { equityAtDayStart: amount(start), equity: amount(equity), loss: amount(loss) };
    if (loss.gte(limit)) {
      const sentence = `the day's loss is ${amount(loss)}, the limit is ${amount(limit)}.`;
      return breach('RISK_DAILY_LOSS', sentence, inputs, limitText);
    }
    return pass(`The day stands at ${amount(loss.neg())}, the limit is a loss of ${amount(limit)}.`, inputs, limitText);
  },
});
