import { rounding, text } from '../../../core/decimal.ts';
import { averageTrueRange } from '../../../core/indicators/average-true-range.ts';
import { count, share } from '../../../core/parameters.ts';
import { isNoSize, noSize, partOfEquity, percentOf, size, sizingMethod } from '../method.ts';
import { tooFewBars } from '../stop-method.ts';

export const method = sizingMethod({
  key: 'volatility-target',
  order: 80,
  name: 'Volatility target',
  says: 'So many shares that an average day’s range, by ATR, moves the account by a part of its equity.',
  recordAs: 'volatility_target',
  parameters: {
    share: share('Part of equity that an average day moves', '0.005', 'lower'),
    period: count('Days of the ATR', 14, null, { min: 2, max: 200 }),
  },
  wish({ context }, { share, period }) {
    const { signal, market } = context;
    const moves = partOfEquity(context, share);
    if (isNoSize(moves)) return moves;
    const bars = market.dailyBars(signal.ticker);
    const range = bars && averageTrueRange(bars, period);
    if (!range) return noSize('RISK_NO_BARS', tooFewBars({ symbol: signal.ticker, bars }, period + 1));
    // Rounded up: a share then counts for no less than it moves.
    const each = range.round(4, rounding.awayFromZero);
    if (each.eq('0')) return noSize('RISK_NO_BARS', `${signal.ticker} has not moved in ${period} days.`);
    const from = `${percentOf(share)} of ${text(context.equity)} equity`;
    return size(moves, each, `${text(moves)} a day (${from}) / ATR(${period}) of ${text(each)} a share`, {
      equity: text(context.equity),
      share: text(share),
      averageTrueRange: text(each),
      period,
    });
  },
});
