// Invariants: an entry is sized by the price it can fill at; distances are measured from the alert's entry price; what a term cannot be
// is a refusal with its own code, and nothing else is sent in its place.
import { describe, expect, it } from 'vitest';
import { decimal, money, price, quantity, text } from '../../core/decimal.ts';
import { orderClassOf } from '../../core/model/order-terms.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { openOrder, tradeSignal } from '../../testing/risk-context.ts';
import { holding, sizingContext } from '../../testing/sizing-context.ts';
import { act } from './act.ts';
import { plansOf } from './plans.ts';

const shorts = { ...defaultStrategySettings, allowShort: true };
const long = (shares = '40') => holding({ held: quantity(shares), cost: money('6000') });
/** 149.99 to 150.01; an entry at 150 with a stop at 148 and a target at 155 unless told. */
const acted = (change: Partial<TradeSignal>, has = holding(), equity = money('100000')) =>
  act(sizingContext({ signal: tradeSignal(change), strategy: shorts, holding: has, equity }));
const plans = (change: Partial<TradeSignal>, has = holding()) => {
  const acting = acted(change, has);
  expect(acting.sized.problem).toBeNull();
  return plansOf(acting, false, { symbol: 'AAPL', holding: has, lastKnownPrice: price('150') });
};
const shown = (one: ReturnType<typeof plans>[number]) => ({
  ...{ type: one.type, side: one.side, quantity: text(one.quantity), tif: one.timeInForce, sentAs: orderClassOf(one) },
  limit: one.limitPrice && text(one.limitPrice),
  trigger: one.stopPrice ? text(one.stopPrice) : null,
});
const codeOf = (change: Partial<TradeSignal>, has = holding()) => acted(change, has).sized.problem?.code ?? null;

describe('the order type of an entry', () => {
  it('is the price that its size and its risk go by', () => {
    const limit = { orderType: 'limit', limitPrice: price('149') } as const;
    // 100 at risk over 149 to 148.
    expect(plans(limit).map(shown)).toEqual([
      { type: 'limit', side: 'buy', quantity: '100', tif: 'gtc', sentAs: 'bracket', limit: '149', trigger: null },
    ]);
    expect(acted(limit).sized).toMatchObject({ restsAt: price('149'), referencePrice: price('149') });
    expect(acted(limit).sized.record.sentence).toBe(
      '100 at risk / 1 a share (entry 149, stop 148) = 100 shares. Sent as a limit order at 149.',
    );
  });

  it('goes without legs where a venue makes none', () => {
    const stop = { orderType: 'stop', stopPrice: price('152') } as const;
    expect(plans(stop).map(shown)).toEqual([
      { type: 'stop', side: 'buy', quantity: '25', tif: 'gtc', sentAs: 'simple', limit: null, trigger: '152' },
    ]);
    const stopLimit = { orderType: 'stop_limit', stopPrice: price('152'), limitPrice: price('152.5') } as const;
    expect(plans(stopLimit).map(shown)).toEqual([
      { type: 'stop_limit', side: 'buy', quantity: '22', tif: 'gtc', sentAs: 'simple', limit: '152.5', trigger: '152' },
    ]);
    const [trailing] = plans({ orderType: 'trailing_stop', entryTrailPercent: decimal('1') });
    // At the ask of 150.01, 1.5001 above, up to the tick: 151.52.
    expect([trailing!.type, trailing!.trail, text(trailing!.referencePrice)]).toEqual([
      'trailing_stop',
      { percent: decimal('1') },
      '151.52',
    ]);
    expect(trailing!.stopLoss).toEqual(price('148'));
    expect(orderClassOf(trailing!)).toBe('simple');
  });

  it.each([
    ['RISK_NO_ORDER_PRICE', { orderType: 'stop' }],
    ['RISK_NO_ORDER_PRICE', { orderType: 'stop_limit', stopPrice: price('152') }],
    ['RISK_NO_ORDER_PRICE', { orderType: 'trailing_stop' }],
    ['RISK_TRIGGER_SIDE', { orderType: 'stop', stopPrice: price('150') }],
    ['RISK_STOP_SIDE', { orderType: 'limit', limitPrice: price('147') }],
  ] as const)('is %s where it cannot be', (code, change) => {
    expect(codeOf(change)).toBe(code);
  });

  it('is the strategy’s where the alert leaves it open', () => {
    const strategy = { ...shorts, entryType: 'limit' as const };
    const acting = act(sizingContext({ signal: tradeSignal(), strategy }));
    expect(acting.sized).toMatchObject({ terms: { type: 'limit', limitPrice: price('150') }, restsAt: null });
  });
});

