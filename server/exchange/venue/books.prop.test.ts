// Invariants, after any sequence of orders, cancellations and moves of the market:
// - cash is the starting cash less what executions cost and what fees took; a position is what executions and fees left of it: exactly.
// - what an order tells of its fills is the sum of its executions, and never more than it was for, in lots or in dollars.
// - only whole shares are ever owed, and coins never.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { openQuotes, type Step, stepOf } from '../../testing/random-orders.ts';
import { Listing } from '../api/assets.ts';
import { readOrder } from '../api/request.ts';
import { SeededDraw } from '../book/seeded-draw.ts';
import type { Exchange } from '../exchange.ts';
import { costOf } from './money.ts';
import { isCrypto, isWhole } from './quantity.ts';
import { VenueRefusal } from './refusal.ts';

const open = () => startTestExchange({ market: { kind: 'scripted' }, alwaysOpen: true });

/** Does the steps one after the other; answers how many orders were taken. */
async function run(exchange: Exchange, steps: Iterable<Step>): Promise<void> {
  const listing = new Listing(exchange.market.instruments);
  let number = 0;
  for (const step of steps) {
    if (step.kind === 'quote') await exchange.setQuote(step.symbol, step.bid, step.ask, step.size);
    else {
      number++;
      await exchange.venue.command((desk) => {
        const account = [...desk.state.accounts.values()][0]!;
        if (step.kind === 'cancel') {
          for (const order of desk.state.open(account.id)) desk.cancel(order);
          return;
        }
        try {
          desk.place(
            account,
            readOrder(step.body, listing, () => `order-${number}`),
          );
        } catch (error) {
          if (!(error instanceof VenueRefusal)) throw error;
        }
      });
    }
  }
}

it('books are the fold of their executions and fees', async () => {
  let [executions, fees, byDollars] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 60, max: 150 }), async (seed, length) => {
      const draws = new SeededDraw(seed);
      const exchange = await open();
      try {
        await openQuotes(exchange);
        await run(
          exchange,
          Array.from({ length }, () => stepOf(() => draws.next())),
        );
        await exchange.venue.command(({ state }) => {
          const account = [...state.accounts.values()][0]!;
          let cash = 100_000n * 10n ** 13n;
          const held = new Map<string, number>();
          const filled = new Map<string, { lots: number; cost: bigint }>();
          for (const { orderId, symbol, side, qty, price, fee } of state.executions) {
            executions++;
            if (fee) fees++;
            const cost = costOf(symbol, qty, price);
            cash += (side === 'buy' ? -cost : cost) - (fee?.money ?? 0n);
            held.set(symbol, (held.get(symbol) ?? 0) + (side === 'buy' ? qty - (fee?.lots ?? 0) : -qty));
            const before = filled.get(orderId) ?? { lots: 0, cost: 0n };
            filled.set(orderId, { lots: before.lots + qty, cost: before.cost + cost });
          }
          expect(account.cash).toBe(cash);
          for (const [symbol, lots] of held)
            expect([symbol, state.position(account.id, symbol).qty]).toEqual([symbol, lots]);
          for (const order of state.orders.values()) {
            const { lots, cost } = filled.get(order.id) ?? { lots: 0, cost: 0n };
            expect([order.filledQty, order.filledCost]).toEqual([lots, cost]);
            if (order.notional === null) expect(lots).toBeLessThanOrEqual(order.qty);
            else {
              byDollars += lots > 0 ? 1 : 0;
              expect(cost <= order.notional).toBe(true);
            }
          }
          for (const { symbol, qty } of state.positions(account.id)) {
            if (qty < 0) expect([symbol, isCrypto(symbol), isWhole(symbol, qty)]).toEqual([symbol, false, true]);
          }
        });
      } finally {
        await exchange.stop();
      }
    }),
    { numRuns: 25 },
  );
  // Of something: most orders of most runs trade.
  expect([executions > 100, fees > 10, byDollars > 10]).toEqual([true, true, true]);
}, 60_000);
