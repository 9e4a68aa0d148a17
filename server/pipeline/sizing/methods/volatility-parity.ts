// Naive risk parity: every position moves the account as much as the others do on average. Equal risk contributions come to the same where
// correlations are equal. (S. Maillard, T. Roncalli, J. Teïletche 2010, "The Properties of Equally Weighted Risk Contribution Portfolios".)
import { type Big, rounding, text, zeroMoney } from '../../../core/decimal.ts';
import { count, share } from '../../../core/parameters.ts';
import { fromAmount, toAmount } from '../../../core/risk-figures/amounts.ts';
import { simpleReturns } from '../../../core/risk-figures/returns.ts';
import { sampleDeviation } from '../../../core/risk-figures/volatility.ts';
import type { SizingContext } from '../context.ts';
import { inCents, isNoSize, type NoSize, noSize, partOfEquity, percentOf, size, sizingMethod } from '../method.ts';
import { tooFewBars } from '../stop-method.ts';

export const method = sizingMethod({
  key: 'volatility-parity',
  order: 90,
  name: 'Volatility parity',
  says: 'So many shares that the entry moves the account in a day as much as the account’s other positions do on average.',
  recordAs: 'volatility_parity',
  parameters: {
    days: count('Days of returns', 60, null, { min: 10, max: 500 }),
    start: share('Part of equity that a day moves while nothing else is held', '0.005', 'lower'),
  },
  wish({ context, entry }, { days, start }) {
    const { signal } = context;
    const own = deviationOf(context, signal.ticker, days);
    if (typeof own !== 'number') return own;
    // Rounded up: a share then counts for no less than it moves.
    const each = toAmount(own * fromAmount(entry)).round(4, rounding.awayFromZero);
    if (each.eq('0')) return noSize('RISK_NO_BARS', `${signal.ticker} has not moved in ${days} days.`);
    const aim = aimOf(context, days, start);
    if (isNoSize(aim)) return aim;
    const sum = `${text(aim.amount)} a day (${aim.from}) / ${text(each)} that a share moves, over ${days} days`;
    return size(aim.amount, each, sum, {
      dayMoves: text(aim.amount),
      shareMoves: text(each),
      days,
      others: aim.others,
    });
  },
});

/** What the entry is to move in a day, and by whose measure. */
interface Aim {
  readonly amount: Big;
  readonly from: string;
  readonly others: number;
}

function aimOf(context: SizingContext, days: number, start: Big): Aim | NoSize {
  const { account, signal, prices, weight, equity } = context;
  const held = (account?.positions ?? []).filter((one) => one.symbol !== signal.ticker && !one.quantity.eq('0'));
  if (held.length === 0) {
    const amount = partOfEquity(context, start);
    if (isNoSize(amount)) return amount;
    return { amount, from: `${percentOf(start)} of ${text(equity)} equity, as nothing else is held`, others: 0 };
  }
  let sum: Big = zeroMoney;
  for (const { symbol, quantity, cost } of held) {
    const deviation = deviationOf(context, symbol, days);
    if (typeof deviation !== 'number') return deviation;
    const last = prices.get(symbol);
    const worth = last ? quantity.times(last).abs() : cost.abs();
    sum = sum.plus(toAmount(deviation * fromAmount(worth)));
  }
  const amount = inCents(sum.times(weight).div(String(held.length)));
  if (amount.eq('0')) return noSize('RISK_NO_BARS', `what is held has not moved in ${days} days.`);
  const from = held.length === 1 ? `as ${held[0]!.symbol} does` : `as ${held.length} others do on average`;
  return { amount, from, others: held.length };
}

/** The sample deviation of the last days' returns, as a fraction a day. */
function deviationOf({ market }: SizingContext, symbol: string, days: number): number | NoSize {
  const bars = market.dailyBars(symbol);
  const closes = bars?.slice(-(days + 1)).map(({ close }) => close) ?? [];
  const returns = closes.length > days ? simpleReturns(closes) : null;
  const deviation = returns && sampleDeviation(returns);
  return deviation ?? noSize('RISK_NO_BARS', tooFewBars({ symbol, bars }, days + 1));
}