describe('times in force', () => {
  it('of a limit for the day leave its stop to the watch, as legs would end with the day; at the market they are the same', () => {
    const day = { orderType: 'limit', limitPrice: price('149'), timeInForce: 'day' } as const;
    expect(plans(day).map(shown)).toMatchObject([{ tif: 'day', sentAs: 'simple' }]);
    expect(plans({ timeInForce: 'day' }).map(shown)).toMatchObject([{ tif: 'gtc', sentAs: 'bracket' }]);
    expect(plans({ timeInForce: 'ioc' }).map(shown)).toMatchObject([{ tif: 'ioc', sentAs: 'simple' }]);
  });

  it('are for the day in extended hours, and without legs', () => {
    const extended = { orderType: 'limit', limitPrice: price('149'), extendedHours: true } as const;
    const [plan] = plans(extended);
    expect(plan).toMatchObject({ extendedHours: true, timeInForce: 'day', stopLoss: price('148') });
    expect(orderClassOf(plan!)).toBe('simple');
  });
});

describe('distances', () => {
  const bare = { stopLoss: null, takeProfit: null } as const;
  const levels = (change: Partial<TradeSignal>) => {
    const { sized } = acted({ ...bare, ...change });
    return [sized.stopLoss, sized.takeProfit].map((one) => one && text(one));
  };
  it.each([
    ['percent', { stopLossPercent: decimal('2'), takeProfitPercent: decimal('4') }, ['147', '156']],
    ['amount', { stopLossAmount: price('1.5'), takeProfitAmount: price('3') }, ['148.5', '153']],
    ['risk', { stopLossAmount: price('1.5'), takeProfitRisk: decimal('3') }, ['148.5', '154.5']],
    [
      'percent of the quote',
      { entryPrice: null, stopLossPercent: decimal('2'), takeProfitRisk: decimal('1') },
      ['147', '153.02'],
    ],
    [
      'the price of the signal, not the limit',
      { orderType: 'limit', limitPrice: price('149'), stopLossPercent: decimal('2'), takeProfitAmount: price('3') },
      ['147', '153'],
    ],
  ] as const)('by %s', (_, change, expected) => {
    expect(levels(change)).toEqual(expected);
  });

  it('lie on the other sides of a short', () => {
    const short = { side: 'sell', stopLossPercent: decimal('2'), takeProfitRisk: decimal('2') } as const;
    expect(levels(short)).toEqual(['153', '144']);
  });

  it('are told, and a target that is no price is refused', () => {
    const { sized } = acted({ ...bare, stopLossPercent: decimal('2') });
    expect(sized.record.sentence).toContain('The stop is 2 % below 150, as the alert says.');
    expect(sized.record).toMatchObject({ stopFrom: 'alert', riskPerShare: '3' });
    expect(codeOf({ ...bare, side: 'sell', stopLossPercent: decimal('2'), takeProfitPercent: decimal('100') })).toBe(
      'RISK_NO_TARGET',
    );
  });

  it('of a stop-limit go along as its limit', () => {
    const [plan] = plans({ stopLossLimit: price('147.5') });
    expect(plan).toMatchObject({ stopLoss: price('148'), stopLossLimit: price('147.5') });
  });
});

describe('a quantity kind', () => {
  const named = { riskAmount: null };
  it.each([
    [{ kind: 'notional', value: decimal('3000') }, '20'],
    [{ kind: 'percent_of_equity', value: decimal('5') }, '33'],
    [{ kind: 'percent_risk', value: decimal('0.5') }, '250'],
  ] as const)('%o sizes the entry, whatever the strategy’s method is', (sizeBy, expected) => {
    const strategy = { ...shorts, sizing: { method: 'fixed-quantity', parameters: { quantity: '7' } } };
    const acting = act(sizingContext({ signal: tradeSignal({ ...named, sizeBy }), strategy }));
    expect(text(acting.sized.quantity)).toBe(expected);
  });

  it('is held to the strategy’s bounds', () => {
    const strategy = { ...shorts, bounds: { ...shorts.bounds, maxQuantity: '8' } };
    const signal = tradeSignal({ ...named, sizeBy: { kind: 'notional', value: decimal('3000') } });
    expect(text(act(sizingContext({ signal, strategy })).sized.quantity)).toBe('8');
  });

  it('of the position scales it in and out, and is refused where nothing is held', () => {
    const sizeBy = { kind: 'percent_of_position', value: decimal('25') } as const;
    const add = acted({ ...named, sizeBy }, long()).sized;
    const less = acted({ ...named, sizeBy, side: 'sell' }, long()).sized;
    expect([add.intent, text(add.quantity), less.intent, text(less.quantity)]).toEqual(['entry', '10', 'exit', '10']);
    expect(codeOf({ ...named, sizeBy })).toBe('RISK_NO_SIZE');
  });
});

