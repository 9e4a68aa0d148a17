import { decimal, price, quantity, text } from '../../core/decimal.ts';
import { uuidOf } from '../../core/ids.ts';
import { cancelReason, type KillSwitch } from '../../core/model/kill-switch.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { HeldLot } from '../../core/ports/kill-switch-store.ts';
import type { OrderStore } from '../../core/ports/order-store.ts';
import { type OwnOrders, ownClientOrderId } from '../../core/ports/own-orders.ts';

/** The first and the longest wait between two exits of the same shares, when the first was refused or cancelled. */
const firstWaitMs = 2000;
const longestWaitMs = 30_000;

/**
 * Has a kill switch leave what is held, at market. An exit's id is a function of the switch, the shares and the try, so whoever asks for it
 * twice, after a crash or in two processes, asks for one; execution clears away what holds the shares and sends no more than is left.
 */
export function createLeave(parts: {
  readonly own: OwnOrders;
  readonly orders: Pick<OrderStore, 'find'>;
  readonly clock: Clock;
}): (lot: HeldLot, killSwitch: KillSwitch) => Promise<void> {
  /** How many tries are known to have ended. */
  const ended = new Map<string, number>();
  return async (lot, killSwitch) => {
    const { accountId, strategy, symbol } = lot;
    const name = `kill ${killSwitch.id} ${accountId} ${strategy} ${symbol}`;
    for (let nth = ended.get(name) ?? 0; ; nth++) {
      const orderId = uuidOf(`${name} ${nth}`);
      const tried = await parts.orders.find(orderId);
      if (tried === null) {
        await parts.own.placeOwn({
          ...{ orderId, clientOrderId: ownClientOrderId(orderId), accountId, strategy, symbol, mode: lot.mode },
          ...{ origin: 'flatten', role: 'exit', type: 'market', timeInForce: 'day' },
          ...{ limitPrice: null, stopPrice: null, trail: null, signalId: null },
          side: lot.quantity.lt('0') ? 'buy' : 'sell',
          quantity: quantity(lot.quantity.abs()),
          referencePrice: price(lot.cost.div(lot.quantity).abs().round(4)),
          cause: `${cancelReason(killSwitch)} ${text(decimal(lot.quantity.abs()))} ${symbol} are closed at market.`,
        });
        return;
      }
      if (!isTerminal(tried.status)) return;
      const waitMs = Math.min(firstWaitMs * 2 ** Math.min(nth, 10), longestWaitMs);
      if (parts.clock.now().getTime() - tried.createdAt.getTime() < waitMs) return;
      ended.set(name, nth + 1);
    }
  };
}
