import { type Big, type Quantity, quantity, rounding, wholeShares } from './decimal.ts';

/** Coins whose pairs are traded, as the symbols of their venues name them. */
const coins =
  'AAVE AVAX BAT BCH BTC CRV DOGE DOT ETH GRT LINK LTC MKR PEPE SHIB SOL SUSHI UNI USDC USDT XRP XTZ YFI'.split(' ');
const currencies = ['USD', 'USDC', 'USDT', 'BTC'];
const joined = new Map(
  coins.flatMap((coin) => currencies.filter((one) => one !== coin).map((one) => [`${coin}${one}`, `${coin}/${one}`])),
);

/** Whether a symbol is a pair of coins: those are written with a slash, and nothing else is. */
export const isPair = (symbol: string): boolean => symbol.includes('/');

/** A pair as brokers write it: charts name it `BTCUSD`. What is not surely a pair stays as it is. */
export const withPairsSlash = (ticker: string): string => joined.get(ticker) ?? ticker;

/** Decimals in which coins are counted. */
const coinDecimals = 9;

/** The quantity that can be traded of a symbol, never more than asked for: whole shares, and coins to nine decimals. */
export const tradable = (symbol: string, value: Big): Quantity =>
  isPair(symbol) ? quantity(value.round(coinDecimals, rounding.towardZero)) : wholeShares(value);
