import { dollars } from '../venue/money.ts';
import { qtyText } from '../venue/quantity.ts';
import type { VenueState } from '../venue/state.ts';

/**
 * The newest trades, newest first, with what has become of each. Those that were put in place of others are among them; a trade that is
 * taken back stays, and its taking back is no trade of its own.
 */
export function latestTrades(state: VenueState, limit: number): Record<string, unknown>[] {
  const endedBy = new Map(
    state.executions.flatMap(({ corrects }) => (corrects ? [[corrects.executionId, corrects.kind]] : [])),
  );
  return state.executions
    .filter((execution) => execution.corrects?.kind !== 'bust')
    .slice(-limit)
    .reverse()
    .map((execution) => {
      const { id, accountId, orderId, symbol, side, corrects, at } = execution;
      const order = state.orders.get(orderId);
      const ended = endedBy.get(id);
      return {
        ...{ id, orderId, symbol, side, at },
        accountNumber: state.accounts.get(accountId)?.number ?? null,
        quantity: qtyText(symbol, execution.qty),
        price: dollars(execution.price),
        replaces: corrects?.executionId ?? null,
        state: ended === undefined ? 'stands' : ended === 'bust' ? 'taken_back' : 'changed',
        correctable: ended === undefined && order !== undefined && order.notional === null,
      };
    });
}
