// Invariants: every notation of a class of shares and of a pair leads to the same symbol; doing it twice changes nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instrumentSymbol, isCoin } from './symbols.ts';

it.each([
  ['aapl', 'AAPL'],
  [' BRK.B ', 'BRK.B'],
  ['BRK/B', 'BRK.B'],
  ['BRK-B', 'BRK.B'],
  ['brk b', 'BRK.B'],
  ['BTC/USD', 'BTC/USD'],
  ['BTCUSD', 'BTC/USD'],
  ['btc-usd', 'BTC/USD'],
  ['ETHBTC', 'ETH/BTC'],
  ['NEWCOIN/USDT', 'NEWCOIN/USDT'],
  ['NEWCOIN-USDT', 'NEWCOIN/USDT'],
  // Not surely a pair: a share may be called so.
  ['NEWCOINUSD', 'NEWCOINUSD'],
])('%s is %s', (text, symbol) => {
  expect(instrumentSymbol(text)).toBe(symbol);
});

it.each([
  ['BTC/USD', true],
  ['NEWCOIN/USDT', true],
  ['BRK.B', false],
  ['AAPL', false],
  ['EUR/USD', false],
  ['GBP/EUR', false],
])('%s as a coin: %s', (symbol, coin) => {
  expect(isCoin(symbol)).toBe(coin);
});

it('classes are the same in every notation', () => {
  const letters = (most: number) => fc.string({ unit: fc.constantFrom(...'ABKQXZ'), minLength: 1, maxLength: most });
  fc.assert(
    fc.property(letters(5), letters(1), (share, of) => {
      const written = ['.', '/', '-'].map((mark) => instrumentSymbol(`${share}${mark}${of}`));
      expect(new Set(written)).toEqual(new Set([`${share}.${of}`]));
    }),
  );
});

it('twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABCDESTUabc01./- ') }), (text) => {
      const once = instrumentSymbol(text);
      expect(instrumentSymbol(once)).toBe(once);
    }),
  );
});
