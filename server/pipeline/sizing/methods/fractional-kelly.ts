import { minimum, rounding, text } from '../../../core/decimal.ts';
import { count, share } from '../../../core/parameters.ts';
import { kellyOfTrades } from '../../../core/risk-figures/kelly.ts';
import { byRisk, inCents, isNoSize, noSize, partOfEquity, percentOf, sizingMethod } from '../method.ts';

export const method = sizingMethod({
  key: 'fractional-kelly',
  order: 110,
  name: 'Fractional Kelly',
  says: 'A fraction of what Kelly’s formula says of the strategy’s own closed trades is put at risk, under a cap.',
  recordAs: 'fractional_kelly',
  parameters: {
    fraction: share('Fraction of Kelly', '0.25', 'lower', { min: '0.01', max: '1' }),
    cap: share('At most this part of equity at risk', '0.02', 'lower', { min: '0.0001', max: '1' }),
    atLeast: count('Closed trades that it takes', 30, 'higher', { min: 2, max: 500 }),
    untilThen: share('Part of equity at risk until then; 0: nothing is sent', '0', 'lower'),
  },
  wish(facts, { fraction, cap, atLeast, untilThen }) {
    const { context } = facts;
    const { signal, activity, equity, weight } = context;
    const trades = activity.trades.filter((trade) => trade.strategy === signal.strategy);
    const kelly = kellyOfTrades(trades, { fraction, cap, atLeast });
    const base = { equity: text(equity), trades: trades.length };
    if (kelly === null) {
      const known = `${trades.length} trades of ${signal.strategy} are closed, at least ${atLeast} that won or lost are needed, and one that lost.`;
      if (untilThen.eq('0')) return noSize('RISK_NO_TRADES', known);
      const part = partOfEquity(context, minimum(untilThen, cap));
      if (isNoSize(part)) return part;
      return byRisk(
        facts,
        part,
        ` (${percentOf(minimum(untilThen, cap))} of ${text(equity)} equity until there are ${atLeast} trades)`,
        base,
      );
    }
    if (kelly.applied.eq('0')) {
      const sentence = `${kelly.wins} trades won and ${kelly.losses} lost, which earned nothing to bet on.`;
      return noSize('RISK_NO_EDGE', sentence);
    }
    if (equity.lte('0'))
      return noSize('RISK_NO_EQUITY', `equity is ${text(equity)}, and there is no part of it to take.`);
    // The cap holds whatever the account's weight.
    const applied = minimum(kelly.applied.times(weight), cap);
    const shown = percentOf(applied.round(6, rounding.towardZero));
    const from = ` (${shown} of ${text(equity)} equity: ${text(fraction)} of Kelly after ${kelly.wins} won and ${kelly.losses} lost, at most ${percentOf(cap)})`;
    return byRisk(facts, inCents(equity.times(applied.round(6, rounding.towardZero))), from, {
      ...base,
      wins: kelly.wins,
      losses: kelly.losses,
      payoffRatio: text(kelly.payoffRatio.round(4, rounding.towardZero)),
      fullKelly: kelly.full && text(kelly.full.round(6, rounding.towardZero)),
      applied: text(applied.round(6, rounding.towardZero)),
    });
  },
});
