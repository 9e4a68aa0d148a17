import { text } from '../../../core/decimal.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import { breach, entryRule, pass } from '../rule.ts';

/**
 * A broker nets what an account holds in a symbol: one strategy long and another one short there would be no position at all, and each
 * one's stop would open what it means to close.
 */
export const rule = entryRule({
  key: 'other-strategy',
  order: 65,
  name: 'Other strategies',
  says: 'No entry goes against what another strategy holds, or is entering, in the same symbol of the same account.',
  parameters: {},
  scopes: ['everything'],
  severities: ['deny'],
  on: 'always',
  evaluate({ account, signal, sized }) {
    const against = (quantity: { lt(other: string): boolean; gt(other: string): boolean }) =>
      sized.side === 'buy' ? quantity.lt('0') : quantity.gt('0');
    const held = (account?.positions ?? [])
      .filter((position) => position.symbol === signal.ticker)
      .flatMap((position) => position.lots)
      .find((lot) => lot.strategy !== signal.strategy && against(lot.quantity));
    const way = sized.side === 'buy' ? 'short' : 'long';
    if (held) {
      const shares = `${text(held.quantity.abs())} ${signal.ticker} ${way}`;
      const inputs = { strategy: held.strategy, holds: text(held.quantity) };
      const whose =
        held.strategy === externalStrategy
          ? `${shares} in this account were bought by nobody here`
          : `the strategy ${held.strategy} holds ${shares} in this account`;
      return breach('RISK_OTHER_STRATEGY', `${whose}, and a broker nets the two.`, inputs);
    }
    const entering = (account?.openOrders ?? []).find(
      (order) =>
        order.role === 'entry' &&
        order.symbol === signal.ticker &&
        order.strategy !== signal.strategy &&
        order.side !== sized.side,
    );
    if (entering) {
      const inputs = { strategy: entering.strategy, order: entering.orderId };
      const sentence = `the strategy ${entering.strategy} is entering ${signal.ticker} ${way} in this account, and a broker nets the two.`;
      return breach('RISK_OTHER_STRATEGY', sentence, inputs);
    }
    return pass(`No other strategy is ${way} in ${signal.ticker} in this account.`, {});
  },
});
