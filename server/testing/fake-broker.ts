import {
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
  zeroQuantity,
} from '../core/decimal.ts';
import type { ApprovedOrder } from '../core/model/approved-order.ts';
import type { BrokerActivity, BrokerFill, BrokerOrder, BrokerUpdate } from '../core/model/broker-order.ts';
import { isTerminal, type OrderStatus, type Trail } from '../core/model/order.ts';
import type { Side } from '../core/model/signal.ts';
import type {
  Broker,
  BrokerCapabilities,
  BrokerStreamHandlers,
  OrderChange,
  ReplaceOutcome,
  SubmitOutcome,
} from '../core/ports/broker.ts';
import type { Clock } from '../core/ports/clock.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Held = Mutable<Omit<BrokerOrder, 'legs'>> & { legs: Held[] };

/** What becomes of the next submission. `lost_before` and `lost_after`: no answer, and the venue has it not, or has it. */
export type Fault = 'lost_before' | 'lost_after' | 'not_sent';

export interface FakeBrokerOptions {
  readonly clock: Clock;
  /** The one price each symbol trades at. */
  readonly prices: Record<string, string>;
  readonly cash?: string;
  /** Whether market orders and marketable limits fill at once. */
  readonly fillsAtOnce?: boolean;
}

/** A venue in memory: one account, no market. It keeps Alpaca's rules on brackets and on shares that orders hold. */
export class FakeBroker implements Broker {
  readonly prices: Record<string, string>;
  /** Every submission that reached the venue or was lost on the way, by client order id. */
  readonly submissions: string[] = [];
  /** Taken one by one by the submissions to come. */
  readonly faults: Fault[] = [];
  /** The same for requests to replace. */
  readonly replaceFaults: Fault[] = [];
  /** Whether questions fail, as when the venue is down. */
  down = false;
  /** Whether the stream tells nothing. */
  muted = false;
  fillsAtOnce: boolean;
  readonly #clock: Clock;
  readonly #orders: Held[] = [];
  readonly #fills: BrokerFill[] = [];
  readonly #activities: BrokerActivity[] = [];
  readonly #holdings = new Map<string, { quantity: Quantity; cost: Money }>();
  readonly #streams = new Set<BrokerStreamHandlers>();
  #cash: Money;
  #serial = 0;

  constructor(options: FakeBrokerOptions) {
    this.#clock = options.clock;
    this.prices = options.prices;
    this.#cash = money(options.cash ?? '100000');
    this.fillsAtOnce = options.fillsAtOnce ?? true;
  }

  async submit(order: ApprovedOrder): Promise<SubmitOutcome> {
    this.submissions.push(order.clientOrderId);
    const fault = this.faults.shift();
    if (fault === 'not_sent') return { kind: 'not_sent', message: 'connect ECONNREFUSED', retryAfterMs: null };
    if (fault === 'lost_before') return { kind: 'unknown', message: 'socket hang up' };
    const outcome = this.#take(order);
    return fault === 'lost_after' ? { kind: 'unknown', message: 'socket hang up' } : outcome;
  }

