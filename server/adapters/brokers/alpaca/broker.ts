import { ApiError, trading } from '@alpacahq/alpaca-trade-api';
import type { BrokerActivity, BrokerFill, BrokerOrder } from '../../../core/model/broker-order.ts';
import { type Broker, BrokerProblem } from '../../../core/ports/broker.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toBrokerActivity, type WireActivity } from './activities.ts';
import { capabilitiesOf } from './capabilities.ts';
import { toBrokerAccount, toBrokerFill, toBrokerOrder, toBrokerPosition, type WireFill } from './order-mapping.ts';
import {
  cancelOutcomeOf,
  reasonOf,
  replaceOutcomeOf,
  saysNothing,
  saysOrderNotFound,
  submitOutcomeOf,
} from './outcomes.ts';
import { toPatchOrder, toPostOrder } from './post-order.ts';
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

/**
 * A broker over the official SDK: the same adapter for Alpaca paper, Alpaca live and the embedded exchange. It asks once: its rate, and what
 * is asked again, are the guard's (pipeline/execution/guard). Whatever fails while an order is sent becomes an outcome, never an exception.
 */
export function createAlpacaBroker(options: AlpacaBrokerOptions): Broker {
  const { keyId, secretKey, timeoutMs } = options;
  const basePath = (options.tradingUrl ?? alpacaVenues[options.venue].tradingUrl).replace(/\/$/, '');
  const streamUrl =
    options.streamUrl ??
    (options.venue ? alpacaVenues[options.venue].streamUrl : `${basePath.replace(/^http/, 'ws')}/stream`);
  let requests = 0;
  const fetchApi: trading.FetchAPI = (url, init) => {
    requests++;
    return fetch(url, init);
  };
  // Without the SDK's own retries and counting of requests, which know nothing of exits.
  const configuration = new trading.Configuration({ keyId, secret: secretKey, basePath, timeoutMs, fetchApi });
  const ordersApi = new trading.OrdersApi(configuration);
  const positionsApi = new trading.PositionsApi(configuration);
  const accountsApi = new trading.AccountsApi(configuration);
  const activitiesApi = new trading.AccountActivitiesApi(configuration);

  /** Every question goes through here, so that what is thrown can be logged. */
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await question;
    } catch (error) {
      throw problemOf(error);
    }
  };
  const orNull = async (asked: Promise<trading.Order>): Promise<BrokerOrder | null> => {
    try {
      return toBrokerOrder(await asked);
    } catch (error) {
      if (saysOrderNotFound(error)) return null;
      throw problemOf(error);
    }
  };

  return {
    async submit(order) {
      try {
        return {
          kind: 'accepted',
          order: toBrokerOrder(await ordersApi.postOrder({ postOrderRequest: toPostOrder(order) })),
        };
      } catch (error) {
        return submitOutcomeOf(error);
      }
    },
    async cancel(brokerOrderId) {
      try {
        await ordersApi.deleteOrderByOrderID({ orderId: brokerOrderId });
        return { kind: 'requested' };
      } catch (error) {
        return cancelOutcomeOf(error);
      }
    },
    async replace(orderId, change) {
      try {
        const order = await ordersApi.patchOrderByOrderId({ orderId, patchOrderRequest: toPatchOrder(change) });
        return { kind: 'accepted', order: toBrokerOrder(order) };
      } catch (error) {
        return replaceOutcomeOf(error);
      }
    },
    capabilities: capabilitiesOf,
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
        const page = ((await answer.raw.json()) as { previous_id?: string }[]).map((wire): WireFill => {
          const previousId = wire.previous_id;
          return { ...trading.TradingActivitiesFromJSON(wire), ...(previousId ? { previousId } : {}) };
        });
        fills.push(...page.map(toBrokerFill).filter((fill) => fill.at >= since));
        const next = page.at(-1)?.id;
        if (page.length < fillPage || next === undefined || next === pageToken) return fills;
        pageToken = next;
      }
    },
    async listActivities(since) {
      const activities: BrokerActivity[] = [];
      let pageToken: string | undefined;
      for (;;) {
        const answer = await ask(
          activitiesApi.getAccountActivitiesRaw({
            category: 'non_trade_activity',
            after: new Date(since.getTime() - 1),
            direction: 'asc',
            pageSize: fillPage,
            ...(pageToken === undefined ? {} : { pageToken }),
          }),
        );
        const page = (await answer.raw.json()) as WireActivity[];
        activities.push(...page.map(toBrokerActivity));
        const next = page.at(-1)?.id;
        if (page.length < fillPage || next === undefined || next === pageToken) return activities;
        pageToken = next;
      }
    },
    positions: async () => (await ask(positionsApi.getAllOpenPositions())).map(toBrokerPosition),
    account: async () => toBrokerAccount(await ask(accountsApi.getAccount())),
    requests: () => requests,
    stream: (handlers) =>
      openStream({ url: streamUrl, keyId, secretKey, clock: options.clock, log: options.log }, handlers),
  };
}

/** An error that can be logged, as the SDK's carry the whole response; and that says whether it is worth asking again. */
function problemOf(error: unknown): BrokerProblem {
  if (!(error instanceof ApiError))
    return new BrokerProblem('unclear', `no clear answer from the broker: ${reasonOf(error)}`);
  const { status, code, message, retryAfterMs } = error;
  const sentence = `the broker answered ${status}${code === undefined ? '' : ` (${code})`}: ${message}`;
  if (status === 429) return new BrokerProblem('limited', sentence, retryAfterMs ?? null);
  return new BrokerProblem(status < 500 && !saysNothing.has(status) ? 'refused' : 'unclear', sentence);
}
