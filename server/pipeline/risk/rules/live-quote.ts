import { text } from '../../../core/decimal.ts';
import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'live-quote',
  order: 70,
  appliesTo: 'entries',
  says: 'There must be a fresh quote to judge the entry by.',
  evaluate({ quote, signal, now, limits }) {
    const limit = `${limits.maxQuoteAgeSeconds} s`;
    if (quote === null)
      return deny(
        'RISK_NO_QUOTE',
        `${signal.ticker} has no quote younger than ${limit}.`,
        { bid: null, ask: null },
        limit,
      );
    const ageMs = Math.max(0, now.getTime() - quote.at.getTime());
    const ageSeconds = Math.ceil(ageMs / 1000);
    const inputs = { bid: text(quote.bid), ask: text(quote.ask), ageSeconds };
    if (ageMs > limits.maxQuoteAgeSeconds * 1000) {
      return deny(
        'RISK_NO_QUOTE',
        `the last quote of ${signal.ticker} is ${ageSeconds} s old, the limit is ${limit}.`,
        inputs,
        limit,
      );
    }
    return pass(`${signal.ticker} is quoted ${text(quote.bid)} to ${text(quote.ask)}.`, inputs, limit);
  },
};
