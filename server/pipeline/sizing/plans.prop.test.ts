// Invariants, for any alert and any holding:
// 1. The orders of a decision have the steps 0, 1, 2, … and wait only for earlier ones.
// 2. Entries add up to the quantity that was sized, in whole shares, each above zero; a stop that trails is for one entry's shares.
// 3. An exit is for no more than is held or coming, and what it leaves of the last guard is what the order after it protects.
// 4. Exits close the side that is held; entries of a reversal come to the other side, and wait until it is closed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimal, money, price, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import type { OrderPlan } from '../../core/model/decision.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import { signalActions } from '../../core/model/signal.ts';
import { openOrder, tradeSignal } from '../../testing/risk-context.ts';
import { sizingContext } from '../../testing/sizing-context.ts';
import { act } from './act.ts';
import { plansOf } from './plans.ts';

const strategy = { ...defaultStrategySettings, allowShort: true };
const quote = {
  ...{ symbol: 'AAPL', bid: price('149.99'), ask: price('150.01') },
  at: new Date('2026-11-20T15:00:00Z'),
};

/** Brackets of filled entries: each a stop and a target for the same shares. */
const guards = (sizes: readonly number[], side: 'buy' | 'sell'): OpenOrderView[] =>
  sizes.flatMap((size, at) => {
    const leg = { side, parentId: `entry ${at}`, remaining: quantity(String(size)) };
    return [
      openOrder({ ...leg, orderId: `stop ${at}`, role: 'stop_loss', type: 'stop', stopPrice: price('148') }),
      openOrder({ ...leg, orderId: `target ${at}`, role: 'take_profit', type: 'limit', limitPrice: price('155') }),
    ];
  });

const scene = fc.record({
  action: fc.constantFrom(...signalActions),
  sizes: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
  bare: fc.integer({ min: 0, max: 20 }),
  short: fc.boolean(),
  shares: fc.integer({ min: 1, max: 200 }),
  targets: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
  part: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }),
  trails: fc.boolean(),
});

const sum = (plans: readonly OrderPlan[]) => plans.reduce((total, plan) => total.plus(plan.quantity), decimal('0'));

it('plans what the alert says, and no share more', () => {
  fc.assert(
    fc.property(scene, ({ action, sizes, bare, short, shares, targets, part, trails }) => {
      const total = sizes.reduce((all, one) => all + one, 0) + bare;
      const held = quantity(String(short ? -total : total));
      const named = action === 'buy' || action === 'sell' ? action : null;
      const enters = action === 'buy' || action === 'sell' || action === 'add' || action === 'reverse';
      const to = named ?? (action === 'reverse' ? (short ? 'buy' : 'sell') : short ? 'sell' : 'buy');
      const takeProfits = targets.map((one, at) => ({
        price: price(String(150 + (to === 'buy' ? 2 + at : -2 - at))),
        portion: decimal(String(one / 100)),
      }));
      const signal = tradeSignal({
        ...{ action, side: named, riskAmount: null, entryPrice: null, stopLoss: null, takeProfit: null },
        quantity: enters ? quantity(String(shares)) : null,
        portion: action === 'exit' && part ? decimal(String(part / 100)) : null,
        takeProfits: enters ? takeProfits : [],
        trailPercent: enters && trails ? decimal('1') : null,
      });
      const open = guards(sizes, short ? 'buy' : 'sell');
      const holding = { held, cost: money(String(total * 150)), entering: zeroQuantity, open };
      const acting = act(sizingContext({ signal, strategy, quote, holding }));
      if (acting.sized.problem) return;
      const plans = plansOf(acting, false, { symbol: 'AAPL', holding, lastKnownPrice: price('150') });
      expect(plans.map((plan) => plan.step)).toEqual(plans.map((_, at) => at));
      for (const plan of plans) if (plan.after) expect(plan.after.step).toBeLessThan(plan.step!);

      const entries = plans.filter((plan) => plan.intent === 'entry');
      if (entries.length > 0) expect(sum(entries).eq(acting.sized.quantity)).toBe(true);
      for (const entry of entries) {
        expect(entry.quantity.gt('0') && entry.quantity.eq(entry.quantity.round(0, 0))).toBe(true);
        if (action === 'reverse') expect(entry).toMatchObject({ side: to, after: { step: 0, when: 'closed' } });
      }
      const trailing = plans.filter((plan) => plan.type === 'trailing_stop');
      expect(trailing.length).toBeLessThanOrEqual(1);
      for (const stop of trailing) expect(stop.quantity.eq(plans[stop.after!.step]!.quantity)).toBe(true);

      const [exit] = plans.filter((plan) => plan.intent === 'exit' && plan.role === undefined);
      if (exit) {
        expect(exit.side).toBe(short ? 'buy' : 'sell');
        expect(exit.quantity.lte(held.abs())).toBe(true);
      }
      const rest = plans.find((plan) => plan.after?.when === 'sent');
      if (rest && exit) {
        expect(rest.side).toBe(exit.side);
        // Guards are given up oldest first, and what is left of the last is held again.
        let given = bare;
        for (const size of sizes) if (exit.quantity.gt(String(given))) given += size;
        expect(exit.quantity.plus(rest.quantity).toFixed()).toBe(String(given));
      }
    }),
    { numRuns: 500 },
  );
});
