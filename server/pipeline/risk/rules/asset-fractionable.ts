import { text, wholeShares } from '../../../core/decimal.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'asset-fractionable',
  order: 265,
  name: 'Parts of a share',
  says: 'An order that is not for whole shares is for something the broker sells in parts.',
  parameters: {},
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'reduce'],
  on: true,
  evaluate({ asset, sized, signal }) {
    const inputs = { quantity: text(sized.quantity), fractionable: asset?.fractionable ?? null };
    const whole = wholeShares(sized.quantity);
    if (whole.eq(sized.quantity)) return pass('The order is for whole shares.', inputs);
    if (asset?.fractionable) return pass(`${signal.ticker} is sold in parts.`, inputs);
    const sentence =
      asset === null
        ? `whether ${signal.ticker} is sold in parts is not known, and the order is for ${text(sized.quantity)}.`
        : `${signal.ticker} is not sold in parts, and the order is for ${text(sized.quantity)}.`;
    return breach('RISK_NOT_FRACTIONABLE', sentence, inputs, null, whole);
  },
});
