import { type Big, decimal, maximum, minimum, text } from '../../../core/decimal.ts';
import type { Quote } from '../../../core/model/market.ts';
import { isPair } from '../../../core/pairs.ts';
import { amountOf } from '../parameters.ts';
import { breach, type EntryContext, entryRule, type Finding, notApplicable, pass } from '../rule.ts';

/** Whether a price is on the grid of US venues: cents from a dollar on, hundredths of a cent below (SEC rule 612). */
const onGrid = (price: Big): boolean => price.round(price.gte('1') ? 2 : 4, 0).eq(price);
const zero = decimal('0');

/** What a stop (or a target) of an entry that rests is held against. */
function restingBase({ terms, side }: EntryContext['sized'], restsAt: Big, quote: Quote, below: boolean): Big {
  const better = side === 'buy' ? minimum<Big>(restsAt, quote.bid) : maximum<Big>(restsAt, quote.ask);
  return terms?.type === 'limit' && below === (side === 'buy') ? better : restsAt;
}

/**
 * What Alpaca takes as a bracket: `stop_loss.stop_price must be <= base_price - 0.01`, `take_profit.limit_price must be >= base_price + 0.01`, the
 * other way around for shorts, and no price between two ticks. The base is the entry’s limit or the market, so that both are kept to.
 */
export const rule = entryRule({
  key: 'bracket-geometry',
  order: 670,
  name: 'Stop and target as the venue takes them',
  says: 'Stop and targets must be on the venue’s price grid and at least a cent beyond the entry and the market, each on its side.',
  parameters: { leastGap: amountOf('Least distance from the entry and the market', '0.01', 'higher', { min: '0.01' }) },
  scopes: ['everything', 'account', 'symbol'],
  severities: ['deny'],
  on: true,
  evaluate({ sized, quote, signal }, { leastGap }): Finding {
    const { stopLoss, takeProfit, referencePrice, restsAt, side, targets } = sized;
    const goals = (targets?.length ? targets.map((one) => one.price) : [takeProfit]).filter((one) => one !== null);
    if (stopLoss === null && goals.length === 0) return notApplicable('It has no stop and no target.');
    if (isPair(signal.ticker)) return notApplicable('Coins are not sent with a stop or a target in one order.');
    const inputs = {
      stopLoss: stopLoss && text(stopLoss),
      targets: goals.map((one) => text(one)).join(', '),
      entry: referencePrice && text(referencePrice),
      bid: quote && text(quote.bid),
      ask: quote && text(quote.ask),
    };
    const limit = `${text(leastGap)} beyond`;
    const refused = (sentence: string): Finding => breach('RISK_BRACKET_NOT_TAKEN', sentence, inputs, limit);
    if (referencePrice === null || quote === null)
      return refused('whether the venue takes the stop and the target is not known: there is no price to compare.');
    for (const [what, price] of [['stop', stopLoss] as const, ...goals.map((one) => ['target', one] as const)]) {
      if (price === null) continue;
      if (price.lte(zero)) return refused(`the ${what} ${text(price)} is not above zero.`);
      if (!onGrid(price)) return refused(`the ${what} ${text(price)} lies between two ticks of the venue.`);
      // The stop of a long and the target of a short lie below.
      const below = (what === 'stop') === (side === 'buy');
      // What rests is filled where it rests; a limit that the market is better than is filled at the market.
      const market = below ? minimum<Big>(referencePrice, quote.bid) : maximum<Big>(referencePrice, quote.ask);
      const base = restsAt ? restingBase(sized, restsAt, quote, below) : market;
      const gap = below ? base.minus(price) : price.minus(base);
      if (gap.lt(leastGap)) {
        const where = below ? 'below' : 'above';
        return refused(`the ${what} ${text(price)} is not at least ${text(leastGap)} ${where} ${text(base)}.`);
      }
    }
    return pass('The venue takes the stop and the target where they are.', inputs, limit);
  },
});
