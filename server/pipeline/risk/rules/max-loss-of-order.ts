import { money, quantity } from '../../../core/decimal.ts';
import { amount, percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';
import { stopOf } from '../stop-of.ts';

/** What is lost when the stop is hit at its price. Without a stop a buy can lose all it costs; a short has no such bound. */
export const rule = entryRule({
  key: 'max-loss-of-order',
  order: 320,
  name: 'Loss of one order',
  says: 'One entry loses at most a share of equity when its stop is hit; without a stop a buy counts in full.',
  parameters: {
    maxShareOfEquity: share('Largest loss of one order, of equity', '0.05', 'lower'),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { maxShareOfEquity }) {
    const { sized, equity } = context;
    const limitText = `${percent(maxShareOfEquity)} of equity`;
    const stop = stopOf(context);
    const entry = sized.referencePrice;
    const each = stop !== 'none' ? (stop?.distance ?? null) : sized.side === 'buy' ? entry : null;
    if (each === null) {
      const missing = stop === 'none' && entry ? 'a short without a stop has no bound' : 'there is no price';
      const inputs = { loss: null, equity: amount(equity) };
      return breach('RISK_ORDER_LOSS', `what the order could lose is not known: ${missing}.`, inputs, limitText);
    }
    const loss = money(sized.quantity.times(each));
    const limit = money(equity.times(maxShareOfEquity));
    const inputs = { loss: amount(loss), stop: stop !== 'none', equity: amount(equity) };
    // Of what is not above zero no share is allowed, not even of an order that risks nothing.
    if (loss.gt(limit) || equity.lte('0')) {
      const sentence = equity.lte('0')
        ? `there is no equity to lose: it is ${amount(equity)}.`
        : `the order could lose ${amount(loss)}, the limit is ${amount(limit)}, ${percent(maxShareOfEquity)} of equity.`;
      const allowed = limit.lte('0') ? quantity('0') : each.gt('0') ? quantity(limit.div(each)) : null;
      return breach('RISK_ORDER_LOSS', sentence, inputs, limitText, allowed);
    }
    return pass(`The order could lose ${amount(loss)} of ${amount(limit)} allowed.`, inputs, limitText);
  },
});
