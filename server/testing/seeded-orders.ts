import { systemRandom } from '../adapters/clock/system-random.ts';
import { createOrderStore } from '../adapters/database/order-store/order-store.ts';
import { money, price, quantity } from '../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../core/model/broker-order.ts';
import type { TestDatabase } from './database.ts';
import { ManualClock } from './manual-clock.ts';

/** For tests of the stores: an account, and orders as the risk gate leaves them. */
export async function seedOrders(database: TestDatabase) {
  const { sql } = database;
  const clock = new ManualClock();
  const accountId = systemRandom.id();
  await sql`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
    values (${accountId}, ${`paper ${accountId}`}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
  const store = createOrderStore({ sql, clock, random: systemRandom });

  /** A decided signal and its order, in status `approved`. */
  const approve = async (shares = '10', change: { outcome?: string; side?: string; intent?: string } = {}) => {
    const signalId = systemRandom.id();
    const decisionId = systemRandom.id();
    const orderId = systemRandom.id();
    const now = clock.now();
    const { outcome = 'approved', side = 'buy', intent = 'entry' } = change;
    const isEntry = intent === 'entry';
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs)
      values (${signalId}, 'tradingview', ${now}, 'approved', '{}', '{}')`;
    await sql`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, started_at, decided_at)
      values (${decisionId}, ${signalId}, ${accountId}, 'paper', '[]', ${intent}, ${outcome}, '[]', ${now}, ${now})`;
    await sql`
      insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, symbol, side, type,
        order_class, time_in_force, quantity, take_profit_price, stop_loss_price, reference_price, status, created_at, updated_at)
      values (${orderId}, ${accountId}, ${decisionId}, ${signalId}, 'default', 'paper', ${intent}, ${`sbx-${decisionId}`}, 'AAPL',
        ${side}, 'market', ${isEntry ? 'bracket' : 'simple'}, 'gtc', ${shares}, ${isEntry ? '160' : null}, ${isEntry ? '145' : null},
        '150', 'approved', ${now}, ${now})`;
    return { orderId, signalId, decisionId, clientOrderId: `sbx-${decisionId}`, brokerOrderId: `broker-${orderId}` };
  };

  /** An order that is live at the broker. */
  const accept = async (shares = '10', side: 'buy' | 'sell' = 'buy') => {
    const ids = await approve(shares, { side });
    await store.beginSubmit(ids.orderId);
    await store.applyBrokerOrder(accountId, brokerOrder(ids, { quantity: quantity(shares), side }), 'poll');
    return ids;
  };

  const events = (orderId: string) =>
    sql<{ kind: string; data: Record<string, string | null> }[]>`
      select kind, data from events where order_id = ${orderId} order by xid, seq`;
  const kinds = async (orderId: string) => (await events(orderId)).map((event) => event.kind);

  return { ...database, sql, clock, accountId, store, approve, accept, events, kinds };
}

/** The broker's word on an order; `pending_new` unless said otherwise. */
export const brokerOrder = (
  ids: { brokerOrderId: string; clientOrderId: string },
  change: Partial<BrokerOrder> = {},
): BrokerOrder => ({
  brokerOrderId: ids.brokerOrderId,
  clientOrderId: ids.clientOrderId,
  brokerStatus: change.status === undefined ? 'pending_new' : change.status,
  status: 'accepted',
  symbol: 'AAPL',
  side: 'buy',
  type: 'market',
  orderClass: 'bracket',
  timeInForce: 'gtc',
  quantity: quantity('10'),
  filledQuantity: quantity('0'),
  filledAveragePrice: null,
  limitPrice: null,
  stopPrice: null,
  trail: null,
  replaces: null,
  replacedBy: null,
  groupId: null,
  groupRole: null,
  legs: [],
  submittedAt: null,
  updatedAt: null,
  ...change,
});

/** A fill of `shares` that brings the order's filled quantity to `cumulative`. */
export const brokerFill = (
  brokerOrderId: string,
  shares: string,
  cumulative: string,
  change: Partial<BrokerFill> = {},
): BrokerFill => ({
  brokerOrderId,
  executionId: `${brokerOrderId}/${cumulative}`,
  symbol: 'AAPL',
  side: 'buy',
  quantity: quantity(shares),
  price: price('150'),
  cumulativeQuantity: quantity(cumulative),
  fee: money('0'),
  at: new Date('2026-11-20T15:00:01.000Z'),
  ...change,
});
