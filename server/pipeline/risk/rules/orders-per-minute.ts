import { countedIn, entriesAfter } from '../entries-lately.ts';
import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** A script that runs wild is stopped by this before it is noticed by anybody. */
export const rule = entryRule({
  key: 'orders-per-minute',
  order: 350,
  name: 'Entries a minute',
  says: 'At most so many entries are approved in any minute, in an account or of what the limit is set for.',
  parameters: { maxEntries: count('Most entries in a minute', 30, 'lower', { min: 0, max: 100_000 }) },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxEntries }, scope) {
    const entries = entriesAfter(context, scope, context.now.getTime() - 60_000);
    const limit = `${maxEntries} a minute`;
    const inputs = { entries };
    const said = `${entries} ${entries === 1 ? 'entry was' : 'entries were'} approved for ${countedIn(scope)} in the last minute`;
    if (entries >= maxEntries) {
      return breach('RISK_ORDERS_PER_MINUTE', `${said}, the limit is ${maxEntries}.`, inputs, limit);
    }
    return pass(`${said}.`, inputs, limit);
  },
});
