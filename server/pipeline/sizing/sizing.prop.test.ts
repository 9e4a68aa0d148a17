// Invariants, for every method, under any bounds:
// 1. A size is a multiple of the lot, never below zero, and never more than what the method's sum allows: nothing is rounded up.
// 2. A smaller amount (a risk, a share, a quantity, a confidence) never gives a larger size.
// 3. An entry never exceeds a cap: quantity, worth, buying power. A lower cap never gives a larger size.
// 4. An exit never exceeds what is held, or what is held and coming where all is closed.
// 5. What is held, coming and ordered comes to the position that is wanted, or short of it by less than a lot; never beyond.
// 6. Targets of an entry add up to its quantity, also when limits have made it smaller.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Big, decimal, money, price, quantity } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import type { StrategyTrade } from '../../core/model/account-activity.ts';
import type { SizeBounds, StrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { accountView, noMarketFacts, riskContext, tradeSignal } from '../../testing/risk-context.ts';
import { dailyBars, holding, sizedBy, sizingBook, sizingContext } from '../../testing/sizing-context.ts';
import { act } from './act.ts';
import { chosenOf } from './book.ts';
import type { SizingContext } from './context.ts';
import { sizedDownTo, sizeEntry } from './size.ts';

const scaled = (min: number, max: number, decimals: number) =>
  fc.integer({ min, max }).map((n) => (n / 10 ** decimals).toFixed(decimals));

/** Which parameter, or field of the alert, makes a method's size: more of it is never less. */
const grows: Readonly<Record<string, string>> = {
  'fixed-risk': 'risk',
  'fixed-quantity': 'quantity',
  'fixed-notional': 'value',
  'percent-of-equity': 'share',
  'percent-risk': 'share',
  'percent-of-position': 'riskAmount',
  'target-position': 'targetPosition',
  'volatility-target': 'share',
  'volatility-parity': 'start',
  confidence: 'share',
  'fractional-kelly': 'cap',
};
const inAlert = new Set(['riskAmount', 'targetPosition']);
const ofShares = new Set(['share', 'start', 'cap']);

const bars: readonly Bar[] = dailyBars(
  Array.from({ length: 80 }, (_, i) => decimal(i % 2 === 0 ? '150' : '153')),
  decimal('4'),
);
const trades: StrategyTrade[] = Array.from({ length: 60 }, (_, i) => ({
  ...{ strategy: 'momentum', symbol: 'AAPL', side: 'buy' as const, profit: money(i % 2 === 0 ? '150' : '-100') },
  openedAt: new Date(Date.UTC(2026, 9, 1, i)),
  closedAt: new Date(Date.UTC(2026, 9, 1, i, 30)),
}));

const someBounds: fc.Arbitrary<SizeBounds> = fc.record({
  shares: fc.constantFrom('whole' as const, 'fractional' as const),
  lot: fc.constantFrom(null, '1', '10', '100'),
  minNotional: fc.constantFrom(null, '100'),
  maxQuantity: fc.option(scaled(1, 5_000_000, 4), { nil: null }),
  maxNotional: fc.option(scaled(1, 50_000_000, 2), { nil: null }),
  fitBuyingPower: fc.boolean(),
});

const scene = fc.record({
  method: fc.constantFrom(...sizingBook.methods.map(({ key }) => key)),
  amount: fc.integer({ min: 1, max: 1_000_000 }),
  entry: scaled(10_000, 9_000_000, 4),
  distance: scaled(10, 900, 4),
  equity: scaled(1, 100_000_000, 2),
  power: scaled(1, 100_000_000, 2),
  bounds: someBounds,
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

/** The scene with so much of what makes the method's size: a millionth of its range for each 1. */
function contextOf({ method, entry, distance, equity, power, bounds }: Scene, amount: number): SizingContext {
  const field = grows[method]!;
  const value = (amount / (ofShares.has(field) ? 1_000_000 : 100)).toFixed(6);
  const parameters = inAlert.has(field) ? {} : { [field]: value };
  const at = decimal(entry);
  const signal: Partial<TradeSignal> = {
    entryPrice: price(at),
    stopLoss: price(at.times(decimal('1').minus(distance))),
    takeProfit: null,
    riskAmount: field === 'riskAmount' ? money(value) : null,
    targetPosition: field === 'targetPosition' ? quantity(value) : null,
    confidence: decimal('0.7'),
  };
  return sizingContext({
    signal: tradeSignal(signal),
    strategy: { ...sizedBy(method, parameters), bounds } satisfies StrategySettings,
    account: accountView({ brokerBuyingPower: money(power) }),
    equity: money(equity),
    activity: { ...riskContext().activity, trades },
    market: { ...noMarketFacts, dailyBars: () => bars },
  });
}

describe('an entry by any method', () => {
  it('is whole lots, within its sum and its caps, and no larger than with more', () => {
    const sent = new Set<string>();
    fc.assert(
      fc.property(scene, fc.integer({ min: 0, max: 1_000_000 }), (one, less) => {
        const context = contextOf(one, one.amount);
        const { sized } = act(context);
        const { quantity: shares, lot } = sized;
        expect(shares.gte('0')).toBe(true);
        expect(shares.mod(lot).eq('0')).toBe(true);
        const { maxQuantity, maxNotional, fitBuyingPower } = one.bounds;
        const worth = shares.times(one.entry);
        if (maxQuantity !== null) expect(shares.lte(maxQuantity)).toBe(true);
        if (maxNotional !== null) expect(worth.lte(maxNotional)).toBe(true);
        if (fitBuyingPower) expect(worth.lte(one.power)).toBe(true);
        expect(withinSum(context, shares)).toBe(true);
        if (sized.problem === null) sent.add(one.method);

        const smaller = act(contextOf(one, Math.min(less, one.amount))).sized.quantity;
        if (less > 0) expect(smaller.lte(shares)).toBe(true);
        const tighter = { ...one, bounds: { ...one.bounds, maxQuantity: '3', maxNotional: '1000' } };
        const under = act(contextOf(tighter, one.amount)).sized.quantity;
        expect(under.lte('3') && under.times(one.entry).lte('1000')).toBe(true);
        if (maxQuantity === null && maxNotional === null) expect(under.lte(shares)).toBe(true);
      }),
      { numRuns: 600 },
    );
    // A property over refusals alone would say nothing.
    expect([...sent].sort()).toEqual(sizingBook.methods.map(({ key }) => key).sort());
  });

  it('splits between its targets without a share more or less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.integer({ min: 1, max: 33 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('1', '10'),
        (wanted, limit, parts, lot) => {
          const takeProfits = parts.map((part, i) => ({
            price: price(String(152 + i)),
            portion: decimal((part / 100).toFixed(2)),
          }));
          const signal = tradeSignal({
            ...{ riskAmount: null, takeProfit: null, takeProfits },
            quantity: quantity(String(wanted)),
          });
          const base = sizingContext();
          const strategy = { ...base.strategy, bounds: { ...base.strategy.bounds, lot } };
          const sized = sizeEntry('buy', { ...base, signal, strategy });
          const sum = (of: typeof sized) => of.targets.reduce<Big>((all, one) => all.plus(one.quantity), decimal('0'));
          expect(sum(sized).eq(sized.quantity)).toBe(true);
          const left = quantity(String(Math.floor(Math.min(limit, wanted) / Number(lot)) * Number(lot)));
          const reduced = sizedDownTo(left, sized, signal);
          expect(reduced.quantity.eq(left) && sum(reduced).eq(left)).toBe(true);
          for (const one of reduced.targets) expect(one.quantity.gt('0') && one.quantity.mod(lot).eq('0')).toBe(true);
        },
      ),
    );
  });
});

