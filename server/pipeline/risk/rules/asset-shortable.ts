import { flag } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/**
 * Shares that are hard to borrow cost fees by the day, and may be called back at any time. Off until somebody wants it: what the broker does not
 * lend at all is refused without it (something-to-send, short-preflight), so that this is about the price of a loan, and a broker that does not say
 * what is easy to borrow would have every short refused.
 */
export const rule = entryRule({
  key: 'asset-shortable',
  order: 260,
  name: 'Shares to borrow',
  says: 'A short is opened in what the broker lends, and lends at once.',
  parameters: { easyToBorrow: flag('Whether it must be easy to borrow', true) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ asset, sized, signal }, { easyToBorrow }) {
    const { ticker } = signal;
    if (sized.side === 'buy') return notApplicable('Nothing is borrowed for a buy.');
    if (asset === null) {
      return breach('RISK_HARD_TO_BORROW', `whether ${ticker} can be borrowed is not known.`, { shortable: null });
    }
    const inputs = { shortable: asset.shortable, easyToBorrow: asset.easyToBorrow ?? null };
    if (!asset.shortable) return breach('RISK_HARD_TO_BORROW', `the broker does not lend ${ticker}.`, inputs);
    if (!easyToBorrow) return pass(`The broker lends ${ticker}.`, inputs);
    if (asset.easyToBorrow === undefined) {
      return breach('RISK_HARD_TO_BORROW', `whether ${ticker} is easy to borrow is not known.`, inputs);
    }
    if (asset.easyToBorrow) return pass(`${ticker} is easy to borrow.`, inputs);
    return breach('RISK_HARD_TO_BORROW', `${ticker} is hard to borrow.`, inputs);
  },
});
