import { type Big, text, wholeShares } from '../../../core/decimal.ts';
import type { OpenOrderView } from '../../../core/model/account-view.ts';
import { isPair } from '../../../core/pairs.ts';
import { breach, type EntryContext, entryRule, pass } from '../rule.ts';

/**
 * Alpaca’s table of wash trades: a market or a stop order on the other side of the symbol is always refused, a limit when it would trade. Orders
 * in groups, and stops that trail, are free of it; an entry with a stop or a target is sent as a group.
 */
export const rule = entryRule({
  key: 'wash-trade',
  order: 640,
  name: 'Trades with oneself',
  says: 'No entry is sent that would trade with an open order of this account on the other side of the ticker: the venue refuses it.',
  parameters: {},
  scopes: ['everything', 'account', 'symbol'],
  severities: ['deny', 'warn'],
  on: true,
  evaluate(context) {
    const { account, signal, sized } = context;
    const against = (account?.openOrders ?? []).filter(
      ({ symbol, side, status }) => symbol === signal.ticker && side !== sized.side && status !== 'held',
    );
    const price = reaches(context);
    for (const order of against) {
      const inputs = {
        order: order.orderId,
        type: order.type,
        limitPrice: order.limitPrice && text(order.limitPrice),
        reaches: price && text(price),
      };
      const what = `an open order to ${order.side} ${text(order.remaining)} ${order.symbol}`;
      const found = meets(order, price, context);
      if (found === null) {
        const sentence = `whether it would trade with ${what} is not known: there is no price to compare.`;
        return breach('RISK_WASH_TRADE', sentence, inputs);
      }
      if (found) return breach('RISK_WASH_TRADE', `it would trade with ${what} of this account.`, inputs);
    }
    return pass(`No open order in ${signal.ticker} would trade with it.`, { against: against.length });
  },
});

/** The furthest price it may trade at; null: neither the alert nor the market says one. */
function reaches({ sized, quote }: EntryContext): Big | null {
  const { referencePrice: own, side } = sized;
  const other = quote && (side === 'buy' ? quote.ask : quote.bid);
  if (own === null || other === null) return own ?? other;
  return (side === 'buy') === own.gt(other) ? own : other;
}

function meets(order: OpenOrderView, price: Big | null, { sized, signal }: EntryContext): boolean | null {
  const protectedOrder = sized.stopLoss !== null || sized.takeProfit !== null;
  // Coins and parts of a share are sent alone.
  const grouped = protectedOrder && !isPair(signal.ticker) && wholeShares(sized.quantity).eq(sized.quantity);
  if (order.type === 'market') return true;
  if (order.type === 'trailing_stop') return false;
  if (order.type === 'stop') return order.parentId === null && !grouped;
  // The limit of a stop counts once it is hit: until then it is not in the market.
  if (order.type === 'stop_limit' && (order.parentId !== null || grouped)) return false;
  if (order.limitPrice === null || price === null) return null;
  return sized.side === 'buy' ? price.gte(order.limitPrice) : price.lte(order.limitPrice);
}
