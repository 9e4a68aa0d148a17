import { rounding, text } from '../../../core/decimal.ts';
import { atrOf } from '../bar-figures.ts';
import { quotientText } from '../figures.ts';
import { count, multiple } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';
import { stopOf } from '../stop-of.ts';

/** A stop within what the symbol moves on any day is hit by nothing in particular; one many days away protects little. */
export const rule = entryRule({
  key: 'stop-noise',
  order: 310,
  name: 'Stop and noise',
  says: 'The stop is neither inside the noise nor out of reach: so many times the average true range of daily bars away.',
  parameters: {
    minMultiple: multiple('Nearest, in average true ranges', '0.5', 'higher', { min: '0', max: '1000' }),
    maxMultiple: multiple('Furthest, in average true ranges', '10', 'lower', { min: '0', max: '1000' }),
    period: count('Days of the average true range', 14, null, { min: 1, max: 100 }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { minMultiple, maxMultiple, period }) {
    const { ticker } = context.signal;
    const limit = `${text(minMultiple)} to ${text(maxMultiple)} average true ranges of ${period} days`;
    const stop = stopOf(context);
    if (stop === 'none') return notApplicable('There is no stop to measure.');
    const bars = context.market.dailyBars(ticker);
    const atr = bars && atrOf(bars, period);
    if (stop === null || atr === null || atr.lte('0')) {
      const inputs = { distance: stop && text(stop.distance), bars: bars?.length ?? null };
      const missing = stop === null ? 'the entry’s price' : `the average true range of ${ticker} over ${period} days`;
      return breach('RISK_STOP_NOISE', `${missing} is not known.`, inputs, limit);
    }
    const times = quotientText(stop.distance, atr, 2, rounding.halfAwayFromZero);
    const inputs = { distance: text(stop.distance), averageTrueRange: text(atr.round(4, 1)), multiple: times };
    const away = `the stop is ${text(stop.distance)} away, ${times} average true ranges of ${ticker}`;
    if (stop.distance.lt(atr.times(minMultiple))) {
      return breach('RISK_STOP_NOISE', `${away}, inside the noise: the least is ${text(minMultiple)}.`, inputs, limit);
    }
    if (stop.distance.gt(atr.times(maxMultiple))) {
      return breach('RISK_STOP_NOISE', `${away}, too far: the most is ${text(maxMultiple)}.`, inputs, limit);
    }
    return pass(`The stop is ${times} average true ranges away.`, inputs, limit);
  },
});
