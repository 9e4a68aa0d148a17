import { decimal, rounding, text } from '../../../core/decimal.ts';
import { percent, percentAbove, quotientText } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';
import { stopOf } from '../stop-of.ts';

const hundred = decimal('100');

/** A stop that is next to its entry makes a small risk a huge position, and a gap jumps over it; one far away is often a slip. */
export const rule = entryRule({
  key: 'stop-distance',
  order: 305,
  name: 'Distance of the stop',
  says: 'The stop is neither too near nor too far, as a share of the entry.',
  parameters: {
    minDistance: share('Nearest, of the entry', '0.001', 'higher'),
    maxDistance: share('Furthest, of the entry', '0.25', 'lower', { min: '0', max: '10' }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate(context, { minDistance, maxDistance }) {
    const limit = `${percent(minDistance)} to ${percent(maxDistance)} of the entry`;
    const stop = stopOf(context);
    if (stop === 'none') return notApplicable('There is no stop to measure.');
    if (stop === null) {
      return breach(
        'RISK_STOP_DISTANCE',
        'the distance of the stop is not known: there is no entry price.',
        { entry: null },
        limit,
      );
    }
    const { entry, distance } = stop;
    const inputs = {
      entry: text(entry),
      distance: text(distance),
      share: quotientText(distance, entry, 6, rounding.halfAwayFromZero),
    };
    if (distance.lt(entry.times(minDistance))) {
      const part = distance.div(entry);
      const sentence = `the stop is ${percentAbove(part, minDistance)} from the entry, the least is ${percent(minDistance)}.`;
      return breach('RISK_STOP_DISTANCE', sentence, inputs, limit);
    }
    if (distance.gt(entry.times(maxDistance))) {
      const part = distance.div(entry);
      const sentence = `the stop is ${percentAbove(part, maxDistance)} from the entry, the most is ${percent(maxDistance)}.`;
      return breach('RISK_STOP_DISTANCE', sentence, inputs, limit);
    }
    return pass(
      `The stop is ${quotientText(distance.times(hundred), entry, 1, rounding.halfAwayFromZero)} % from the entry.`,
      inputs,
      limit,
    );
  },
});
