import type { FieldReader } from '../field-reader.ts';
import { quoted } from '../problem-code.ts';
import { readTicker } from '../read-ticker.ts';

/** `SPY 250624C596` and `SPY250624C00596000`: root, expiration, call or put, strike. */
const option = /^[A-Z.]{1,6}\s*\d{6}[CP]\d+(?:\.\d+)?$/i;

/** The ticker; an option's contract is refused as what it is. */
export function readTickerOrOption(fields: FieldReader): string | null {
  const before = fields.problems.length;
  const found = fields.text(['ticker'], 64);
  if (found && option.test(found.text)) {
    const sentence = `expected a share or a pair of coins, found the option ${quoted(found.text)}: options are not traded here`;
    return fields.problem('ticker', 'not_supported', sentence);
  }
  return fields.problems.length > before ? null : readTicker(fields, ['ticker']);
}
