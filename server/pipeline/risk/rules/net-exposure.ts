import { maximum, money, zeroMoney } from '../../../core/decimal.ts';
import { exposureWithin } from '../exposure.ts';
import { amount, orderValue, percent, percentAbove, sharesWorth, valueNotKnown } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** What the account gains or loses when everything moves by the same. An entry that brings it back towards zero is never held up. */
export const rule = entryRule({
  key: 'net-exposure',
  order: 420,
  name: 'Net exposure',
  says: 'What is long less what is short, with open entries, may be at most a share of equity on either side; so may that of a strategy or a sector.',
  parameters: {
    maxNetLong: share('Furthest long, as a share of equity', '1', 'lower', { min: '0', max: '20' }),
    maxNetShort: share('Furthest short, as a share of equity', '0.5', 'lower', { min: '0', max: '20' }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxNetLong, maxNetShort }, scope) {
    const { equity, sized } = context;
    const { heldLong, heldShort, openLong, openShort } = exposureWithin(context, scope);
    const buys = sized.side === 'buy';
    const before = heldLong.plus(openLong).minus(heldShort).minus(openShort);
    const added = orderValue(context);
    const after = buys ? before.plus(added) : before.minus(added);
    const largest = buys ? maxNetLong : maxNetShort;
    const way = buys ? 'long' : 'short';
    const inputs = {
      long: amount(heldLong.plus(openLong)),
      short: amount(heldShort.plus(openShort)),
      net: amount(before),
      after: amount(after),
      equity: amount(equity),
    };
    // A part of less than nothing would be less for a looser limit.
    const limit = money(maximum(equity, zeroMoney).times(largest));
    const limitText = `${percent(largest)} of equity ${way}`;
    if (sized.referencePrice === null) return breach('RISK_NET_EXPOSURE', valueNotKnown, inputs, limitText);
    // On the side that it adds to: above zero is further.
    const [towards, from] = buys ? [after, before] : [after.neg(), before.neg()];
    if (towards.gt('0') && towards.gt(limit)) {
      const reached = equity.gt('0') ? percentAbove(towards.div(equity), largest) : 'more than all';
      const sentence = `the account would be net ${way} by ${reached} of equity, the limit is ${percent(largest)}.`;
      return breach('RISK_NET_EXPOSURE', sentence, inputs, limitText, sharesWorth(context, limit.minus(from)));
    }
    return pass(`Long less short would be ${amount(after)}.`, inputs, limitText);
  },
});
