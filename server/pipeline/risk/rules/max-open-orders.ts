import { counted } from '../../../core/counted.ts';
import { count } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Protective legs do not count: they come with their entry. */
export const rule = entryRule({
  key: 'max-open-orders',
  order: 130,
  name: 'Open orders',
  says: 'Only so many entries and exits may be open at once; of a strategy or a symbol, its own.',
  parameters: { maxOrders: count('Most orders open at once', 50, 'lower', { min: 1, max: 100_000 }) },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ account }, { maxOrders }, scope) {
    const open = (account?.openOrders ?? []).filter(
      (order) =>
        (order.role === 'entry' || order.role === 'exit') &&
        (scope.kind !== 'strategy' || order.strategy === scope.name) &&
        (scope.kind !== 'symbol' || order.symbol === scope.name),
    ).length;
    const limit = String(maxOrders);
    const said = counted(open, 'order is open', 'orders are open');
    if (open >= maxOrders) {
      return breach('RISK_MAX_OPEN_ORDERS', `${said}, the limit is ${limit}.`, { open }, limit);
    }
    return pass(`${said}.`, { open }, limit);
  },
});
