import { type Big, decimal, money, zeroMoney } from '../../../core/decimal.ts';
import { amount, openEntryValue, orderValue, percent, percentAbove, positionValue } from '../figures.ts';
import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'max-exposure',
  order: 110,
  appliesTo: 'entries',
  says: 'All positions and open entries together may be worth at most a share of equity.',
  evaluate(context) {
    const { equity, limits, account } = context;
    let held: Big = zeroMoney;
    for (const { symbol } of account?.positions ?? []) held = held.plus(positionValue(context, symbol));
    const open = openEntryValue(context);
    const added = orderValue(context);
    const after = money(held.plus(open).plus(added));
    const limit = money(equity.times(limits.maxExposureOfEquity));
    const limitText = `${percent(decimal(limits.maxExposureOfEquity))} of equity`;
    const inputs = {
      held: amount(held),
      openEntries: amount(open),
      order: amount(added),
      after: amount(after),
      equity: amount(equity),
    };
    if (after.gt(limit)) {
      const share = equity.gt('0')
        ? percentAbove(after.div(equity), decimal(limits.maxExposureOfEquity))
        : 'more than all';
      return deny(
        'RISK_MAX_EXPOSURE',
        `the portfolio would be ${share} of equity, the limit is ${percent(decimal(limits.maxExposureOfEquity))}.`,
        inputs,
        limitText,
      );
    }
    return pass(
      `The portfolio would be worth ${amount(after)}, at most ${amount(limit)} is allowed.`,
      inputs,
      limitText,
    );
  },
};
