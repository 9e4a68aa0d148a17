import { decimal, quantity, text } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { byRisk, noSize, percentOf, sizingMethod } from '../method.ts';

const one = decimal('1');

export const method = sizingMethod({
  key: 'percent-of-position',
  order: 60,
  name: 'Part of the position',
  says: 'Scales in and out: an alert on the side that is held adds a part of it, one against it closes a part. The first entry is sized by the alert.',
  recordAs: 'percent_of_position',
  parameters: {
    scaleIn: share('Part of the position that is added', '0.5', 'lower', { min: '0', max: '10' }),
    scaleOut: share('Part of the position that is closed', '0.5', 'higher', { min: '0', max: '1' }),
  },
  toward({ signal, holding: { held } }, { scaleIn, scaleOut }) {
    const scales = signal.action === 'buy' || signal.action === 'sell' || signal.action === 'add';
    // A quantity that the alert names is the size. With nothing filled there is nothing to take a part of.
    if (!scales || signal.quantity !== null || held.eq('0')) return null;
    const way = held.gt('0') ? 'buy' : 'sell';
    const adds = signal.action === 'add' || signal.side === way;
    const part = adds ? scaleIn : scaleOut;
    return {
      found: 'position',
      position: quantity(held.times(adds ? one.plus(part) : one.minus(part))),
      sum: `${percentOf(part)} ${adds ? 'more' : 'less'} of the ${text(held.abs())} held`,
      inputs: { held: text(held), [adds ? 'scaleIn' : 'scaleOut']: text(part) },
    };
  },
  wish(facts) {
    const { riskAmount } = facts.context.signal;
    if (riskAmount) return byRisk(facts, riskAmount);
    return noSize(
      'RISK_NO_SIZE',
      'nothing is held to take a part of, and the alert names neither a risk nor a quantity.',
    );
  },
});
