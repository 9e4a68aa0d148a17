/** `EXCHANGE:TICKER` as TradingView writes it, or the ticker alone: BRK.B, M&M, NQ1!, BTCUSDT.P. */
const symbolPattern = /^(?:[A-Z0-9_]{1,20}:)?[A-Z0-9][A-Z0-9._!&-]*$/;
/** The receiver reads no longer ticker. */
const mostCharacters = 20;

/** What an alert calls a symbol: its part after the exchange. */
export const tickerOf = (symbol: string): string => symbol.slice(symbol.lastIndexOf(':') + 1);

/** A symbol in capitals, or a sentence on why it is none. */
export function readSymbol(written: string): { readonly symbol: string } | { readonly problem: string } {
  const symbol = written.trim().toUpperCase();
  const shown = JSON.stringify(written.trim().slice(0, 60));
  if (/[/*+()^]/.test(symbol) || /^\d+-|-\w+:/.test(symbol)) {
    return { problem: `${shown} is a formula of symbols, and an alert needs a ticker` };
  }
  if (!symbolPattern.test(symbol)) return { problem: `${shown} is no ticker like NASDAQ:AAPL or AAPL` };
  if (tickerOf(symbol).length > mostCharacters) {
    return { problem: `${shown} is longer than the ${mostCharacters} characters that a ticker may have` };
  }
  return { symbol };
}
