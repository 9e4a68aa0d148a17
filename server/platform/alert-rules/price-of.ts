import { type Big, type Price, text } from '../../core/decimal.ts';
import { midpoint } from '../../core/model/market.ts';
import type { Looked } from './kind.ts';
import type { AlertReadings } from './readings.ts';

/** A quote that is older says nothing of the price now. */
const oldestMs = 5 * 60_000;

/** The middle of bid and ask, or why there is none. */
export async function priceOf(
  readings: AlertReadings,
  symbol: string,
): Promise<{ readonly price: Price } | Extract<Looked, { kind: 'unreadable' }>> {
  const quote = await readings.quote(symbol);
  if (quote === null) return { kind: 'unreadable', sentence: `There is no price of ${symbol}.` };
  if (readings.now().getTime() - quote.at.getTime() > oldestMs) {
    return { kind: 'unreadable', sentence: `No price of ${symbol} since ${quote.at.toISOString()}.` };
  }
  return { price: midpoint(quote) };
}

/** As people write it, to a cent at least and four digits at most. */
export const shownPrice = (price: Big): string => {
  const exact = text(price.round(4));
  const [whole, fraction = ''] = exact.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
};
