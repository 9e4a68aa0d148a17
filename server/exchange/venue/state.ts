import {
  isFinal,
  type VenueAccount,
  type VenueExecution,
  type VenueOrder,
  type VenuePosition,
  type VenueUpdate,
} from './model.ts';
import { OpenOrders } from './open-orders.ts';
import type { Changes, Stored } from './store.ts';

/** The venue's books in memory, and a note of what was changed since they were last stored. */
export class VenueState {
  readonly accounts = new Map<string, VenueAccount>();
  readonly orders = new Map<string, VenueOrder>();
  readonly byClientId = new Map<string, VenueOrder>();
  readonly executions: VenueExecution[] = [];
  /** Whether the store has final orders that are not here. */
  readonly olderOrders: boolean;
  readonly #positions = new Map<string, VenuePosition>();
  readonly #open = new OpenOrders();
  readonly #groups = new Map<string, VenueOrder[]>();
  #sequence = 0;

  #changedOrders = new Set<VenueOrder>();
  #changedPositions = new Set<VenuePosition>();
  #changedAccounts = new Set<VenueAccount>();
  #newExecutions: VenueExecution[] = [];
  #updates: VenueUpdate[] = [];

  constructor(stored: Stored) {
    this.olderOrders = stored.olderOrders ?? false;
    for (const account of stored.accounts) this.accounts.set(account.id, { ...account });
    for (const position of stored.positions)
      this.#positions.set(keyOf(position.accountId, position.symbol), { ...position });
    for (const order of [...stored.orders].sort((a, b) => a.sequence - b.sequence)) this.#index({ ...order });
    this.executions.push(...[...stored.executions].sort((a, b) => a.sequence - b.sequence));
    this.#sequence = Math.max(
      0,
      ...[...this.orders.values()].map((o) => o.sequence),
      ...this.executions.map((e) => e.sequence),
      stored.lastUpdate ?? 0,
    );
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  addAccount(account: VenueAccount): void {
    this.accounts.set(account.id, account);
    this.#changedAccounts.add(account);
  }

  addOrder(order: VenueOrder): void {
    this.#index(order);
    this.#changedOrders.add(order);
  }

  #index(order: VenueOrder): void {
    this.orders.set(order.id, order);
    this.byClientId.set(keyOf(order.accountId, order.clientOrderId), order);
    if (!isFinal(order.status)) this.#open.add(order);
    if (order.groupId) {
      const group = this.#groups.get(order.groupId) ?? [];
      group.push(order);
      this.#groups.set(order.groupId, group);
    }
  }

  /** Notes that the order was changed; final ones leave the open set. */
  touch(order: VenueOrder, at: string): void {
    order.updatedAt = at;
    this.#changedOrders.add(order);
    if (isFinal(order.status)) this.#open.remove(order);
    else this.#open.change(order);
  }

  addExecution(execution: VenueExecution): void {
    this.executions.push(execution);
    this.#newExecutions.push(execution);
  }

  publish(update: Omit<VenueUpdate, 'sequence'>): void {
    // A copy: the order goes on changing, the message must not.
    this.#updates.push({ ...update, sequence: this.nextSequence(), order: { ...update.order } });
  }

  /** The position, flat when there is none yet; changing it must be noted with `touchPosition`. */
  position(accountId: string, symbol: string): VenuePosition {
    const key = keyOf(accountId, symbol);
    let position = this.#positions.get(key);
    if (!position) {
      position = { accountId, symbol, qty: 0, cost: 0n };
      this.#positions.set(key, position);
    }
    return position;
  }

  touchPosition(position: VenuePosition): void {
    this.#changedPositions.add(position);
  }

  touchAccount(account: VenueAccount): void {
    this.#changedAccounts.add(account);
  }

  positions(accountId: string): VenuePosition[] {
    return [...this.#positions.values()].filter((position) => position.accountId === accountId && position.qty !== 0);
  }

  /** Orders that are not final, in order of arrival. */
  open(accountId?: string, symbol?: string): VenueOrder[] {
    const orders = [...(accountId === undefined ? this.#open.all() : this.#open.of(accountId))];
    return symbol === undefined ? orders : orders.filter((order) => order.symbol === symbol);
  }

  /** The open orders of one side, found without looking at others, in order of arrival. */
  openOn(accountId: string, symbol: string, side: 'buy' | 'sell'): ReadonlySet<VenueOrder> {
    return this.#open.on(accountId, symbol, side);
  }

  /** What open orders have reserved by prices of their own, as a sum that is kept, and those whose reserve moves with the market. */
  reserved(accountId: string): {
    readonly shares: bigint;
    readonly coins: bigint;
    readonly moving: ReadonlySet<VenueOrder>;
  } {
    return this.#open.reserved(accountId);
  }

  group(order: VenueOrder): VenueOrder[] {
    return order.groupId ? (this.#groups.get(order.groupId) ?? []) : [];
  }

  legs(order: VenueOrder): VenueOrder[] {
    return this.group(order).filter((other) => other.parentId === order.id);
  }

  findByClientId(accountId: string, clientOrderId: string): VenueOrder | undefined {
    return this.byClientId.get(keyOf(accountId, clientOrderId));
  }

  /** What changed since the last call, to be stored, and what to tell once it is. */
  take(): { changes: Changes; updates: VenueUpdate[]; empty: boolean } {
    const updates = this.#updates;
    const changes: Changes = {
      updates,
      orders: [...this.#changedOrders].map((order) => ({ ...order })),
      executions: this.#newExecutions,
      positions: [...this.#changedPositions].map((position) => ({ ...position })),
      accounts: [...this.#changedAccounts].map((account) => ({ ...account })),
    };
    this.#changedOrders = new Set();
    this.#changedPositions = new Set();
    this.#changedAccounts = new Set();
    this.#newExecutions = [];
    this.#updates = [];
    const empty =
      changes.orders.length + changes.executions.length + changes.positions.length + changes.accounts.length === 0;
    return { changes, updates, empty };
  }
}

const keyOf = (accountId: string, name: string): string => `${accountId} ${name}`;
