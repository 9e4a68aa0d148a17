import { countsFrom } from '../../../core/model/signal.ts';
import { seconds } from '../parameters.ts';
import { breach, orderRule, pass } from '../rule.ts';

/**
 * An alert that comes late speaks of another market. Exits are held to it as well: one that is hours old may close a position that was opened
 * since.
 */
export const rule = orderRule({
  key: 'alert-age',
  order: 40,
  name: 'Age of the alert',
  says: 'An alert older than the limit, by its own clock or else since it was received, is not carried out; nor one from the future.',
  parameters: {
    maxAgeSeconds: seconds('Oldest alert', 300, 'lower', { min: 1, max: 86_400 }),
    maxSkewSeconds: seconds('Furthest a sender’s clock may be ahead of ours', 60, 'lower', { min: 0, max: 3600 }),
  },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'ask'],
  on: 'always',
  evaluate({ signal, receivedAt, now, askedAt }, { maxAgeSeconds, maxSkewSeconds }) {
    const from = countsFrom(signal, receivedAt);
    // What people have said yes to was young enough when they were asked: how long they may take is another setting's.
    const ageMs = (askedAt ?? now).getTime() - from.getTime();
    // Rounded up: an alert that is refused for its age is never shown to be as old as the limit.
    const ageSeconds = Math.ceil(ageMs / 1000);
    const limit = `${maxAgeSeconds} s`;
    const inputs = {
      firedAt: from.toISOString(),
      by: signal.firedAt ? 'alert' : 'receipt',
      ageSeconds,
      ...(signal.delaySeconds > 0 && { delaySeconds: signal.delaySeconds }),
    };
    if (ageMs > maxAgeSeconds * 1000) {
      return breach('RISK_ALERT_AGE', `the alert is ${ageSeconds} s old, the limit is ${limit}.`, inputs, limit);
    }
    if (ageMs < -maxSkewSeconds * 1000) {
      const ahead = Math.ceil(-ageMs / 1000);
      const sentence = `the alert's time lies ${ahead} s in the future; is its clock right?`;
      return breach('RISK_ALERT_AGE', sentence, inputs, limit);
    }
    return pass(`The alert is ${Math.max(0, ageSeconds)} s old.`, inputs, limit);
  },
});
