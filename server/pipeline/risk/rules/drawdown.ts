import { quantity, text } from '../../../core/decimal.ts';
import { drawdownFrom } from '../../../core/risk-figures/drawdown.ts';
import { sizeAtDrawdown } from '../../../core/risk-figures/drawdown-steps.ts';
import { amount, percent } from '../figures.ts';
import { steps } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/**
 * Sizes shrink as the account falls below its highest equity, and grow again as it recovers. The order is measured against the size that the
 * alert asks for by itself, so that a smaller one passes: the gate's second look at what it made smaller must not make it smaller again.
 */
export const rule = entryRule({
  key: 'drawdown',
  order: 580,
  name: 'Drawdown',
  says: 'Below its highest equity by so much, the account’s entries are a part of their size, by steps; a factor of 0 stops them.',
  parameters: {
    steps: steps('From which drawdown on, which part of the size', ['0.05:0.75', '0.1:0.5', '0.15:0.25', '0.2:0']),
  },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['reduce', 'deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { steps: table }) {
    const { activity, equity, sized, original } = context;
    const limit = table.map(({ from, factor }) => `${percent(from)}: ${text(factor)}`).join(', ') || 'none';
    const drawdown = activity.peakEquity && drawdownFrom(activity.peakEquity, equity);
    if (!drawdown) {
      const inputs = { peakEquity: activity.peakEquity && amount(activity.peakEquity), equity: amount(equity) };
      return breach('RISK_DRAWDOWN', 'the drawdown is not known: no highest equity is on record.', inputs, limit);
    }
    const ordered = table.map(({ from, factor }) => ({ atOrOver: from, factor }));
    const { factor, step, stop } = sizeAtDrawdown(drawdown, ordered);
    const inputs = {
      peakEquity: amount(drawdown.peak),
      equity: amount(equity),
      drawdown: text(drawdown.fraction.round(6, 1)),
      factor: text(factor),
    };
    const below = `the account is ${percent(drawdown.fraction)} below its highest equity`;
    if (step === null)
      return pass(`The account is ${percent(drawdown.fraction)} below its highest equity.`, inputs, limit);
    if (stop)
      return breach('RISK_DRAWDOWN', `${below}; from ${percent(step.atOrOver)} on nothing is entered.`, inputs, limit);
    const full = original ?? sized.quantity;
    const most = quantity(full.times(factor));
    if (sized.quantity.lte(most))
      return pass(
        `The account is ${percent(drawdown.fraction)} below its highest equity; the size allows for it.`,
        inputs,
        limit,
      );
    const sentence = `${below}; from ${percent(step.atOrOver)} on an entry is ${percent(factor)} of its size.`;
    return breach('RISK_DRAWDOWN', sentence, inputs, limit, most);
  },
});
