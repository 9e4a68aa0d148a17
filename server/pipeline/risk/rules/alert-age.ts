import { deny, pass, type Rule } from '../rule.ts';

const forgivenMs = 60_000;

/**
 * An alert that comes late speaks of another market. Exits are held to it as well: one that is hours old may close a position that was opened
 * since. A clock ahead of ours by up to a minute is forgiven.
 */
export const rule: Rule = {
  key: 'alert-age',
  order: 40,
  appliesTo: 'all',
  says: 'An alert older than the limit, by its own clock or else since it was received, is not carried out.',
  evaluate({ signal, receivedAt, now, limits }) {
    const from = signal.firedAt ?? receivedAt;
    const ageMs = now.getTime() - from.getTime();
    // Rounded up: an alert that is refused for its age is never shown to be as old as the limit.
    const ageSeconds = Math.ceil(ageMs / 1000);
    const limit = `${limits.maxAlertAgeSeconds} s`;
    const inputs = { firedAt: from.toISOString(), by: signal.firedAt ? 'alert' : 'receipt', ageSeconds };
    if (ageMs > limits.maxAlertAgeSeconds * 1000) {
      return deny('RISK_ALERT_AGE', `the alert is ${ageSeconds} s old, the limit is ${limit}.`, inputs, limit);
    }
    if (ageMs < -forgivenMs) {
      const ahead = Math.ceil(-ageMs / 1000);
      return deny(
        'RISK_ALERT_AGE',
        `the alert's time lies ${ahead} s in the future; is its clock right?`,
        inputs,
        limit,
      );
    }
    return pass(`The alert is ${Math.max(0, ageSeconds)} s old.`, inputs, limit);
  },
};
