import { streaming } from '@alpacahq/alpaca-trade-api';
import { price, quantity, zeroMoney } from '../../../core/decimal.ts';
import type { BrokerFill, BrokerOrder, BrokerUpdate } from '../../../core/model/broker-order.ts';
import type { BrokerStream, BrokerStreamHandlers } from '../../../core/ports/broker.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import { correctionOf, need, toBrokerOrder } from './order-mapping.ts';

export interface StreamOptions {
  readonly url: string;
  readonly keyId: string;
  readonly secretKey: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The SDK gives up for good when its keys are refused; a venue that is just starting refuses them too. */
const retryRefusedAfterMs = 15_000;

/**
 * Follows `trade_updates` until closed. `onConnected` comes when the venue has confirmed the subscription, not before: what
 * happens after that is told. The SDK swallows what a listener throws, so every handler is guarded and logged here.
 */
export function openStream(options: StreamOptions, handlers: BrokerStreamHandlers): BrokerStream {
  const { clock, log } = options;
  let current: streaming.TradingStream | null = null;
  let retry: Timer | null = null;
  let closed = false;
  let connected = false;
  let lastError = 'the connection ended';

  const guarded = (what: string, task: () => void): void => {
    try {
      task();
    } catch (error) {
      log.error({ error }, `the broker's stream: ${what} failed`);
    }
  };
  const connect = (): void => {
    const stream = new streaming.TradingStream({
      url: options.url,
      credentials: { keyId: options.keyId, secret: options.secretKey },
      maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
      initialReconnectMs: 250,
      maxReconnectMs: 10_000,
    });
    current = stream;
    stream.on(streaming.EVENT.SUBSCRIPTION, () => {
      if (closed || connected) return;
      connected = true;
      guarded('onConnected', () => handlers.onConnected());
    });
    stream.onTradeUpdate((update) => {
      if (closed) return;
      guarded('onUpdate', () => handlers.onUpdate(toUpdate(update, clock)));
    });
    stream.onError((message) => {
      lastError = message;
      log.debug({ message }, "the broker's stream has a problem");
    });
    stream.onDisconnect(() => {
      if (closed) return;
      if (connected) guarded('onDisconnected', () => handlers.onDisconnected(lastError));
      connected = false;
    });
    void stream.whenAuthenticated().then((result) => {
      if (closed || result.status !== streaming.STREAM_AUTH_STATUS.SERVER_REJECTED) return;
      log.warn({ reason: result.message }, 'the broker refuses our keys for its stream');
      guarded('onDisconnected', () => handlers.onDisconnected(`the broker refuses our keys: ${result.message}`));
      retry = clock.after(retryRefusedAfterMs, connect);
    });
    stream.subscribeTradeUpdates();
    stream.connect();
  };
  connect();

  return {
    async close() {
      closed = true;
      retry?.cancel();
      current?.disconnect();
    },
  };
}

function toUpdate(update: streaming.TradeUpdate, clock: Clock): BrokerUpdate {
  const order = toBrokerOrder(update.order);
  const at = update.timestamp ?? order.updatedAt ?? clock.now();
  return { event: update.event, order, fill: toFill(update, order, at), at };
}

function toFill(update: streaming.TradeUpdate, order: BrokerOrder, at: Date): BrokerFill | null {
  const previousId = update.previous_execution_id ?? update.executionId;
  const corrects = correctionOf(update.event, typeof previousId === 'string' ? previousId : '');
  if (update.event !== 'fill' && update.event !== 'partial_fill' && !corrects) return null;
  return {
    brokerOrderId: order.brokerOrderId,
    executionId: need(update.executionId, 'execution_id'),
    symbol: order.symbol,
    side: order.side,
    quantity: quantity(need(update.qty, 'qty')),
    price: price(need(update.price, 'price')),
    cumulativeQuantity: order.filledQuantity,
    fee: zeroMoney,
    at,
    ...(corrects ? { corrects } : {}),
  };
}