describe('against what is held', () => {
  const sell = { side: 'sell', stopLoss: price('152'), takeProfit: price('145') } as const;
  it('a sell closes, reverses or is refused, as the alert says', () => {
    expect(plans(sell, long()).map(shown)).toMatchObject([{ side: 'sell', quantity: '40' }]);
    expect(plans({ ...sell, opposite: 'close' }, long()).map(shown)).toMatchObject([{ side: 'sell', quantity: '40' }]);
    const reversal = plans({ ...sell, opposite: 'reverse' }, long());
    expect(reversal.map(shown)).toMatchObject([{ quantity: '40' }, { quantity: '50', sentAs: 'bracket' }]);
    expect(reversal[1]!.after).toEqual({ step: 0, when: 'closed' });
    expect(codeOf({ ...sell, opposite: 'reject' }, long())).toBe('RISK_OPPOSITE_HELD');
  });

  it('a buy adds or is refused; with nothing held all of them enter', () => {
    expect(codeOf({ whenHeld: 'reject' }, long())).toBe('RISK_ALREADY_HELD');
    expect(codeOf({ whenHeld: 'reject' }, holding({ entering: quantity('10') }))).toBe('RISK_ALREADY_HELD');
    expect(acted({ whenHeld: 'add' }, long()).sized).toMatchObject({ intent: 'entry', problem: null });
    const alone = { ...sell, opposite: 'reverse', whenHeld: 'reject' } as const;
    expect(plans(alone).map(shown)).toMatchObject([{ side: 'sell', quantity: '50' }]);
  });

  it('open entries are cancelled first, and the new one waits for their end', () => {
    const has = holding({ entering: quantity('10'), open: [openOrder({ orderId: 'before' })] });
    const acting = acted({ cancelFirst: true, whenHeld: 'reject' }, has);
    expect(acting).toMatchObject({ cancels: ['before'], clears: 'before', sized: { problem: null } });
    const [plan] = plans({ cancelFirst: true }, has);
    expect(plan!.after).toEqual({ step: 0, when: 'cleared', orderId: 'before' });
    expect(plans({ cancelFirst: true })[0]!.after).toBeNull();
  });

  it('a cancel that names a side leaves the entries on the other one', () => {
    const has = holding({ entering: quantity('10'), open: [openOrder({ orderId: 'long', side: 'buy' })] });
    expect(acted({ action: 'cancel', side: 'buy' }, has).cancels).toEqual(['long']);
    expect(acted({ action: 'cancel', side: null }, has).cancels).toEqual(['long']);
    expect(codeOf({ action: 'cancel', side: 'sell' }, has)).toBe('RISK_NOTHING_TO_CANCEL');
  });
});

describe('an exit', () => {
  const exit = { action: 'exit', side: null, riskAmount: null, stopLoss: null, takeProfit: null } as const;
  it('may have a limit and a time, and is refused as a stop', () => {
    const limited = { ...exit, orderType: 'limit', limitPrice: price('151'), timeInForce: 'ioc' } as const;
    expect(plans(limited, long()).map(shown)).toMatchObject([{ type: 'limit', limit: '151', tif: 'ioc' }]);
    expect(codeOf({ ...exit, orderType: 'stop', stopPrice: price('149') }, long())).toBe('RISK_TERMS_NOT_TAKEN');
    expect(plans({ ...exit, extendedHours: true }, long())[0]).not.toHaveProperty('extendedHours');
  });

  it('by a sell with a limit waits for it too, rather than closing at any price', () => {
    const sell = { side: 'sell', orderType: 'limit', limitPrice: price('153'), stopLoss: null } as const;
    expect(plans(sell, long()).map(shown)).toMatchObject([{ type: 'limit', limit: '153', quantity: '40' }]);
  });
});
