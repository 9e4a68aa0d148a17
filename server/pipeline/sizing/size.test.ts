import { describe, expect, it } from 'vitest';
import { money, price, quantity, text } from '../../core/decimal.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import { noTerms } from '../../core/model/signal-terms.ts';
import { alertContext } from '../../testing/sizing-context.ts';
import { size as sizeOf } from './size.ts';

const size = (...alert: Parameters<typeof alertContext>) => sizeOf(alertContext(...alert));

/** What an alert of the first kind does not say. */
const plain = {
  quantity: null,
  portion: null,
  takeProfits: [],
  trailAmount: null,
  trailPercent: null,
  breakEvenOffset: null,
  confidence: null,
  targetPosition: null,
  previousPosition: null,
  previousSize: null,
  account: null,
};
const signal = (change: Partial<TradeSignal> = {}): TradeSignal => ({
  action: change.side ?? 'buy',
  side: 'buy',
  ticker: 'AAPL',
  requestedMode: 'paper',
  riskAmount: money('100'),
  entryPrice: price('150.25'),
  stopLoss: price('148.50'),
  takeProfit: price('155'),
  ...noTerms,
  ...plain,
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

  it('sells at the bid and mirrors everything for a short', () => {
    const bare = signal({ side: 'sell', entryPrice: null, stopLoss: null, takeProfit: null });
    const sized = size(bare, { ...strategy, allowShort: true }, quote, null);
    // 149.99 and 1 % is 151.4899, rounded away from the entry; the target is two risks of 1.50 below.
    expect(sized.record).toMatchObject({
      entryPrice: '149.99',
      stopLoss: '151.49',
      takeProfit: '146.99',
      quantity: '66',
    });
  });

  it('has no target when the strategy names none, or when a short’s would lie at zero or below', () => {
    const bare = signal({ takeProfit: null });
    expect(size(bare, { ...strategy, takeProfitRiskMultiple: null }, quote, null).takeProfit).toBeNull();
    const short = signal({ side: 'sell', entryPrice: price('10'), stopLoss: price('15'), takeProfit: null });
    expect(size(short, { ...strategy, allowShort: true }, quote, null)).toMatchObject({
      takeProfit: null,
      problem: null,
    });
  });

  it('counts in hundredths of a cent below a dollar', () => {
    const penny = { symbol: 'PNNY', bid: price('0.7310'), ask: price('0.7312'), at: quote.at };
    const sized = size(
      signal({ ticker: 'PNNY', entryPrice: null, stopLoss: null, takeProfit: null }),
      strategy,
      penny,
      null,
    );
    // 0.7312 less 1 % is 0.723888; twice the risk of 0.0074 above is 0.746.
    expect(sized.record).toMatchObject({
      stopLoss: '0.7238',
      riskPerShare: '0.0074',
      takeProfit: '0.746',
      quantity: '13513',
    });
  });

  it('sends an alert’s prices on the venue’s grid, and is sized by what the alert says', () => {
    const scripted = signal({
      entryPrice: price('150.2537'),
      stopLoss: price('148.5021'),
      takeProfit: price('155.0099'),
    });
    const limited = { ...strategy, entryType: 'limit' as const };
    const sized = size(scripted, limited, quote, null);
    expect(text(sized.quantity)).toBe('57');
    expect([sized.terms.limitPrice, sized.stopLoss, sized.takeProfit].map((sent) => sent && text(sent))).toEqual([
      '150.25',
      '148.51',
      '155',
    ]);
    expect(sized.record).toMatchObject({ stopLoss: '148.5021', riskPerShare: '1.7516' });
    expect(sized.record.sentence).toMatch(/= 57 shares\. The stop is sent as 148\.51, on the venue's grid\.$/);
    const short = size(
      { ...scripted, side: 'sell', stopLoss: price('152.0021') },
      { ...limited, allowShort: true },
      quote,
      null,
    );
    expect([short.terms.limitPrice, short.stopLoss].map((sent) => sent && text(sent))).toEqual(['150.26', '152']);
  });

  it('takes no stop that the market has passed, nor one within a tick of the entry', () => {
    expect(size(signal({ entryPrice: null, stopLoss: price('151') }), strategy, quote, null).problem).toEqual({
      code: 'RISK_STOP_SIDE',
      sentence: 'Not sent: the stop 151 is not below the entry 150.01.',
    });
    const near = signal({ entryPrice: price('150.25'), stopLoss: price('150.241') });
    expect(size(near, strategy, quote, null).problem?.code).toBe('RISK_STOP_SIDE');
    expect(size(signal({ stopLoss: null }), { ...strategy, stopDistance: '1' }, quote, null).problem?.code).toBe(
      'RISK_NO_STOP',
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

  it('sizes less than a share to nothing, and says so', () => {
    const reduce = { ...strategy, exit: 'reduce' as const };
    const small = { ...sell, riskAmount: money('1') };
    expect(size(small, reduce, quote, { quantity: quantity('80') }).problem?.code).toBe('RISK_ZERO_QUANTITY');
  });

  it('means entries that are not filled yet, too', () => {
    const unfilled = size(sell, strategy, quote, null, quantity('50'));
    expect(unfilled).toMatchObject({ intent: 'exit', problem: null });
    expect(unfilled.record.sentence).toBe('Closes 50 of 50 AAPL long, 50 of them not filled yet.');
    const partly = size(sell, strategy, quote, { quantity: quantity('20') }, quantity('30'));
    expect(partly.record.sentence).toBe('Closes 50 of 50 AAPL long, 30 of them not filled yet.');
    expect(size(signal(), strategy, quote, null, quantity('-30')).intent).toBe('exit');
    expect(size(signal(), strategy, quote, null, quantity('30')).intent).toBe('entry');
  });

  it('needs no price', () => {
    const bare = signal({ side: 'sell', entryPrice: null, stopLoss: null, takeProfit: null });
    const sized = size(bare, strategy, null, { quantity: quantity('80') });
    expect(sized).toMatchObject({ intent: 'exit', referencePrice: null, problem: null });
    expect(text(sized.quantity)).toBe('80');
  });
});
