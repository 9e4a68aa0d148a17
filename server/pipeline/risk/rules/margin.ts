import { money } from '../../../core/decimal.ts';
import { amount, percent, valueNotKnown } from '../figures.ts';
import { marginAfter } from '../margin-estimate.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** An estimate: the broker’s own figure of a symbol may be higher, and what it refuses it refuses. */
export const rule = entryRule({
  key: 'margin',
  order: 620,
  name: 'Maintenance margin',
  says: 'Equity, less a buffer, must cover an estimate of what the broker asks to keep all positions, open entries and the order.',
  parameters: {
    long: share('Asked for what is long', '0.25', 'higher', { min: '0.25', max: '1' }),
    short: share('Asked for what is short', '0.3', 'higher', { min: '0.3', max: '2' }),
    buffer: share('Part of equity that is kept free', '0.1', 'higher'),
  },
  scopes: ['everything', 'account'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { long, short, buffer }) {
    const { equity } = context;
    const margin = marginAfter(context, { long, short });
    const free = money(equity.minus(equity.abs().times(buffer)));
    const limitText = `equity less ${percent(buffer)}`;
    if (margin === null) return breach('RISK_MARGIN', valueNotKnown, { equity: amount(equity) }, limitText);
    const inputs = { before: amount(margin.before), after: amount(margin.after), equity: amount(equity) };
    if (margin.after.gt(free)) {
      const sentence = `${amount(margin.after)} of margin would be needed, ${amount(free)} of equity is there for it.`;
      return breach('RISK_MARGIN', sentence, inputs, limitText, margin.sharesFor(free));
    }
    return pass(`${amount(margin.after)} of margin would be needed, of ${amount(free)}.`, inputs, limitText);
  },
});
