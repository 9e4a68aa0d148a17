// Invariants: what the stop costs is never above the risk amount, and one share more would be; the quantity is whole; an exit never
// exceeds what is held and carries no protection.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, money, price, quantity, text } from '../../core/decimal.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { size } from './size.ts';

const signal = (change: Partial<TradeSignal> = {}): TradeSignal => ({
  side: 'buy',
  ticker: 'AAPL',
  requestedMode: 'paper',
  riskAmount: money('100'),
  entryPrice: price('150.25'),
  stopLoss: price('148.50'),
  takeProfit: price('155'),
  firedAt: null,
  alertId: null,
  strategy: 'default',
  timeframe: null,
  ...change,
});
const quote = { symbol: 'AAPL', bid: price('149.99'), ask: price('150.01'), at: new Date('2026-11-20T15:00:00Z') };
const strategy = defaultStrategySettings;

describe('an entry', () => {
  it('is floor(risk / |entry - stop|)', () => {
    const sized = size(signal(), strategy, quote, null);
    expect(text(sized.quantity)).toBe('57');
    expect(sized.record.sentence).toBe('100 at risk / 1.75 a share (entry 150.25, stop 148.5) = 57 shares.');
  });

  it('takes the far side of the quote and the strategy’s distances in the short form', () => {
    const sized = size(signal({ entryPrice: null, stopLoss: null, takeProfit: null }), strategy, quote, null);
    // 150.01 less 1 % is 148.5099, rounded away from the entry; the target is two risks of 1.51 above.
    expect(sized.record).toMatchObject({
      entryPrice: '150.01',
      entryFrom: 'quote',
      stopLoss: '148.5',
      stopFrom: 'strategy',
      takeProfit: '153.03',
      takeProfitFrom: 'strategy',
      riskPerShare: '1.51',
      quantity: '66',
    });
  });

  it('opens no short unless the strategy allows it', () => {
    const short = signal({ side: 'sell', stopLoss: price('152'), takeProfit: price('145') });
    expect(size(short, strategy, quote, null).problem?.code).toBe('RISK_SHORT_NOT_ALLOWED');
    const bare = signal({ side: 'sell', entryPrice: null, stopLoss: null, takeProfit: null });
    expect(size(bare, strategy, quote, null).problem?.code).toBe('RISK_NOTHING_TO_CLOSE');
    const allowed = size(short, { ...strategy, allowShort: true }, quote, null);
    expect(allowed).toMatchObject({ intent: 'entry', problem: null });
    expect(text(allowed.quantity)).toBe('57');
  });

  it('says so when the risk buys no share, or there is no price', () => {
    expect(size(signal({ riskAmount: money('1') }), strategy, quote, null).problem?.code).toBe('RISK_ZERO_QUANTITY');
    expect(size(signal({ entryPrice: null }), strategy, null, null).problem?.code).toBe('RISK_NO_QUOTE');
  });

  it('never risks more than the risk amount, and never a share less than it could', () => {
    const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2));
    fc.assert(
      fc.property(
        cents(200, 90_000),
        cents(1, 5000),
        cents(100, 1_000_000),
        fc.boolean(),
        (entry, distance, risk, buy) => {
          const e = decimal(entry);
          const stop = buy ? e.minus(distance) : e.plus(distance);
          if (stop.lte('0')) return;
          const sized = size(
            signal({
              side: buy ? 'buy' : 'sell',
              entryPrice: price(e),
              stopLoss: price(stop),
              riskAmount: money(risk),
            }),
            { ...strategy, allowShort: true },
            quote,
            null,
          );
          const perShare = decimal(distance);
          expect(sized.quantity.times(perShare).lte(risk)).toBe(true);
          expect(sized.quantity.plus('1').times(perShare).gt(risk)).toBe(true);
          expect(sized.quantity.round(0, 0).eq(sized.quantity)).toBe(true);
        },
      ),
    );
  });
});

describe('an exit', () => {
  const sell = signal({ side: 'sell', stopLoss: price('152'), takeProfit: price('145') });

  it('closes the whole position by default, without protection', () => {
    const sized = size(sell, strategy, quote, { quantity: quantity('80') });
    expect(sized).toMatchObject({ intent: 'exit', stopLoss: null, takeProfit: null, problem: null });
    expect(text(sized.quantity)).toBe('80');
  });

  it('covers a short with a buy', () => {
    const sized = size(signal(), strategy, quote, { quantity: quantity('-30') });
    expect(sized.intent).toBe('exit');
    expect(text(sized.quantity)).toBe('30');
  });

  it('reduces by risk when the strategy says so, at most to nothing', () => {
    const reduce = { ...strategy, exit: 'reduce' as const };
    expect(text(size(sell, reduce, quote, { quantity: quantity('80') }).quantity)).toBe('57');
    expect(text(size(sell, reduce, quote, { quantity: quantity('20') }).quantity)).toBe('20');
  });
});
