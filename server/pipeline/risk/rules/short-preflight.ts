import { text, wholeShares } from '../../../core/decimal.ts';
import { isPair } from '../../../core/pairs.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/** Whether the ticker can be borrowed at all is said by `asset-shortable`. */
export const rule = entryRule({
  key: 'short-preflight',
  order: 650,
  name: 'Short sale as the venue takes it',
  says: 'A short is for whole shares, of no coin, of an asset that is known, and not sold while a buy of the ticker is open or shares are held: the venue refuses the rest.',
  parameters: {},
  scopes: ['everything', 'account', 'symbol'],
  severities: ['deny', 'reduce'],
  on: true,
  evaluate({ account, asset, signal, sized }) {
    if (sized.side !== 'sell') return notApplicable('It is no short sale.');
    const { ticker } = signal;
    const held = account?.positions.find(({ symbol, quantity }) => symbol === ticker && quantity.gt('0'));
    const buying = account?.openOrders.find(
      ({ symbol, side, role }) => symbol === ticker && side === 'buy' && role === 'entry',
    );
    const inputs = {
      quantity: text(sized.quantity),
      shortable: asset?.shortable ?? null,
      held: held ? text(held.quantity) : null,
      buying: buying?.orderId ?? null,
    };
    if (isPair(ticker)) return breach('RISK_SHORT_NOT_TAKEN', 'coins cannot be sold short.', inputs);
    if (asset === null)
      return breach('RISK_SHORT_NOT_TAKEN', `whether ${ticker} can be sold short is not known.`, inputs);
    if (!asset.shortable) return breach('RISK_SHORT_NOT_TAKEN', `${ticker} cannot be sold short.`, inputs);
    if (held) {
      const sentence = `${text(held.quantity)} ${ticker} are held: a sale closes them, and opens no short.`;
      return breach('RISK_SHORT_NOT_TAKEN', sentence, inputs);
    }
    if (buying) {
      const sentence = `a buy of ${text(buying.remaining)} ${ticker} is open, and the venue opens no short beside it.`;
      return breach('RISK_SHORT_NOT_TAKEN', sentence, inputs);
    }
    const whole = wholeShares(sized.quantity);
    if (!whole.eq(sized.quantity)) {
      const sentence = `a short is for whole shares, and the order is for ${text(sized.quantity)}.`;
      return breach('RISK_SHORT_NOT_TAKEN', sentence, inputs, null, whole);
    }
    return pass(`A short of ${text(sized.quantity)} ${ticker} is as the venue takes it.`, inputs);
  },
});
