import { describe, expect, it } from 'vitest';
import { decimal, text } from './decimal.ts';
import { isPair, tradable, withPairsSlash } from './pairs.ts';

describe('pairs of coins', () => {
  it('are written with a slash, however a chart names them; what is not surely one stays', () => {
    expect(['BTCUSD', 'ETHUSDT', 'BTC/USD'].map(withPairsSlash)).toEqual(['BTC/USD', 'ETH/USDT', 'BTC/USD']);
    expect(['AAPL', 'UNI', 'BTCEUR', 'XUSD'].map(withPairsSlash)).toEqual(['AAPL', 'UNI', 'BTCEUR', 'XUSD']);
    expect([isPair('BTC/USD'), isPair('AAPL')]).toEqual([true, false]);
  });

  it('are traded in nine decimals, shares whole, and never more than was asked for', () => {
    expect(text(tradable('BTC/USD', decimal('0.1234567899')))).toBe('0.123456789');
    expect(text(tradable('AAPL', decimal('10.9')))).toBe('10');
  });
});
