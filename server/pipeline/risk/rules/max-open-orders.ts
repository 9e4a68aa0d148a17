import { deny, pass, type Rule } from '../rule.ts';

/** Protective legs do not count: they come with their entry. */
export const rule: Rule = {
  key: 'max-open-orders',
  order: 130,
  appliesTo: 'entries',
  limit: 'maxOpenOrders',
  says: 'Only so many entries and exits may be open at once.',
  evaluate({ account, limits }) {
    const open = (account?.openOrders ?? []).filter((order) => order.role === 'entry' || order.role === 'exit').length;
    const limit = String(limits.maxOpenOrders);
    if (open >= limits.maxOpenOrders) {
      return deny('RISK_MAX_OPEN_ORDERS', `${open} orders are open, the limit is ${limit}.`, { open }, limit);
    }
    return pass(`${open} orders are open.`, { open }, limit);
  },
};
