import { text } from '../../../core/decimal.ts';
import { seconds } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'live-quote',
  order: 70,
  name: 'Fresh quote',
  says: 'There must be a fresh quote to judge the entry by.',
  parameters: { maxAgeSeconds: seconds('Oldest quote', 60, 'lower', { min: 1, max: 86_400 }) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask'],
  on: 'always',
  evaluate({ quote, signal, now }, { maxAgeSeconds }) {
    const limit = `${maxAgeSeconds} s`;
    if (quote === null) {
      const sentence = `${signal.ticker} has no quote younger than ${limit}.`;
      return breach('RISK_NO_QUOTE', sentence, { bid: null, ask: null }, limit);
    }
    const ageMs = Math.max(0, now.getTime() - quote.at.getTime());
    const ageSeconds = Math.ceil(ageMs / 1000);
    const inputs = { bid: text(quote.bid), ask: text(quote.ask), ageSeconds };
    if (ageMs > maxAgeSeconds * 1000) {
      const sentence = `the last quote of ${signal.ticker} is ${ageSeconds} s old, the limit is ${limit}.`;
      return breach('RISK_NO_QUOTE', sentence, inputs, limit);
    }
    return pass(`${signal.ticker} is quoted ${text(quote.bid)} to ${text(quote.ask)}.`, inputs, limit);
  },
});
