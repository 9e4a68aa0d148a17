import { type Quantity, quantity, text } from '../../../core/decimal.ts';
import { noSize, sizingMethod, type Toward } from '../method.ts';

/** That the alert itself says where to be. */
export const towardPosition = (position: Quantity): Toward => ({
  found: 'position',
  position,
  sum: `the alert wants ${text(position)} held`,
  inputs: { targetPosition: text(position) },
});

export const method = sizingMethod({
  key: 'target-position',
  order: 70,
  name: 'Position to come to',
  says: 'The alert says where to be, by targetPosition or by the quantity of a buy or a sell; the order is the difference.',
  recordAs: 'target_position',
  parameters: {},
  toward({ signal }) {
    const { action, quantity: shares } = signal;
    if (shares === null || (action !== 'buy' && action !== 'sell')) return null;
    return towardPosition(quantity(action === 'buy' ? shares : shares.neg()));
  },
  wish() {
    return noSize('RISK_NO_SIZE', 'the alert names no position to come to.');
  },
});
