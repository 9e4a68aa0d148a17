import { valuesPerTicker } from './scanner-script.ts';
import { stopsAboveAlerts } from './shared-parameters.ts';

/**
 * What TradingView allows. Sources: the Pine manual's page "Limitations" (calls, tuple elements, tokens, size of a compilation request, variables
 * of a scope), support article 43000597494 "Alerts on alert() function" (15 triggers within 3 minutes). TradingView names no length for the text
 * of an alert in its manual; 4,096 characters is the shortest bound known for a Pine text, and an alert stays below it.
 */
export const limits = {
  /** Unique calls of `request.*()` in a script; 64 on the Ultimate plan. */
  securityCalls: 40,
  securityCallsUltimate: 64,
  /** Values that all calls of a script return in tuples: 42 tickers of three values, which is why the 64 calls would not help. */
  tupleElements: 127,
  /** Of the compiled script. It cannot be counted outside TradingView: `estimatedTokens` is from above. */
  tokens: 100_000,
  compilationBytes: 5_000_000,
  variables: 1000,
  alertCharacters: 4096,
  alertsInThreeMinutes: stopsAboveAlerts,
} as const;

/** Tickers of a scanner, unless fewer are wanted. */
export const tickersPerScript = Math.min(limits.securityCalls, Math.floor(limits.tupleElements / valuesPerTicker));

export interface ScriptSize {
  readonly bytes: number;
  readonly securityCalls: number;
  readonly tupleElements: number;
  readonly estimatedTokens: number;
}

/** Counts what the limits are about. */
export function sizeOf(source: string): ScriptSize {
  const code = source.replace(/^\s*\/\/.*$/gm, '');
  const calls = code.match(/\brequest\.security\(/g)?.length ?? 0;
  const tuples = [...code.matchAll(/\[([^\]]*)\] = request\./g)];
  return {
    bytes: new TextEncoder().encode(source).length,
    securityCalls: calls,
    tupleElements: tuples.reduce((sum, match) => sum + (match[1]?.split(',').length ?? 0), 0),
    estimatedTokens: estimateTokens(code, calls),
  };
}

/** Words, numbers and marks, and two for each character of a text; functions that are asked for by calls for data count once for each call. */
function estimateTokens(code: string, calls: number): number {
  const count = (text: string): number => {
    const texts = text.match(/"(?:\\.|[^"\\])*"/g) ?? [];
    const rest = text.replace(/"(?:\\.|[^"\\])*"/g, ' ');
    return (
      texts.reduce((sum, one) => sum + 2 * one.length, 0) + (rest.match(/[A-Za-z_][\w.]*|[\d.]+|[^\s\w]/g)?.length ?? 0)
    );
  };
  const asked = /^rules\(\) =>[\s\S]*?(?=^\[stamp01)/m.exec(code)?.[0] ?? '';
  return count(code) + count(asked) * Math.max(0, calls - 1);
}

/** Sentences on the limits that a script breaks; none for what the templates make, whatever the parameters. */
export function brokenLimits(source: string): string[] {
  const size = sizeOf(source);
  const over = (value: number, most: number, what: string): string[] =>
    value > most
      ? [`${what}: ${value.toLocaleString('en-US')}, TradingView allows ${most.toLocaleString('en-US')}.`]
      : [];
  return [
    ...over(size.securityCalls, limits.securityCalls, 'Calls for data'),
    ...over(size.tupleElements, limits.tupleElements, 'Values of calls for data'),
    ...over(size.bytes, limits.compilationBytes, 'Bytes of the script'),
    ...over(size.estimatedTokens, limits.tokens, 'Tokens, estimated from above'),
  ];
}

/** The longest alert that a script with a strategy's name of so many characters can send, by the widths that each field may have. */
export const longestAlert = (strategyName: string): number => {
  // Each field's widest: two characters for one that is escaped, 64 for a timeframe or time, 23 for a number of up to 13 digits and 9 decimals.
  const name = 2 * strategyName.length;
  const [ticker, number] = [2 * 20, 23];
  return 220 + 2 * name + 2 * ticker + 4 * number + 2 * 64 + 2 * number;
};
