import { failureCount } from '../failure-count.ts';

export const kind = failureCount({
  key: 'alerts-refused',
  name: 'Refused alerts',
  says: 'So many alerts could not be read, or could not be decided, within so many minutes.',
  what: 'alerts were refused or failed',
  kinds: ['signal.refused', 'signal.failed'],
  account: 'none',
});