  #take(order: ApprovedOrder): SubmitOutcome {
    if (this.#orders.some((one) => one.clientOrderId === order.clientOrderId)) return { kind: 'duplicate' };
    const market = this.prices[order.symbol];
    if (market === undefined) return refused('42210000', `asset "${order.symbol}" not found`);
    const available = this.#available(order.symbol, order.side);
    if (order.intent === 'exit' && available.lt(order.quantity)) {
      const message = `insufficient qty available for order (available ${available.toFixed()})`;
      return { ...refused('40310000', message), sharesHeld: true };
    }
    const legs = order.intent === 'entry' ? this.#legsOf(order) : this.#otherOf(order);
    const groupId = legs.length > 0 ? this.#id('group') : null;
    const held = this.#order({
      clientOrderId: order.clientOrderId,
      symbol: order.symbol,
      side: order.side,
      type: order.intent === 'exit' && legs.length > 0 ? 'limit' : order.type,
      orderClass: classOf(order, legs.length),
      timeInForce: order.timeInForce,
      quantity: order.quantity,
      limitPrice: order.intent === 'exit' && legs.length > 0 ? order.takeProfit : order.limitPrice,
      stopPrice: order.stopPrice ?? null,
      trail: order.trail ?? null,
      groupId,
      groupRole: groupId === null ? null : order.intent === 'entry' ? 'entry' : 'take_profit',
    });
    held.legs = legs.map((leg) => this.#order({ ...leg, groupId, orderClass: held.orderClass }));
    this.#orders.push(held, ...held.legs);
    const answer = copy(held);
    this.#tell('new', held);
    if (this.fillsAtOnce && this.#isMarketable(held)) this.fill(held.clientOrderId);
    return { kind: 'accepted', order: answer };
  }

  /** Fills `shares` of an order (all that is left, unless said) at the market price, as the venue would, and tells of it. */
  fill(clientOrderId: string, shares?: string): void {
    const order = this.#orders.find((one) => one.clientOrderId === clientOrderId)!;
    const size = shares === undefined ? left(order) : quantity(shares);
    const at = price(this.prices[order.symbol]!);
    const filled = order.filledQuantity.plus(size) as Quantity;
    const signed = (order.side === 'buy' ? size : size.neg()) as Quantity;
    const spent = notional(at, signed);
    const before = this.#holdings.get(order.symbol) ?? { quantity: zeroQuantity, cost: money('0') };
    const after = before.quantity.plus(signed) as Quantity;
    this.#holdings.set(order.symbol, {
      quantity: after,
      cost: after.eq('0') ? money('0') : money(notional(at, after)),
    });
    this.#cash = this.#cash.minus(spent) as Money;
    order.filledQuantity = filled;
    order.filledAveragePrice = at;
    this.#status(order, filled.eq(order.quantity) ? 'filled' : 'partially_filled');
    const fill: BrokerFill = {
      brokerOrderId: order.brokerOrderId,
      executionId: this.#id('execution'),
      symbol: order.symbol,
      side: order.side,
      quantity: size,
      price: at,
      cumulativeQuantity: filled,
      fee: money('0'),
      at: this.#clock.now(),
    };
    this.#fills.push(fill);
    this.#tell(order.status === 'filled' ? 'fill' : 'partial_fill', order, fill);
    if (order.status !== 'filled') return;
    for (const leg of order.legs) if (leg.groupRole === 'take_profit') this.#move('new', leg, 'accepted');
    if (order.groupRole !== 'entry') this.#endSiblings(order);
  }

  async cancel(brokerOrderId: string) {
    this.#mustBeUp();
    const order = this.#orders.find((one) => one.brokerOrderId === brokerOrderId);
    if (!order) return { kind: 'not_found' } as const;
    if (isTerminal(order.status)) {
      return { kind: 'final', message: `order is already in "${order.status}" state` } as const;
    }
    this.#move('canceled', order, 'canceled');
    this.#endSiblings(order);
    return { kind: 'requested' } as const;
  }

  async replace(
    brokerOrderId: string,
    change: OrderChange & { readonly clientOrderId: string },
  ): Promise<ReplaceOutcome> {
    const fault = this.replaceFaults.shift();
    if (fault === 'not_sent') return { kind: 'not_sent', message: 'connect ECONNREFUSED', retryAfterMs: null };
    if (fault === 'lost_before') return { kind: 'unknown', message: 'socket hang up' };
    const outcome = this.#exchange(brokerOrderId, change);
    return fault === 'lost_after' ? { kind: 'unknown', message: 'socket hang up' } : outcome;
  }

  #exchange(brokerOrderId: string, change: OrderChange & { readonly clientOrderId: string }): ReplaceOutcome {
    this.#mustBeUp();
    if (this.#orders.some((one) => one.clientOrderId === change.clientOrderId)) return { kind: 'duplicate' };
    const old = this.#orders.find((one) => one.brokerOrderId === brokerOrderId);
    if (!old) return { kind: 'not_found' };
    if (isTerminal(old.status)) return { kind: 'final', message: `cannot replace order in ${old.status} status` };
    const wanted = change.quantity ?? old.quantity;
    if (wanted.lte(old.filledQuantity)) return refused('42210000', 'qty must be > filled_qty');
    if (!wanted.eq(old.quantity) && old.groupId) {
      return refused('42210000', 'qty cannot be changed for advanced orders');
    }
    const now = this.#clock.now();
    const { clientOrderId } = change;
    const next: Held = {
      ...old,
      brokerOrderId: this.#id('order'),
      clientOrderId,
      quantity: wanted,
      limitPrice: change.limitPrice ?? old.limitPrice,
      stopPrice: change.stopPrice ?? old.stopPrice,
      trail: trailAfter(old.trail, change),
      replaces: old.brokerOrderId,
      submittedAt: now,
      updatedAt: now,
    };
    old.replacedBy = next.brokerOrderId;
    const parent = this.#orders.find((one) => one.legs.includes(old));
    if (parent) parent.legs = parent.legs.map((leg) => (leg === old ? next : leg));
    old.legs = [];
    this.#orders.push(next);
    this.#move('replaced', old, 'replaced');
    const answer = copy(next);
    this.#tell('new', next);
    if (this.fillsAtOnce && next.status !== 'held' && this.#isMarketable(next)) this.fill(next.clientOrderId);
    return { kind: 'accepted', order: answer };
  }

  capabilities(): BrokerCapabilities {
    return {
      orderTypes: ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'],
      orderClasses: ['simple', 'bracket', 'oco', 'oto'],
      fractional: true,
      shortable: true,
      timesInForce: ['day', 'gtc'],
    };
  }

  async findByClientOrderId(clientOrderId: string): Promise<BrokerOrder | null> {
    this.#mustBeUp();
    return this.#found((order) => order.clientOrderId === clientOrderId);
  }

  async findOrder(brokerOrderId: string): Promise<BrokerOrder | null> {
    this.#mustBeUp();
    return this.#found((order) => order.brokerOrderId === brokerOrderId);
  }

  async listOrders({ status, since }: { status: 'open' | 'all'; since?: Date }): Promise<BrokerOrder[]> {
    this.#mustBeUp();
    const isOpen = (order: Held) => !isTerminal(order.status) || order.legs.some(isOpen);
    return this.#orders
      .filter((order) => !this.#orders.some((one) => one.legs.includes(order)))
      .filter((order) => status === 'all' || isOpen(order))
      .filter((order) => since === undefined || order.submittedAt! >= since)
      .map(copy);
  }

  async listFills(since: Date): Promise<BrokerFill[]> {
    this.#mustBeUp();
    return this.#fills.filter((fill) => fill.at >= since);
  }

  async listActivities(since: Date): Promise<BrokerActivity[]> {
    this.#mustBeUp();
    return this.#activities.filter((activity) => activity.at >= since);
  }

  /** Money comes or goes without a trade, and the venue states why. */
  state(activity: Pick<BrokerActivity, 'activityId' | 'type' | 'netAmount'> & Partial<BrokerActivity>): void {
    this.#cash = this.#cash.plus(activity.netAmount) as Money;
    this.#activities.push({
      symbol: null,
      quantity: null,
      price: null,
      canceled: false,
      description: null,
      at: this.#clock.now(),
      ...activity,
    });
  }

  async positions() {
    this.#mustBeUp();
    return [...this.#holdings]
      .filter(([, holding]) => !holding.quantity.eq('0'))
      .map(([symbol, holding]) => ({
        symbol,
        quantity: holding.quantity,
        averageEntryPrice: price(holding.cost.div(holding.quantity)),
        currentPrice: price(this.prices[symbol]!),
      }));
  }

  async account() {
    this.#mustBeUp();
    const value = [...this.#holdings].reduce(
      (sum, [symbol, { quantity: held }]) => sum.plus(notional(price(this.prices[symbol]!), held)) as Money,
      money('0'),
    );
    const equity = this.#cash.plus(value) as Money;
    return {
      accountNumber: 'PAFAKE',
      currency: 'USD',
      cash: this.#cash,
      equity,
      buyingPower: this.#cash,
      tradingBlocked: false,
    };
  }

  stream(handlers: BrokerStreamHandlers) {
    this.#streams.add(handlers);
    queueMicrotask(() => handlers.onConnected());
    return {
      close: async () => {
        this.#streams.delete(handlers);
      },
    };
  }

  /** Somebody else trades the account: cash and shares move, and no order of ours says why. */
  tradeByHand(symbol: string, shares: string): void {
    const holding = this.#holdings.get(symbol) ?? { quantity: zeroQuantity, cost: money('0') };
    const moved = quantity(shares);
    const spent = notional(price(this.prices[symbol]!), moved);
    this.#holdings.set(symbol, {
      quantity: holding.quantity.plus(moved) as Quantity,
      cost: holding.cost.plus(spent) as Money,
    });
    this.#cash = this.#cash.minus(spent) as Money;
  }

  /** Shares that no resting order of that side holds. The orders of one bracket hold theirs together. */
  #available(symbol: string, side: Side): Quantity {
    const holding = this.#holdings.get(symbol)?.quantity ?? zeroQuantity;
    const holds = new Map<string, Quantity>();
    for (const order of this.#orders) {
      if (order.symbol !== symbol || order.side !== side || isTerminal(order.status)) continue;
      const parent = this.#orders.find((one) => one.groupRole === 'entry' && one.groupId === order.groupId);
      if (order.groupId !== null && parent?.status !== 'filled') continue;
      holds.set(order.groupId ?? order.brokerOrderId, left(order));
    }
    const position = side === 'sell' ? holding : (holding.neg() as Quantity);
    return [...holds.values()].reduce((rest, size) => rest.minus(size) as Quantity, position);
  }

  #legsOf(order: ApprovedOrder) {
    const side: Side = order.side === 'buy' ? 'sell' : 'buy';
    const shared = { symbol: order.symbol, side, timeInForce: order.timeInForce, quantity: order.quantity };
    const status = 'held' as const;
    return [
      ...(order.takeProfit
        ? [
            {
              ...shared,
              status,
              type: 'limit' as const,
              limitPrice: order.takeProfit,
              groupRole: 'take_profit' as const,
            },
          ]
        : []),
      ...(order.stopLoss
        ? [{ ...shared, status, type: 'stop' as const, stopPrice: order.stopLoss, groupRole: 'stop_loss' as const }]
        : []),
    ];
  }

  /** The stop of a one-cancels-other: the order itself takes the profit. */
  #otherOf(order: ApprovedOrder) {
    if (!order.takeProfit || !order.stopLoss) return [];
    const { symbol, side, timeInForce, quantity: size, stopLoss: stopPrice } = order;
    const shared = { symbol, side, timeInForce, quantity: size, stopPrice, status: 'held' as const };
    return [{ ...shared, type: 'stop' as const, groupRole: 'stop_loss' as const }];
  }

  #order(given: Partial<Held> & Pick<Held, 'symbol' | 'side' | 'type' | 'quantity' | 'timeInForce'>): Held {
    const now = this.#clock.now();
    return {
      brokerOrderId: this.#id('order'),
      clientOrderId: this.#id('leg'),
      status: 'accepted',
      brokerStatus: given.status ?? 'new',
      orderClass: 'simple',
      filledQuantity: zeroQuantity,
      filledAveragePrice: null,
      limitPrice: null,
      stopPrice: null,
      trail: null,
      replaces: null,
      replacedBy: null,
      groupId: null,
      groupRole: null,
      legs: [],
      submittedAt: now,
      updatedAt: now,
      ...given,
    };
  }

  #isMarketable(order: Held): boolean {
    if (order.type !== 'market' && order.type !== 'limit') return false;
    if (order.limitPrice === null) return true;
    const market = price(this.prices[order.symbol]!) as Price;
    return order.side === 'buy' ? order.limitPrice.gte(market) : order.limitPrice.lte(market);
  }

  #endSiblings(order: Held): void {
    for (const other of this.#orders) {
      if (order.groupId === null || other.groupId !== order.groupId || isTerminal(other.status)) continue;
      this.#move('canceled', other, 'canceled');
    }
  }

  #move(event: string, order: Held, status: OrderStatus): void {
    this.#status(order, status);
    this.#tell(event, order);
  }

  #status(order: Held, status: OrderStatus): void {
    order.status = status;
    order.brokerStatus = status === 'accepted' ? 'new' : status;
    order.updatedAt = this.#clock.now();
  }

  #tell(event: string, order: Held, fill: BrokerFill | null = null): void {
    if (this.muted) return;
    // Like the wire: a copy of this moment, without the legs, some time later.
    const update: BrokerUpdate = { event, order: { ...copy(order), legs: [] }, fill, at: this.#clock.now() };
    for (const handlers of this.#streams) queueMicrotask(() => handlers.onUpdate(update));
  }

  #found(accept: (order: Held) => boolean): BrokerOrder | null {
    const order = this.#orders.find(accept);
    return order ? copy(order) : null;
  }

  #mustBeUp(): void {
    if (this.down) throw new Error('the venue is down');
  }

  #id(kind: string): string {
    this.#serial++;
    return `${kind}-${this.#serial}`;
  }
}

function classOf(order: ApprovedOrder, legs: number): BrokerOrder['orderClass'] {
  if (legs === 0) return 'simple';
  return order.intent === 'exit' ? 'oco' : legs === 2 ? 'bracket' : 'oto';
}

const left = (order: BrokerOrder): Quantity => order.quantity.minus(order.filledQuantity) as Quantity;
const copy = (order: Held): BrokerOrder => ({ ...order, legs: order.legs.map(copy) });
const refused = (code: string, message: string) => ({ kind: 'refused', code, message }) as const;

function trailAfter(trail: Trail | null, change: OrderChange): Trail | null {
  if (!trail || !change.trail) return trail;
  const by = price(change.trail);
  return 'percent' in trail ? { percent: by } : { price: by };
}
