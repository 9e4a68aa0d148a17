import { type Price, text } from '../../../core/decimal.ts';
import { breach, type EntryContext, entryRule, type Finding, notApplicable, pass } from '../rule.ts';

/** An entry that waits for the market is filled where it waits: its stop and its target are on their sides of that. */
function ofResting({ side, stopLoss, takeProfit }: EntryContext['sized'], at: Price, inputs: Inputs): Finding {
  const buy = side === 'buy';
  const seen = { ...inputs, restsAt: text(at) };
  const where = `the price ${text(at)} that the entry waits at`;
  if (stopLoss && (buy ? stopLoss.gte(at) : stopLoss.lte(at))) {
    const sentence = `the stop ${text(stopLoss)} is not ${buy ? 'below' : 'above'} ${where}: it would be hit at once.`;
    return breach('RISK_STOP_SIDE', sentence, seen);
  }
  if (takeProfit && (buy ? takeProfit.lte(at) : takeProfit.gte(at))) {
    const sentence = `the target ${text(takeProfit)} is not ${buy ? 'above' : 'below'} ${where}: there is nothing to gain.`;
    return breach('RISK_STOP_SIDE', sentence, seen);
  }
  return pass(`The stop is on its side of ${where}.`, seen);
}

type Inputs = Parameters<typeof pass>[1];

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
    const { stopLoss, takeProfit, restsAt } = sized;
    if (quote === null || stopLoss === null) return notApplicable('There is no stop and quote to compare.');
    const inputs = {
      stopLoss: text(stopLoss),
      takeProfit: takeProfit && text(takeProfit),
      bid: text(quote.bid),
      ask: text(quote.ask),
    };
    const buy = sized.side === 'buy';
    if (restsAt) return ofResting(sized, restsAt, inputs);
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
