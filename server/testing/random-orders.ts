import type { Exchange } from '../exchange/exchange.ts';

/** What a client may do next: an order's body, a cancellation of everything, or a move of the market. */
export type Step =
  | { readonly kind: 'order'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'cancel' }
  | {
      readonly kind: 'quote';
      readonly symbol: string;
      readonly bid: number;
      readonly ask: number;
      readonly size: number;
    };

/** Whole shares only, fractions too, less than a dollar, coins, cheap coins. */
export const traded = ['CAT', 'AAPL', 'F', 'BTC/USD', 'DOGE/USD'] as const;
const middle: Readonly<Record<string, number>> = {
  CAT: 345,
  AAPL: 150,
  F: 0.4321,
  'BTC/USD': 60_000,
  'DOGE/USD': 0.15,
};

/** Puts a market under every symbol. */
export async function openQuotes(exchange: Exchange): Promise<void> {
  for (const symbol of traded) await exchange.setQuote(symbol, middle[symbol]! * 0.999, middle[symbol]! * 1.001, 500);
}

/** A step drawn from numbers of 0 up to 1, as many as it asks for. Many of its orders will be refused: that is part of it. */
export function stepOf(draw: () => number): Step {
  const one = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  const symbol = one(traded);
  const around = (spread: number): number => middle[symbol]! * (1 - spread + 2 * spread * draw());
  const grid = (price: number): string => price.toFixed(price < 1 ? 4 : 2);
  const kind = draw();
  if (kind < 0.2) {
    const price = around(0.03);
    return { kind: 'quote', symbol, bid: price * 0.9995, ask: price * 1.0005, size: 1 + Math.floor(draw() * 300) };
  }
  if (kind < 0.23) return { kind: 'cancel' };
  const type = one(['market', 'market', 'market', 'limit', 'limit', 'stop', 'stop_limit']);
  const crypto = symbol.includes('/');
  const dollars = 20 + draw() * 5000;
  const units = dollars / middle[symbol]!;
  const sizes = [
    { notional: dollars.toFixed(2) },
    { qty: units.toFixed(crypto ? 6 : 9) },
    { qty: String(Math.max(1, Math.floor(units))) },
  ];
  return {
    kind: 'order',
    body: {
      symbol,
      side: one(['buy', 'sell']),
      type,
      ...one(sizes),
      time_in_force: crypto ? one(['gtc', 'ioc']) : 'day',
      ...(type.includes('limit') ? { limit_price: grid(around(0.02)) } : {}),
      ...(type.startsWith('stop') ? { stop_price: grid(around(0.04)) } : {}),
    },
  };
}
