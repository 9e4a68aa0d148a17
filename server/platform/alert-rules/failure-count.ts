import { count } from '../../core/parameters.ts';
import { type AlertKind, alertKind } from './kind.ts';
import type { Failure } from './readings.ts';

const minuteMs = 60_000;

/** A kind of rule that counts what went wrong in the last minutes. `what`: "orders were refused by the broker". */
export function failureCount(shape: {
  readonly key: string;
  readonly name: string;
  readonly says: string;
  readonly what: string;
  readonly kinds: readonly Failure[];
  readonly account: 'allowed' | 'none';
}): AlertKind {
  const { key, name, says, what, kinds, account } = shape;
  return alertKind({
    key,
    name,
    says,
    scope: { account, strategy: 'none', symbol: 'none' },
    parameters: {
      most: count('So many or more', 3, null, { min: 1, max: 100_000 }),
      minutes: count('Within minutes', 10, null, { min: 1, max: 1440 }),
    },
    ends: 'holds',
    everyQuote: false,
    async look(readings, { values, scope, since }) {
      const now = readings.now();
      // What happened before anybody asked is no news.
      const from = new Date(Math.max(now.getTime() - values.minutes * minuteMs, since.getTime()));
      const times = await readings.failures(kinds, scope.accountId, from, now);
      const sentence = `${times.length} ${what} within ${values.minutes} minutes; the limit is ${values.most}.`;
      return { kind: times.length >= values.most ? 'holds' : 'over', value: String(times.length), sentence };
    },
    async past(readings, { values, scope }, from, until) {
      const spanMs = values.minutes * minuteMs;
      const times = await readings.failures(kinds, scope.accountId, new Date(from.getTime() - spanMs), until);
      const began: Date[] = [];
      let holdsUntilMs = 0;
      for (const [at, time] of times.entries()) {
        const first = times[at - values.most + 1];
        if (first === undefined || time.getTime() - first.getTime() > spanMs) continue;
        if (time.getTime() > holdsUntilMs && time >= from) began.push(time);
        // It holds until the first of those that make the limit is too old.
        holdsUntilMs = Math.max(holdsUntilMs, first.getTime() + spanMs);
      }
      return began;
    },
  });
}
