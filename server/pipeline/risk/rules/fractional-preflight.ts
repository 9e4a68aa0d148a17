import { type Big, decimal, rounding, text, wholeShares } from '../../../core/decimal.ts';
import { isPair } from '../../../core/pairs.ts';
import { amount, orderValue } from '../figures.ts';
import { amountOf } from '../parameters.ts';
import { breach, type EntryContext, entryRule, type Finding, pass } from '../rule.ts';

const zero = decimal('0');
const mostDecimals = 9;

/** Parts of a share are sent alone, good for the day, and their protection is placed with each fill; here is what the venue asks beside that. */
export const rule = entryRule({
  key: 'fractional-preflight',
  order: 660,
  name: 'Parts of a share as the venue takes them',
  says: 'An order for a part of a share is worth at least a dollar and has at most nine decimals; one for coins has at least their least size, in their steps.',
  parameters: { minValue: amountOf('Least value of an order that is not for whole shares', '1', 'higher') },
  scopes: ['everything', 'account', 'symbol'],
  severities: ['reduce', 'deny'],
  on: true,
  evaluate(context, { minValue }) {
    const { signal, sized } = context;
    const { quantity } = sized;
    if (isPair(signal.ticker)) return ofCoin(context, minValue);
    const inputs = { quantity: text(quantity), value: worthOf(context) };
    if (wholeShares(quantity).eq(quantity)) return pass('The order is for whole shares.', inputs);
    const cut = quantity.round(mostDecimals, rounding.towardZero) as typeof quantity;
    if (!cut.eq(quantity)) {
      const sentence = `${text(quantity)} has more than ${mostDecimals} decimals.`;
      return breach('RISK_FRACTION_NOT_TAKEN', sentence, inputs, `${mostDecimals} decimals`, cut);
    }
    return worthEnough(context, minValue, inputs);
  },
});

const worthOf = (context: EntryContext): string | null =>
  context.sized.referencePrice === null ? null : amount(orderValue(context));

function worthEnough(context: EntryContext, minValue: Big, inputs: Readonly<Record<string, string | null>>): Finding {
  const limit = amount(minValue);
  if (context.sized.referencePrice === null)
    return breach('RISK_FRACTION_NOT_TAKEN', 'what the order is worth is not known: it has no price.', inputs, limit);
  if (orderValue(context).lt(minValue)) {
    const sentence = `the order is worth ${text(orderValue(context))}, the least that the venue takes is ${limit}.`;
    return breach('RISK_FRACTION_NOT_TAKEN', sentence, inputs, limit);
  }
  return pass(`The venue takes ${text(context.sized.quantity)}.`, inputs, limit);
}

function ofCoin(context: EntryContext, minValue: Big): Finding {
  const { asset, signal, sized } = context;
  const least = asset?.minOrderSize ?? null;
  const step = asset?.minTradeIncrement ?? null;
  const inputs = {
    quantity: text(sized.quantity),
    least: least && text(least),
    step: step && text(step),
    value: worthOf(context),
  };
  if (asset === null)
    return breach('RISK_FRACTION_NOT_TAKEN', `the least size of ${signal.ticker} is not known.`, inputs);
  if (least?.gt(sized.quantity)) {
    const sentence = `the order is for ${text(sized.quantity)}, the least that the venue takes is ${text(least)}.`;
    return breach('RISK_FRACTION_NOT_TAKEN', sentence, inputs, text(least));
  }
  if (step?.gt(zero) && !sized.quantity.mod(step).eq(zero)) {
    const allowed = sized.quantity.minus(sized.quantity.mod(step)) as typeof sized.quantity;
    const sentence = `${text(sized.quantity)} is no multiple of ${text(step)}, the step of the venue.`;
    return breach('RISK_FRACTION_NOT_TAKEN', sentence, inputs, text(step), allowed);
  }
  return worthEnough(context, minValue, inputs);
}
