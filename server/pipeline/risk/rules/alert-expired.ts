import { breach, notApplicable, orderRule, pass } from '../rule.ts';

/** The alert's author knows best when it is of no use any more. */
export const rule = orderRule({
  key: 'alert-expired',
  order: 45,
  name: 'Expiry of the alert',
  says: 'An alert that says when it expires is not carried out after that.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ signal: { expiresAt }, now }) {
    if (expiresAt === null) return notApplicable('The alert does not say when it expires.');
    const inputs = { expiresAt: expiresAt.toISOString(), now: now.toISOString() };
    if (now.getTime() < expiresAt.getTime()) return pass('The alert has not expired.', inputs);
    const sentence = `the alert expired at ${expiresAt.toISOString()}, and it is ${now.toISOString()}.`;
    return breach('RISK_ALERT_EXPIRED', sentence, inputs);
  },
});
