import { money } from '../../../core/decimal.ts';
import { marketZone, startOfDay } from '../../../core/zoned-day.ts';
import { ExactSum } from '../exact-sum.ts';
import { bookOf } from '../exposure.ts';
import { amount, percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** What it has closed today and what its lots stand at against what they cost. */
export const rule = entryRule({
  key: 'strategy-daily-loss',
  order: 610,
  name: 'Loss of a strategy’s day',
  says: 'After a strategy has lost a share of equity today, by trades it closed and by what it holds against its cost, it enters nothing until the next New York day.',
  parameters: { maxShareOfEquity: share('Largest loss of a strategy, as a share of equity', '0.02', 'lower') },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity }) {
    const { activity, equity, signal, now } = context;
    const { strategy } = signal;
    const limitText = `${percent(maxShareOfEquity)} of equity`;
    const from = startOfDay(now, marketZone).getTime();
    const closed = new ExactSum();
    for (const trade of activity.trades)
      if (trade.strategy === strategy && trade.closedAt.getTime() >= from) closed.add(trade.profit);
    const standing = new ExactSum();
    for (const { symbol, quantity, cost, last } of bookOf(context).lotsOf(strategy)) {
      if (last === null) {
        const sentence = `what ${strategy} has lost today is not known: ${symbol} has no price.`;
        const inputs = { strategy, realized: amount(closed.value), open: null };
        return breach('RISK_STRATEGY_LOSS', sentence, inputs, limitText);
      }
      standing.addProduct(quantity, last);
      standing.add(quantity.s === 1 ? money(cost.neg()) : cost);
    }
    const [realized, open] = [closed.value, standing.value];
    const loss = realized.plus(open).neg();
    const limit = equity.times(maxShareOfEquity);
    const inputs = {
      strategy,
      realized: amount(realized),
      open: amount(open),
      loss: amount(loss),
      equity: amount(equity),
    };
    // Exactly at the limit is over it, as for the account's day; a strategy that has lost nothing goes on.
    if (equity.lte('0') || (loss.gt('0') && loss.gte(limit))) {
      const sentence = `${strategy} has lost ${amount(loss)} today, the limit is ${amount(limit)}.`;
      return breach('RISK_STRATEGY_LOSS', sentence, inputs, limitText);
    }
    return pass(`${strategy} stands at ${amount(loss.neg())} today.`, inputs, limitText);
  },
});
