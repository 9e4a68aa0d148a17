import { breach, orderRule, pass } from '../rule.ts';

export const rule = orderRule({
  key: 'known-ticker',
  order: 50,
  name: 'Known ticker',
  says: 'The broker must know the ticker and trade it.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ signal, asset }) {
    const inputs = { ticker: signal.ticker, name: asset?.name ?? null, tradable: asset?.tradable ?? null };
    if (asset === null)
      return breach('RISK_UNKNOWN_TICKER', `the broker does not know the ticker ${signal.ticker}.`, inputs);
    if (!asset.tradable)
      return breach('RISK_UNKNOWN_TICKER', `${asset.symbol} (${asset.name}) cannot be traded at the moment.`, inputs);
    return pass(`${asset.symbol} is ${asset.name}, and tradable.`, inputs);
  },
});
