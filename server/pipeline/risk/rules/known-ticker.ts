import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'known-ticker',
  order: 50,
  appliesTo: 'all',
  says: 'The broker must know the ticker and trade it.',
  evaluate({ signal, asset }) {
    const inputs = { ticker: signal.ticker, name: asset?.name ?? null, tradable: asset?.tradable ?? null };
    if (asset === null)
      return deny('RISK_UNKNOWN_TICKER', `the broker does not know the ticker ${signal.ticker}.`, inputs);
    if (!asset.tradable)
      return deny('RISK_UNKNOWN_TICKER', `${asset.symbol} (${asset.name}) cannot be traded at the moment.`, inputs);
    return pass(`${asset.symbol} is ${asset.name}, and tradable.`, inputs);
  },
};
