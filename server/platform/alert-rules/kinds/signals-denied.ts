import { failureCount } from '../failure-count.ts';

export const kind = failureCount({
  key: 'signals-denied',
  name: 'Denied signals',
  says: 'The rules denied so many signals within so many minutes.',
  what: 'signals were denied by a rule',
  kinds: ['decision.denied'],
  account: 'allowed',
});
