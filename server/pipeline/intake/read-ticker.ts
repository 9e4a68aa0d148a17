import { withPairsSlash } from '../../core/pairs.ts';
import type { FieldReader } from './field-reader.ts';
import { quoted } from './problem-code.ts';

/** Letters and digits, and what share classes, futures, pairs and companies are written with: BRK.B, ES1!, EUR/USD, M&M. */
const tickerPattern = /^[A-Z0-9][A-Z0-9.\-/!_&]*$/;
const maxTicker = 20;

/** The ticker under the first of its names that is there, in capitals and without its exchange; null with a problem. */
export function readTicker(fields: FieldReader, names: readonly string[]): string | null {
  const found = fields.requiredText(names, 64, 'a ticker like AAPL');
  if (found === null) return null;
  // {{exchange}}:{{ticker}} is how TradingView writes a symbol in full.
  const ticker = withPairsSlash(found.text.slice(found.text.lastIndexOf(':') + 1).toUpperCase());
  if (ticker.length > maxTicker) {
    return fields.problem(found.field, 'too_long', `expected at most ${maxTicker} characters, found ${ticker.length}`);
  }
  if (tickerPattern.test(ticker)) return ticker;
  return fields.problem(found.field, 'unknown_value', `expected a ticker like AAPL, found ${quoted(found.text)}`);
}