/** Whether so many shares take no more than the method's amount. */
function withinSum(context: SizingContext, shares: Big): boolean {
  const { signal, strategy } = context;
  if (signal.targetPosition) return shares.lte(signal.targetPosition);
  const chosen = chosenOf(sizingBook.methods, strategy.sizing);
  if (typeof chosen === 'string') return shares.eq('0');
  const [entry, stop] = [signal.entryPrice!, signal.stopLoss!];
  const facts = { context, side: 'buy' as const, entry, stop, riskPerShare: entry.minus(stop) };
  const wish = chosen.method.wish(facts, chosen.values as never);
  return wish.found === 'nothing' ? shares.eq('0') : shares.times(wish.per).lte(wish.amount);
}

describe('an alert against a position', () => {
  const held = fc.integer({ min: -500, max: 500 });
  it('comes to where it is wanted, and never beyond', () => {
    fc.assert(
      fc.property(held, fc.integer({ min: -5000, max: 5000 }), (has, tenths) => {
        const wanted = decimal((tenths / 10).toFixed(1));
        const up = tenths > 0;
        const base = sizingContext();
        const { sized, first } = act({
          ...base,
          signal: tradeSignal({
            ...{ riskAmount: null, targetPosition: quantity(wanted), entryPrice: price('150'), takeProfit: null },
            stopLoss: price(up ? '148' : '152'),
          }),
          strategy: { ...base.strategy, allowShort: true },
          holding: holding({ held: quantity(String(has)) }),
        });
        const signed = (one: typeof sized | null) =>
          !one || one.problem || !one.side ? decimal('0') : one.side === 'buy' ? one.quantity : one.quantity.neg();
        if (first) expect(first.quantity.lte(String(Math.abs(has)))).toBe(true);
        if (sized.intent === 'exit') expect(sized.quantity.lte(String(Math.abs(has)))).toBe(true);
        const now = decimal(String(has)).plus(signed(first)).plus(signed(sized));
        expect(now.minus(wanted).abs().lt('1')).toBe(true);
        // Between where it was and where it is wanted.
        const [low, high] = wanted.lt(String(has)) ? [wanted, decimal(String(has))] : [decimal(String(has)), wanted];
        expect(now.gte(low) && now.lte(high)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('scales out by no more than is held, and in by no more than its part', () => {
    fc.assert(
      fc.property(held, scaled(0, 20, 1), scaled(0, 10, 1), fc.boolean(), (has, scaleIn, scaleOut, buy) => {
        fc.pre(has !== 0);
        const { sized, first } = act(
          sizingContext({
            signal: tradeSignal({
              ...{ side: buy ? 'buy' : 'sell', action: buy ? 'buy' : 'sell', riskAmount: null, takeProfit: null },
              stopLoss: price(buy ? '148' : '152'),
            }),
            strategy: { ...sizedBy('percent-of-position', { scaleIn, scaleOut }), allowShort: true },
            holding: holding({ held: quantity(String(has)) }),
          }),
        );
        expect(first).toBeNull();
        const part = buy === has > 0 ? scaleIn : scaleOut;
        expect(sized.quantity.lte(decimal(part).times(String(Math.abs(has))))).toBe(true);
        if (sized.problem === null) expect(sized.intent).toBe(buy === has > 0 ? 'entry' : 'exit');
      }),
    );
  });
});
