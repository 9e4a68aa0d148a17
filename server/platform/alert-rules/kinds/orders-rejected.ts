import { failureCount } from '../failure-count.ts';

export const kind = failureCount({
  key: 'orders-rejected',
  name: 'Rejected orders',
  says: 'The broker, or a check before it, rejected so many orders within so many minutes.',
  what: 'orders were rejected',
  kinds: ['order.rejected'],
  account: 'allowed',
});
