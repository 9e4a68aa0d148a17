export type AlertKind = 'buy' | 'sell' | 'exit' | 'strategy';

/** The message of a TradingView alert, with its placeholders; server/pipeline/intake reads it as the native dialect. */
export function alertText(kind: AlertKind, strategy: string, risk: string): string {
  const amount = /^\d+(\.\d+)?$/.test(risk) ? risk : '100';
  const of = JSON.stringify(strategy || 'default');
  const tail = `"strategy":${of},"timestamp":"{{timenow}}"`;
  if (kind === 'strategy') {
    return `{"signal":"{{strategy.order.action}}","ticker":"{{ticker}}","mode":"Paper","quantity":"{{strategy.order.contracts}}",${tail},"previousPosition":"{{strategy.prev_market_position}}","previousSize":"{{strategy.prev_market_position_size}}"}`;
  }
  if (kind === 'exit') return `{"signal":"EXIT","ticker":"{{ticker}}","mode":"Paper",${tail}}`;
  return `{"signal":"${kind === 'buy' ? 'BUY' : 'SELL'}","ticker":"{{ticker}}","mode":"Paper","risk":${amount},${tail}}`;
}
