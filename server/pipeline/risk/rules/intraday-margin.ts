import { isPair } from '../../../core/pairs.ts';
import { amount, valueNotKnown } from '../figures.ts';
import { marginAfter } from '../margin-estimate.ts';
import { count, share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** What is bought on the margin of the day must be gone by its close: late in the session there is no time left for that. */
export const rule = entryRule({
  key: 'intraday-margin',
  order: 625,
  name: 'Margin of the day',
  says: 'Positions, open entries and the order may ask for more margin overnight than there is equity only while the session has some minutes left to close them in.',
  parameters: {
    long: share('Asked overnight for what is long', '0.5', 'higher', { min: '0.25', max: '1' }),
    short: share('Asked overnight for what is short', '0.5', 'higher', { min: '0.3', max: '2' }),
    minutes: count('Minutes before the close from which on it counts', 60, 'higher', { min: 0, max: 1440 }),
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { long, short, minutes }) {
    const { equity, market, now, signal } = context;
    const margin = marginAfter(context, { long, short });
    const limitText = `equity, from ${minutes} min before the close`;
    if (margin === null) return breach('RISK_MARGIN', valueNotKnown, { equity: amount(equity) }, limitText);
    const inputs = { overnight: amount(margin.after), equity: amount(equity) };
    if (margin.after.lte(equity)) {
      return pass(
        `${amount(margin.after)} of margin would be asked overnight, of ${amount(equity)}.`,
        inputs,
        limitText,
      );
    }
    const over = `${amount(margin.after)} of margin would be asked overnight, and equity is ${amount(equity)}`;
    const allowed = margin.sharesFor(equity);
    const refused = (why: string, closesAt: string | null) =>
      breach('RISK_MARGIN', `${over}; ${why}.`, { ...inputs, closesAt }, limitText, allowed);
    if (isPair(signal.ticker)) return refused('coins have no close by which they would be sold', null);
    const session = market.session(now);
    if (session === null) return refused('when the session closes is not known', null);
    if (session === 'closed' || now < session.opensAt || now >= session.closesAt)
      return refused('there is no session now', null);
    const closesAt = session.closesAt.toISOString();
    if (session.closesAt.getTime() - now.getTime() <= minutes * 60_000)
      return refused(`the session closes within ${minutes} minutes`, closesAt);
    return pass(`${over}; the session is open until ${closesAt}.`, { ...inputs, closesAt }, limitText);
  },
});
