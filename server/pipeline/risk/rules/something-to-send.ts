import { text } from '../../../core/decimal.ts';
import { breach, orderRule, pass } from '../rule.ts';

/** What sizing found wrong becomes a refusal here, in its words: no price, no stop, less than a share, nothing to close, no shorts. */
export const rule = orderRule({
  key: 'something-to-send',
  order: 60,
  name: 'Something to send',
  says: 'The risk amount must buy at least one share, and a sell needs a position or leave to go short.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ sized, signal, asset }) {
    const inputs = {
      intent: sized.intent,
      quantity: text(sized.quantity),
      riskAmount: signal.riskAmount && text(signal.riskAmount),
    };
    if (sized.problem) return breach(sized.problem.code, sized.problem.sentence.replace(/^Not sent: /, ''), inputs);
    if (sized.intent === 'entry' && sized.side === 'sell' && asset && !asset.shortable) {
      return breach('RISK_SHORT_NOT_ALLOWED', `the broker does not lend ${signal.ticker} for a short sale.`, inputs);
    }
    if (sized.side === null) return pass('It changes orders that are there, and sends none.', inputs);
    return pass(`${sized.side === 'buy' ? 'Buys' : 'Sells'} ${text(sized.quantity)} ${signal.ticker}.`, inputs);
  },
});
