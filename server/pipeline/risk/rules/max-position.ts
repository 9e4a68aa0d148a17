import { decimal, money } from '../../../core/decimal.ts';
import { amount, openEntryValue, orderValue, percent, percentAbove, positionValue } from '../figures.ts';
import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'max-position',
  order: 100,
  appliesTo: 'entries',
  says: 'One position, with its open entries, may be worth at most a share of equity.',
  evaluate(context) {
    const { signal, equity, limits } = context;
    const held = positionValue(context, signal.ticker);
    const open = openEntryValue(context, (order) => order.symbol === signal.ticker);
    const added = orderValue(context);
    const after = money(held.plus(open).plus(added));
    const limit = money(equity.times(limits.maxPositionOfEquity));
    const limitText = `${percent(decimal(limits.maxPositionOfEquity))} of equity`;
    const inputs = {
      held: amount(held),
      openEntries: amount(open),
      order: amount(added),
      after: amount(after),
      equity: amount(equity),
    };
    if (after.gt(limit)) {
      const share = equity.gt('0')
        ? percentAbove(after.div(equity), decimal(limits.maxPositionOfEquity))
        : 'more than all';
      return deny(
        'RISK_MAX_POSITION',
        `${signal.ticker} would be ${share} of equity, the limit is ${percent(decimal(limits.maxPositionOfEquity))}.`,
        inputs,
        limitText,
      );
    }
    return pass(
      `${signal.ticker} would be worth ${amount(after)}, at most ${amount(limit)} is allowed.`,
      inputs,
      limitText,
    );
  },
};
