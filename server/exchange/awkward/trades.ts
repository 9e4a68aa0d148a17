import type { VenueExecution } from '../venue/model.ts';
import { dollars } from '../venue/money.ts';
import { qtyText } from '../venue/quantity.ts';
import type { VenueState } from '../venue/state.ts';

type Ended = NonNullable<VenueExecution['corrects']>['kind'];

/**
 * The newest trades, newest first, with what has become of each. Those that were put in place of others are among them; a trade that is
 * taken back stays, and its taking back is no trade of its own.
 */
export function latestTrades(state: VenueState, limit: number): Record<string, unknown>[] {
  const trades: Record<string, unknown>[] = [];
  // What ends a trade comes after it: it has been met by then.
  const ended = new Map<string, Ended>();
  for (let at = state.executions.length - 1; at >= 0 && trades.length < limit; at--) {
    const execution = state.executions[at]!;
    if (execution.corrects) ended.set(execution.corrects.executionId, execution.corrects.kind);
    if (execution.corrects?.kind !== 'bust') trades.push(tradeJson(state, execution, ended.get(execution.id)));
  }
  return trades;
}

function tradeJson(state: VenueState, execution: VenueExecution, ended: Ended | undefined): Record<string, unknown> {
  const { id, accountId, orderId, symbol, side, qty, price, corrects, at } = execution;
  const order = state.orders.get(orderId);
  return {
    ...{ id, orderId, symbol, side, at },
    accountNumber: state.accounts.get(accountId)?.number ?? null,
    quantity: qtyText(symbol, qty),
    price: dollars(price),
    replaces: corrects?.executionId ?? null,
    state: ended === undefined ? 'stands' : ended === 'bust' ? 'taken_back' : 'changed',
    correctable: ended === undefined && order !== undefined && order.notional === null,
  };
}
