import { decimal, money } from '../../../core/decimal.ts';
import { amount, percent } from '../figures.ts';
import { deny, notApplicable, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'daily-loss',
  order: 140,
  appliesTo: 'entries',
  limit: 'maxDailyLossOfEquity',
  says: 'After a loss of a share of the day’s starting equity, realized or not, no entry is sent until the next New York day.',
  evaluate({ account, equity, limits }) {
    const start = account?.equityAtDayStart ?? null;
    if (start === null || start.lte('0'))
      return notApplicable('There is no equity of this day’s start to compare with yet.');
    const loss = money(start.minus(equity));
    const limit = money(start.times(limits.maxDailyLossOfEquity));
    const limitText = `${percent(decimal(limits.maxDailyLossOfEquity))} of ${amount(start)}`;
    const inputs = { equityAtDayStart: amount(start), equity: amount(equity), loss: amount(loss) };
    if (loss.gte(limit)) {
      return deny(
        'RISK_DAILY_LOSS',
        `the day's loss is ${amount(loss)}, the limit is ${amount(limit)}.`,
        inputs,
        limitText,
      );
    }
    return pass(`The day stands at ${amount(loss.neg())}, the limit is a loss of ${amount(limit)}.`, inputs, limitText);
  },
};
