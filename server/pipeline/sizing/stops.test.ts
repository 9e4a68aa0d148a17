import { describe, expect, it } from 'vitest';
import { decimal, price, text } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import { noMarketFacts, tradeSignal } from '../../testing/risk-context.ts';
import { dailyBars, sizingContext } from '../../testing/sizing-context.ts';
import { sizeEntry } from './size.ts';

/** Closes 150 and 151 in turn, with a range of 3: an ATR of 3, a low of 148.5 and a high of 152.5. */
const bars = (days: number, range = '3'): readonly Bar[] =>
  dailyBars(
    Array.from({ length: days }, (_, i) => decimal(range === '0' ? '150' : i % 2 === 0 ? '150' : '151')),
    decimal(range),
  );

function placed(
  side: 'buy' | 'sell',
  method: string,
  parameters: Record<string, string | number>,
  known: readonly Bar[] | null,
) {
  const sized = sizeEntry(
    side,
    sizingContext({
      signal: tradeSignal({ side, entryPrice: price('150.25'), stopLoss: null, takeProfit: null }),
      strategy: { ...defaultStrategySettings, allowShort: true, stop: { method, parameters } },
      market: { ...noMarketFacts, dailyBars: () => known },
    }),
  );
  return sized.problem ?? { stop: text(sized.stopLoss!), target: text(sized.takeProfit!), how: sized.record.stopHow };
}

describe('a stop', () => {
  it.each([
    ['buy', 'percent', {}, null, '148.74', '153.27', 'The stop is 1 % below the entry.'],
    ['sell', 'percent', {}, null, '151.76', '147.23', 'The stop is 1 % above the entry.'],
    [
      'buy',
      'atr',
      { multiple: '2', period: 14 },
      bars(15),
      '144.25',
      '162.25',
      'The stop is 2 × ATR(14) of 3 below the entry.',
    ],
    [
      'sell',
      'atr',
      { multiple: '2', period: 14 },
      bars(15),
      '156.25',
      '138.25',
      'The stop is 2 × ATR(14) of 3 above the entry.',
    ],
    ['buy', 'swing', { period: 10 }, bars(10), '148.5', '153.75', 'The stop is at the lowest low of 10 days, 148.5.'],
    [
      'sell',
      'swing',
      { period: 10 },
      bars(10),
      '152.5',
      '145.75',
      'The stop is at the highest high of 10 days, 152.5.',
    ],
    [
      'buy',
      'swing',
      { period: 10, beyond: '0.001' },
      bars(10),
      '148.35',
      '154.05',
      'The stop is 0.1 % beyond the lowest low of 10 days, 148.5.',
    ],
    [
      'buy',
      'chandelier',
      { multiple: '2', period: 22 },
      bars(23),
      '146.5',
      '157.75',
      'The stop hangs 2 × ATR(22) under the highest high of 22 days, at 146.5.',
    ],
    [
      'sell',
      'chandelier',
      { multiple: '2', period: 22 },
      bars(23),
      '154.5',
      '141.75',
      'The stop hangs 2 × ATR(22) over the lowest low of 22 days, at 154.5.',
    ],
  ] as const)('of a %s by %s %j', (side, method, parameters, known, stop, target, how) => {
    expect(placed(side, method, parameters, known)).toEqual({ stop, target, how });
  });

  it.each([
    ['atr', { period: 14 }, null, 'the daily bars of AAPL are not known, and 15 are needed.'],
    ['atr', { period: 14 }, bars(14), '14 daily bars of AAPL are known, and 15 are needed.'],
    ['atr', { period: 14 }, bars(15, '0'), 'AAPL has not moved in 14 days.'],
    ['swing', { period: 10 }, null, 'the daily bars of AAPL are not known, and 10 are needed.'],
    ['swing', { period: 10 }, bars(9), '9 daily bars of AAPL are known, and 10 are needed.'],
    ['chandelier', { period: 22 }, null, 'the daily bars of AAPL are not known, and 23 are needed.'],
    ['chandelier', { period: 22 }, bars(22), '22 daily bars of AAPL are known, and 23 are needed.'],
    ['chandelier', { period: 22, multiple: '100' }, bars(23), 'the chandelier of AAPL would hang at zero or below.'],
  ])('by %s %j is refused, and never guessed', (method, parameters, known, sentence) => {
    expect(placed('buy', method, parameters, known)).toEqual({
      code: 'RISK_NO_STOP',
      sentence: `Not sent: the alert has no stop, and ${sentence}`,
    });
  });

  it.each(['atr', 'swing', 'chandelier'])('by %s is none from bars that cannot be meant', (method) => {
    const broken = [...bars(30)].reverse();
    expect(placed('buy', method, {}, broken)).toMatchObject({ code: 'RISK_NO_STOP' });
  });

  it('below zero is none, and one that the price has passed is refused', () => {
    expect(placed('buy', 'atr', { multiple: '100', period: 14 }, bars(15))).toMatchObject({ code: 'RISK_NO_STOP' });
    const high = dailyBars(Array(10).fill(decimal('200')), decimal('2'));
    expect(placed('buy', 'swing', { period: 10 }, high)).toMatchObject({ code: 'RISK_STOP_SIDE' });
  });

  it('of the alert counts before the strategy’s, and needs no bars', () => {
    const context = sizingContext({
      strategy: { ...defaultStrategySettings, stop: { method: 'atr', parameters: {} } },
    });
    const { problem, record } = sizeEntry('buy', context);
    expect({ problem, from: record.stopFrom, how: record.stopHow }).toEqual({ problem: null, from: 'alert' });
  });
});
