// Invariant: whoever asks how often, in how many processes, there is one exit of the same shares at a time, and a next one only when it ended.
import { beforeEach, describe, expect, it } from 'vitest';
import { money, quantity, text } from '../../core/decimal.ts';
import type { HeldLot } from '../../core/ports/kill-switch-store.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { OwnOrder } from '../../core/ports/own-orders.ts';
import { killSwitch } from '../../testing/kill-switch.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createLeave } from './leave.ts';

const long: HeldLot = {
  accountId: '0b000000-0000-4000-8000-000000000001',
  mode: 'paper',
  strategy: 'momentum',
  symbol: 'AAPL',
  quantity: quantity('10'),
  cost: money('1500'),
};
const one = killSwitch({ id: '0b000000-0000-4000-8000-000000000002', flatten: true });

let clock: ManualClock;
let placed: Map<string, { order: OwnOrder; record: Pick<OrderRecord, 'status' | 'createdAt'> }>;
/** A process of its own over the same books. */
const open = () =>
  createLeave({
    own: {
      async placeOwn(order) {
        if (placed.has(order.orderId)) return false;
        placed.set(order.orderId, { order, record: { status: 'approved', createdAt: clock.now() } });
        return true;
      },
    },
    orders: { find: async (id) => (placed.get(id)?.record as OrderRecord | undefined) ?? null },
    clock,
  });
beforeEach(() => {
  clock = new ManualClock();
  placed = new Map();
});
const end = (status: OrderRecord['status']) => {
  for (const entry of placed.values()) entry.record = { ...entry.record, status };
};
const exits = () => [...placed.values()].map(({ order }) => order);

describe('leaving what is held', () => {
  it('sells a long lot and buys a short one back, whole and at market, as its strategy’s', async () => {
    const leave = open();
    await leave(long, one);
    await leave({ ...long, symbol: 'KO', quantity: quantity('-4'), cost: money('-240') }, one);
    expect(
      exits().map((exit) => [
        exit.symbol,
        exit.side,
        text(exit.quantity),
        exit.type,
        exit.strategy,
        text(exit.referencePrice),
      ]),
    ).toEqual([
      ['AAPL', 'sell', '10', 'market', 'momentum', '150'],
      ['KO', 'buy', '4', 'market', 'momentum', '60'],
    ]);
    expect(exits()[0]).toMatchObject({ role: 'exit', origin: 'flatten', mode: 'paper' });
  });

  it('asks for one exit, in two processes and after a restart', async () => {
    const [here, there] = [open(), open()];
    await Promise.all([here(long, one), there(long, one), here(long, one)]);
    await open()(long, one);
    expect(exits()).toHaveLength(1);
  });

  it('tries again when an exit ended and something is held still, later each time', async () => {
    const leave = open();
    await leave(long, one);
    end('rejected');
    await leave(long, one);
    expect(exits()).toHaveLength(1);
    await clock.advance(2000);
    await leave(long, one);
    expect(exits()).toHaveLength(2);
    end('canceled');
    await clock.advance(2000);
    await leave(long, one);
    expect(exits()).toHaveLength(2);
    await clock.advance(2000);
    // A new process counts the same tries.
    await open()(long, one);
    expect(exits()).toHaveLength(3);
  });

  it('of another switch, or of another strategy, is another exit', async () => {
    const leave = open();
    await leave(long, one);
    await leave(long, killSwitch({ id: '0b000000-0000-4000-8000-000000000003' }));
    await leave({ ...long, strategy: 'breakout' }, one);
    expect(exits()).toHaveLength(3);
  });
});
