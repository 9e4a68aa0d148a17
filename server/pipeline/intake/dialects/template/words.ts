/** Words for an action in alerts that people wrote themselves, by the action of the native payload. */
const words: Readonly<Record<string, readonly string[]>> = {
  BUY: ['buy', 'long', 'enter long', 'go long', 'bullish', 'bull'],
  SELL: ['sell', 'short', 'enter short', 'go short', 'bearish', 'bear'],
  EXIT: ['exit', 'close', 'sell to close', 'buy to cover', 'cover', 'tp', 'sl', 'take profit', 'stop loss'],
  FLATTEN: ['flatten', 'flat', 'close all'],
  REVERSE: ['reverse', 'flip'],
  ADD: ['add', 'add to position'],
  BREAKEVEN: ['breakeven', 'break-even', 'break even'],
  CANCEL: ['cancel'],
};

const actions = new Map(Object.entries(words).flatMap(([action, all]) => all.map((word) => [word, action] as const)));

/** The native action for a word, or the word itself where it is none of them. */
export const actionOf = (word: string): string => actions.get(word.trim().toLowerCase()) ?? word;
