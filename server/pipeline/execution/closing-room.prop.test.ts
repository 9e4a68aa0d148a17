// Invariants:
// 1. Never more than the position is left to close, and never more than was asked for.
// 2. When nothing stands in the way, what is left plus what older closing orders still hold is within the position.
// 3. Only orders of the same symbol's list are named, and never the exit itself or a newer exit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantity } from '../../core/decimal.ts';
import type { OrderRole, OrderStatus } from '../../core/model/order.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import { closingRoom } from './closing-room.ts';

const start = new Date('2026-11-20T15:00:00.000Z').getTime();
const statuses = [
  'approved',
  'waiting',
  'submitting',
  'held',
  'accepted',
  'partially_filled',
  'pending_cancel',
] as const;

const other = fc.record({
  role: fc.constantFrom<OrderRole>('entry', 'exit', 'take_profit', 'stop_loss'),
  status: fc.constantFrom<OrderStatus>(...statuses),
  shares: fc.integer({ min: 1, max: 20 }),
  filled: fc.integer({ min: 0, max: 20 }),
  age: fc.integer({ min: -5, max: 5 }),
  parent: fc.constantFrom('a', 'b'),
});

const record = (
  one: { role: OrderRole; status: OrderStatus; shares: number; filled: number; age: number; parent: string },
  i: number,
): OrderRecord => {
  const isLeg = one.role === 'take_profit' || one.role === 'stop_loss';
  return {
    orderId: `other-${i}`,
    accountId: 'account',
    signalId: null,
    parentId: isLeg ? `parent-${one.parent}` : null,
    role: one.role,
    type: 'market',
    origin: isLeg ? 'venue' : 'decision',
    clientOrderId: `c-${i}`,
    brokerOrderId: `b-${i}`,
    symbol: 'AAPL',
    side: one.role === 'entry' ? 'buy' : 'sell',
    status: one.status,
    quantity: quantity(String(one.shares)),
    filledQuantity: quantity(String(Math.min(one.filled, one.shares))),
    replacesId: null,
    problem: null,
    submittingAt: null,
    askedAt: null,
    createdAt: new Date(start - one.age * 1000),
  };
};

const scene = fc.record({
  others: fc.array(other, { maxLength: 8 }).map((all) => all.map(record)),
  held: fc.integer({ min: -20, max: 60 }).map((n) => quantity(String(n))),
  asked: fc.integer({ min: 1, max: 60 }).map((n) => quantity(String(n))),
});

describe('the room for an exit', () => {
  it('is within the position and within what was asked for', () => {
    fc.assert(
      fc.property(scene, ({ others, held, asked }) => {
        const exit = { orderId: 'exit', side: 'sell' as const, quantity: asked, createdAt: new Date(start) };
        const room = closingRoom(exit, held, others);
        expect(room.left.lte(asked)).toBe(true);
        expect(room.left.lte(held)).toBe(true);
      }),
    );
  });

  it('is free of what older closing orders hold, when nothing stands in the way', () => {
    fc.assert(
      fc.property(scene, ({ others, held, asked }) => {
        const exit = { orderId: 'exit', side: 'sell' as const, quantity: asked, createdAt: new Date(start) };
        const room = closingRoom(exit, held, others);
        if (room.left.lte('0') || room.toCancel.length + room.toAwait.length > 0) return;
        const groups = new Map<string, number>();
        for (const one of others) {
          if (one.role === 'entry' || (one.role === 'exit' && one.createdAt.getTime() > start)) continue;
          if (one.role === 'exit' && one.createdAt.getTime() === start && one.orderId > exit.orderId) continue;
          const size = Number(one.quantity.minus(one.filledQuantity).toFixed());
          const key = one.parentId ?? one.orderId;
          groups.set(key, Math.max(groups.get(key) ?? 0, size));
        }
        const holding = [...groups.values()].reduce((sum, size) => sum + size, 0);
        expect(room.left.plus(String(holding)).lte(held)).toBe(true);
      }),
    );
  });

  it('names neither itself nor a newer exit', () => {
    fc.assert(
      fc.property(scene, ({ others, held, asked }) => {
        const exit = { orderId: 'exit', side: 'sell' as const, quantity: asked, createdAt: new Date(start) };
        const own = record({ role: 'exit', status: 'waiting', shares: 5, filled: 0, age: 0, parent: 'a' }, 99);
        const room = closingRoom(exit, held, [...others, { ...own, orderId: 'exit' }]);
        for (const one of [...room.toCancel, ...room.toAwait]) {
          expect(one.orderId).not.toBe('exit');
          if (one.role === 'exit') expect(one.createdAt.getTime()).toBeLessThanOrEqual(start);
        }
      }),
    );
  });
});
