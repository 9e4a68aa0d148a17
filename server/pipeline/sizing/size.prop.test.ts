// Invariants:
// - the stop as it is sent costs at most the risk amount, and one share more would cost more than it by the alert's own prices;
// - the quantity is whole and not negative;
// - what is sent lies on the venue's grid, on its side of the entry, within a tick of what the alert says;
// - an exit never exceeds what is held or on its way, and carries no protection.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Big, decimal, money, price, quantity } from '../../core/decimal.ts';
import { defaultStrategySettings as strategy } from '../../core/model/settings.ts';
import { tradeSignal } from '../../testing/risk-context.ts';
import { alertContext } from '../../testing/sizing-context.ts';
import { size as sizeOf } from './size.ts';

const size = (...alert: Parameters<typeof alertContext>) => sizeOf(alertContext(...alert));

const scaled = (min: number, max: number, decimals: number) =>
  fc.integer({ min, max }).map((n) => (n / 10 ** decimals).toFixed(decimals));
const quote = { symbol: 'AAPL', bid: price('149.99'), ask: price('150.01'), at: new Date('2026-11-20T15:00:00Z') };
const side = fc.constantFrom('buy' as const, 'sell' as const);
const onGrid = (value: Big) => value.round(value.gte('1') ? 2 : 4, 0).eq(value);

describe('an entry', () => {
  it('risks as much of the risk amount as whole shares can, and never more', () => {
    let sent = 0;
    fc.assert(
      fc.property(
        side,
        scaled(1000, 9_000_000, 4),
        scaled(1, 500_000, 4),
        scaled(100, 1_000_000, 2),
        (way, entry, distance, risk) => {
          const stop = way === 'buy' ? decimal(entry).minus(distance) : decimal(entry).plus(distance);
          if (stop.lte('0.01')) return;
          const signal = tradeSignal({
            side: way,
            entryPrice: price(entry),
            stopLoss: price(stop),
            takeProfit: null,
            riskAmount: money(risk),
          });
          const sized = size(signal, { ...strategy, allowShort: true }, quote, null);
          const { quantity: shares, stopLoss, takeProfit, problem } = sized;
          expect(shares.round(0, 0).eq(shares) && shares.gte('0')).toBe(true);
          expect(shares.plus('1').times(distance).gt(risk)).toBe(true);
          if (problem) return;
          sent += 1;
          expect(onGrid(stopLoss!)).toBe(true);
          expect(stopLoss!.minus(stop).abs().lt('0.01')).toBe(true);
          expect(way === 'buy' ? stopLoss!.lt(entry) : stopLoss!.gt(entry)).toBe(true);
          expect(shares.times(stopLoss!.minus(entry).abs()).lte(risk)).toBe(true);
          if (takeProfit) expect(onGrid(takeProfit) && takeProfit.gt('0')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(sent).toBeGreaterThan(50);
  });

  it('never counts a share too many because a quotient was rounded up', () => {
    const nearlyTwo = '1.9999999999999999999999999';
    const signal = tradeSignal({
      entryPrice: price('150'),
      stopLoss: price('149'),
      riskAmount: money(nearlyTwo),
    });
    expect(size(signal, strategy, quote, null).quantity.eq('1')).toBe(true);
  });

  it('in the short form keeps the distances of the settings, or a tick more for the stop', () => {
    fc.assert(
      fc.property(side, scaled(5_000, 9_000_000, 4), scaled(10, 3000, 4), (way, at, stopDistance) => {
        const live = { ...quote, bid: price(at), ask: price(at) };
        const signal = tradeSignal({ side: way, entryPrice: null, stopLoss: null, takeProfit: null });
        const sized = size(signal, { ...strategy, stopDistance, allowShort: true }, live, null);
        const wanted = decimal(at).times(stopDistance);
        const distance = sized.stopLoss!.minus(at).abs();
        expect(distance.gte(wanted) && distance.minus(wanted).lt('0.01')).toBe(true);
        if (sized.takeProfit && sized.problem === null) {
          expect(sized.takeProfit.minus(at).abs().lte(distance.times(strategy.takeProfitRiskMultiple!))).toBe(true);
        }
      }),
    );
  });
});

describe('an exit', () => {
  it('never exceeds what is held and on its way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.constantFrom('close' as const, 'reduce' as const),
        scaled(100, 1_000_000, 2),
        side,
        (held, entering, exit, risk, way) => {
          fc.pre(held + entering > 0);
          const sign = way === 'sell' ? 1 : -1;
          const signal = tradeSignal({ side: way, riskAmount: money(risk) });
          const sized = size(
            signal,
            { ...strategy, exit },
            quote,
            { quantity: quantity(String(sign * held)) },
            quantity(String(sign * entering)),
          );
          expect(sized).toMatchObject({
            intent: 'exit',
            stopLoss: null,
            takeProfit: null,
            terms: { limitPrice: null },
          });
          expect(sized.quantity.lte(String(held + entering)) && sized.quantity.gte('0')).toBe(true);
          if (exit === 'close') expect(sized.quantity.eq(String(held + entering))).toBe(true);
          expect(sized.problem === null).toBe(sized.quantity.gt('0'));
        },
      ),
    );
  });
});
