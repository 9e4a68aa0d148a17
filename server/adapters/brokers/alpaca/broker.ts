import { ApiError, trading } from '@alpacahq/alpaca-trade-api';
import type { BrokerFill, BrokerOrder } from '../../../core/model/broker-order.ts';
import type { Broker } from '../../../core/ports/broker.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toBrokerAccount, toBrokerFill, toBrokerOrder, toBrokerPosition } from './order-mapping.ts';
import { cancelOutcomeOf, saysOrderNotFound, submitOutcomeOf } from './outcomes.ts';
import { toPostOrder } from './post-order.ts';
import { openStream } from './stream.ts';
import { type AlpacaVenue, alpacaVenues } from './venues.ts';

/** Which venue: one of Alpaca's own, or the address of one that speaks its language (the embedded exchange). */
export type AlpacaBrokerOptions = (
  | { readonly venue: AlpacaVenue; readonly tradingUrl?: undefined; readonly streamUrl?: undefined }
  | { readonly venue?: undefined; readonly tradingUrl: string; readonly streamUrl?: string }
) & {
  readonly keyId: string;
  readonly secretKey: string;
  /** How long one request may take. Execution waits longer than this before it believes that an order never arrived. */
  readonly timeoutMs: number;
  readonly log: Log;
  readonly clock: Clock;
};

const orderPage = 500;
const fillPage = 100;
/** Alpaca allows 200 requests a minute; reading leaves a quarter of them to orders. */
const readsPerMinute = 150;

/**
 * A broker over the official SDK: the same adapter for Alpaca paper, Alpaca live and the embedded exchange. Reads are retried by
 * the SDK; orders never are. Whatever fails while an order is sent becomes an outcome, never an exception.
 */
export function createAlpacaBroker(options: AlpacaBrokerOptions): Broker {
  const { keyId, secretKey, timeoutMs } = options;
  const basePath = (options.tradingUrl ?? alpacaVenues[options.venue].tradingUrl).replace(/\/$/, '');
  const streamUrl =
    options.streamUrl ??
    (options.venue ? alpacaVenues[options.venue].streamUrl : `${basePath.replace(/^http/, 'ws')}/stream`);
  // Orders are never held back by our own counting of requests: waiting in it would look like an unclear answer.
  const sending = new trading.OrdersApi(new trading.Configuration({ keyId, secret: secretKey, basePath, timeoutMs }));
  const reading = new trading.Configuration({
    keyId,
    secret: secretKey,
    basePath,
    timeoutMs,
    retry: { maxRetries: 2, retryDelayMs: 100, maxDelayMs: 2000 },
    ...(options.venue ? { rateLimit: { maxRequests: readsPerMinute, intervalMs: 60_000 } } : {}),
  });
  const ordersApi = new trading.OrdersApi(reading);
  const positionsApi = new trading.PositionsApi(reading);
  const accountsApi = new trading.AccountsApi(reading);
  const activitiesApi = new trading.AccountActivitiesApi(reading);

  /** Every question goes through here, so that what is thrown can be logged. */
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question;
    } catch (error) {
      throw withoutResponse(error);
    }
  };
  const orNull = async (asked: Promise<trading.Order>): Promise<BrokerOrder | null> => {
    try {
      return toBrokerOrder(await asked);
    } catch (error) {
      if (saysOrderNotFound(error)) return null;
      throw withoutResponse(error);
    }
  };

  return {
    async submit(order) {
      try {
        return {
          kind: 'accepted',
          order: toBrokerOrder(await sending.postOrder({ postOrderRequest: toPostOrder(order) })),
        };
      } catch (error) {
        return submitOutcomeOf(error);
      }
    },
    async cancel(brokerOrderId) {
      try {
        await sending.deleteOrderByOrderID({ orderId: brokerOrderId });
        return { kind: 'requested' };
      } catch (error) {
        return cancelOutcomeOf(error);
      }
    },
    findByClientOrderId: (clientOrderId) => orNull(ordersApi.getOrderByClientOrderId({ clientOrderId })),
    findOrder: (orderId) => orNull(ordersApi.getOrderByOrderID({ orderId, nested: true })),
    async listOrders({ status, since }) {
      const found = new Map<string, BrokerOrder>();
      // `after` is exclusive and our times have milliseconds: one earlier, and what comes twice is dropped.
      let after = since && new Date(since.getTime() - 1);
      for (;;) {
        const page = await ask(
          ordersApi.getAllOrders({
            status,
            limit: orderPage,
            direction: 'asc',
            nested: true,
            ...(after ? { after: after.toISOString() } : {}),
          }),
        );
        const before = found.size;
        for (const order of page.map(toBrokerOrder)) found.set(order.brokerOrderId, order);
        const last = page.at(-1)?.submittedAt;
        if (page.length < orderPage || !last || found.size === before) return [...found.values()];
        after = new Date(last.getTime() - 1);
      }
    },
    async listFills(since) {
      const fills: BrokerFill[] = [];
      let pageToken: string | undefined;
      for (;;) {
        const answer = await ask(
          activitiesApi.getAccountActivitiesByActivityTypeRaw({
            activityType: 'FILL',
            after: new Date(since.getTime() - 1),
            direction: 'asc',
            pageSize: fillPage,
            ...(pageToken === undefined ? {} : { pageToken }),
          }),
        );
        // The SDK's own mapping takes every activity for one that is no trade, and drops its order and price.
        const page = ((await answer.raw.json()) as unknown[]).map(trading.TradingActivitiesFromJSON);
        fills.push(...page.map(toBrokerFill).filter((fill) => fill.at >= since));
        const next = page.at(-1)?.id;
        if (page.length < fillPage || next === undefined || next === pageToken) return fills;
        pageToken = next;
      }
    },
    positions: async () => (await ask(positionsApi.getAllOpenPositions())).map(toBrokerPosition),
    account: async () => toBrokerAccount(await ask(accountsApi.getAccount())),
    stream: (handlers) =>
      openStream({ url: streamUrl, keyId, secretKey, clock: options.clock, log: options.log }, handlers),
  };
}

/** An error that can be logged: the SDK's carry the whole response. */
function withoutResponse(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const { status, code, message } = error;
  return new Error(`the broker answered ${status}${code === undefined ? '' : ` (${code})`}: ${message}`);
}
