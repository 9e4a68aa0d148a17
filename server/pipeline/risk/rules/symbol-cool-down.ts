import { type Big, money, zeroMoney } from '../../../core/decimal.ts';
import { amount } from '../figures.ts';
import { amountOf, count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Of all strategies together: it is the ticker that hurts. */
export const rule = entryRule({
  key: 'symbol-cool-down',
  order: 600,
  name: 'Loss in a ticker',
  says: 'When closed trades in a ticker have lost so much within some minutes, wins taken off, nothing is entered in it until they are that long ago.',
  parameters: {
    maxLoss: amountOf('Largest loss in one ticker', '500', 'lower'),
    minutes: count('Within so many minutes', 1440, 'higher', { min: 1, max: 525_600 }),
  },
  scopes: ['everything', 'account', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate({ activity, signal, now }, { maxLoss, minutes }) {
    const { ticker } = signal;
    const since = now.getTime() - minutes * 60_000;
    let worst: Big = zeroMoney;
    let sum: Big = zeroMoney;
    let trades = 0;
    // The newest first: the largest loss of any span that ends now, so that a longer look back never sees less.
    for (const trade of activity.trades) {
      if (trade.symbol !== ticker || trade.closedAt.getTime() <= since) continue;
      trades++;
      sum = sum.minus(trade.profit);
      if (sum.gt(worst)) worst = sum;
    }
    const limit = `${amount(maxLoss)} in ${minutes} min`;
    const inputs = { ticker, trades, lost: amount(money(worst)) };
    if (trades > 0 && worst.gt('0') && worst.gte(maxLoss)) {
      const sentence = `${amount(worst)} were lost in ${ticker} within ${minutes} minutes, the limit is ${amount(maxLoss)}.`;
      return breach('RISK_SYMBOL_LOSS', sentence, inputs, limit);
    }
    return pass(`${amount(worst)} were lost in ${ticker} within ${minutes} minutes.`, inputs, limit);
  },
});
