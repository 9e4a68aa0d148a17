import { withPairsSlash } from '../pairs.ts';

/** What coins are priced in. */
const currencies = 'USD|USDC|USDT|BTC|EUR|GBP';
/** A pair of two of these is foreign exchange, and no coin. */
const money = 'USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|CNH|HKD|SEK|NOK|MXN';
const pair = new RegExp(`^([A-Z0-9]{2,10})[-/](${currencies})$`);

/** Matches a pair of a coin, as `instrumentSymbol` writes it; for regular expressions here and in PostgreSQL. */
export const coinPattern = `^(?!(?:${money})/)[A-Z0-9]+/(?:${currencies})$`;
const coin = new RegExp(coinPattern);

/**
 * A symbol as the table of instruments has it: upper case, classes of shares after a point (`BRK.B`, also for `BRK/B` and `BRK-B`), pairs
 * of coins with a slash (`BTC/USD`, also for `BTCUSD` and `BTC-USD`). Doing it twice changes nothing.
 */
export function instrumentSymbol(text: string): string {
  const symbol = text.trim().toUpperCase();
  const known = withPairsSlash(symbol.replace(/[-/]/, ''));
  if (known.includes('/') && (known === symbol.replace('-', '/') || !/[-/]/.test(symbol))) return known;
  const [, base, currency] = pair.exec(symbol) ?? [];
  if (base) return `${base}/${currency}`;
  return symbol.replaceAll(/[-/ ]/g, '.');
}

/** Whether a symbol, as `instrumentSymbol` writes it, is a pair of a coin. */
export const isCoin = (symbol: string): boolean => coin.test(symbol);
