import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { countedIn, entriesAfter } from '../entries-lately.ts';
import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'orders-per-day',
  order: 355,
  name: 'Entries a day',
  says: 'At most so many entries are approved in a day of New York, in an account or of what the limit is set for.',
  parameters: { maxEntries: count('Most entries in a day', 200, 'lower', { min: 0, max: 1_000_000 }) },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxEntries }, scope) {
    // The day's first moment belongs to it.
    const entries = entriesAfter(context, scope, startOfDay(context.now, marketZone).getTime() - 1);
    const limit = `${maxEntries} a day`;
    const inputs = { entries };
    const said = `${entries} ${entries === 1 ? 'entry was' : 'entries were'} approved for ${countedIn(scope)} today`;
    if (entries >= maxEntries) {
      return breach('RISK_ORDERS_PER_DAY', `${said}, the limit is ${maxEntries}.`, inputs, limit);
    }
    return pass(`${said}.`, inputs, limit);
  },
});
