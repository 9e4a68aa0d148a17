// Invariants, of any alerts of a script some of which are lost, for a strategy that converges:
// 1. After each alert that arrives, what is held is on the side that the script is on: never on the other, and not where the script is flat.
// 2. It is nothing where the script is on a side only after an exit of a part, as an exit opens nothing.
// 3. No entry is larger than its alert asks for, and no exit than what is held.
// 4. An exit that is told twice closes once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantity, text, zeroQuantity } from '../../core/decimal.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { Side, TradeSignal } from '../../core/model/signal.ts';
import { tradeSignal } from '../../testing/risk-context.ts';
import { holding, sizingContext } from '../../testing/sizing-context.ts';
import { orderBetween } from '../intake/strategy-position.ts';
import { findGap } from '../sequence/find-gap.ts';
import { type Acting, act } from './act.ts';
import { converge } from './converge.ts';

const nothingKnown = { quarantine: null, waiting: false, overtaken: false, apart: null };
const strategy = { ...defaultStrategySettings, allowShort: true };

/** Where the script goes next, in its own shares, and whether the alert of it arrives. */
const moves = fc.array(fc.record({ to: fc.integer({ min: -9, max: 9 }), arrives: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});

/** The alert of a script's way from one position to another, as TradingView's text tells it. */
function alertOf(from: number, to: number): TradeSignal {
  const side: Side = to > from ? 'buy' : 'sell';
  const order = orderBetween(side, quantity(String(from)), quantity(String(to)));
  const stopLoss = null;
  return tradeSignal({
    ...{ ...order, riskAmount: null, entryPrice: null, stopLoss, takeProfit: null, timeframe: null },
    targetPosition: null,
  });
}

function decide(signal: TradeSignal, held: number, compare: 'side' | 'size'): Acting {
  const shares = quantity(String(held));
  const settings = { act: 'converge', compare, sizeDifference: '0' } as const;
  const gap = findGap({
    ...{
      signal,
      settings,
      weight: '1',
      held: shares,
      open: [],
      sequence: nothingKnown,
      repeated: false,
      shadow: false,
    },
  });
  const context = sizingContext({ signal, strategy, holding: holding({ held: shares }) });
  return gap?.act === 'converge' ? converge(context, gap) : act(context);
}

/** What is held once everything is filled; checks the sizes on the way. */
function carryOut({ first, sized }: Acting, held: number, asked: number): number {
  let now = held;
  for (const one of first ? [first, sized] : [sized]) {
    if (one.problem !== null || one.side === null) continue;
    const shares = Number(text(one.quantity));
    if (one.intent === 'exit') {
      expect(shares).toBeLessThanOrEqual(Math.abs(now));
      expect(Math.sign(now)).toBe(one.side === 'sell' ? 1 : -1);
    } else expect(shares).toBeLessThanOrEqual(asked);
    now += one.side === 'buy' ? shares : -shares;
  }
  return now;
}

it.each(['side', 'size'] as const)('keeps the side of the script, comparing by %s', (compare) => {
  fc.assert(
    fc.property(moves, (way) => {
      let script = 0;
      let held = 0;
      for (const { to, arrives } of way) {
        if (to === script) continue;
        const before = script;
        script = to;
        if (!arrives) continue;
        const signal = alertOf(before, to);
        held = carryOut(decide(signal, held, compare), held, Number(text(signal.quantity ?? zeroQuantity)));
        const part = Math.sign(before) === Math.sign(to) && Math.abs(to) < Math.abs(before);
        if (part && held === 0) continue;
        expect(Math.sign(held)).toBe(Math.sign(script));
        // Where sizes count as well, more than the script holds is never kept.
        if (compare === 'size') expect(Math.abs(held)).toBeLessThanOrEqual(Math.abs(script));
      }
    }),
    { numRuns: 500 },
  );
});

it('follows the script share by share where nothing is lost', () => {
  fc.assert(
    fc.property(moves, (way) => {
      let script = 0;
      let held = 0;
      for (const { to } of way) {
        if (to === script) continue;
        const signal = alertOf(script, to);
        const acting = decide(signal, held, 'size');
        held = carryOut(acting, held, Number(text(signal.quantity ?? zeroQuantity)));
        script = to;
        expect(held).toBe(script);
      }
    }),
  );
});

it('closes once what an alert that comes twice asks to be closed', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (held, from) => {
      fc.pre(from !== 0);
      // An exit: of its second telling, whatever the first one left, nothing is sent.
      const signal = alertOf(from, 0);
      const after = carryOut(decide(signal, held, 'side'), held, 0);
      expect(after).toBe(0);
      expect(decide(signal, after, 'side').sized.problem).not.toBeNull();
    }),
  );
});
