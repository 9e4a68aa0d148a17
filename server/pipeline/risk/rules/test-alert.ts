import { text } from '../../../core/decimal.ts';
import { breach, notApplicable, orderRule } from '../rule.ts';

/** Asked last: what else keeps the order back is the better answer to a test. */
export const rule = orderRule({
  key: 'test-alert',
  order: 9999,
  name: 'Test',
  says: 'Of an alert that calls itself a test everything is worked out and asked, and nothing is sent.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ signal, sized }) {
    if (!signal.test) return notApplicable('The alert is no test.');
    const { side, quantity } = sized;
    const what = side === null ? 'change orders that are there' : `${side} ${text(quantity)} ${signal.ticker}`;
    const inputs = { test: true, side, quantity: text(quantity) };
    return breach('RISK_TEST_ALERT', `it is a test, which would ${what}: nothing else is against it.`, inputs);
  },
});
