import { text } from '../../../core/decimal.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/** A stop that the market has passed already would sell at once what was just bought. */
export const rule = entryRule({
  key: 'stop-side',
  order: 90,
  name: 'Sides of stop and target',
  says: 'The stop and the target must lie on their sides of the live market.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ quote, sized }) {
    const { stopLoss, takeProfit } = sized;
    if (quote === null || stopLoss === null) return notApplicable('There is no stop and quote to compare.');
    const inputs = {
      stopLoss: text(stopLoss),
      takeProfit: takeProfit && text(takeProfit),
      bid: text(quote.bid),
      ask: text(quote.ask),
    };
    const buy = sized.side === 'buy';
    if (buy ? stopLoss.gte(quote.bid) : stopLoss.lte(quote.ask)) {
      const market = buy ? `not below the bid ${text(quote.bid)}` : `not above the ask ${text(quote.ask)}`;
      return breach('RISK_STOP_SIDE', `the stop ${text(stopLoss)} is ${market}: it would be hit at once.`, inputs);
    }
    if (takeProfit && (buy ? takeProfit.lte(quote.ask) : takeProfit.gte(quote.bid))) {
      const market = buy ? `not above the ask ${text(quote.ask)}` : `not below the bid ${text(quote.bid)}`;
      return breach('RISK_STOP_SIDE', `the target ${text(takeProfit)} is ${market}: there is nothing to gain.`, inputs);
    }
    return pass(`The stop ${text(stopLoss)} is on its side of the market.`, inputs);
  },
});
