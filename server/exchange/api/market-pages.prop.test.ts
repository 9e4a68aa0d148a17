// Invariants of paging, whatever is asked for and however:
// 1. The pages joined are the whole, in its order, each point once.
// 2. No page has more points than the limit, and each but the last has as many.
// 3. Descending is ascending, turned around for each symbol.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  const clock = new ManualClock('2026-11-20T15:20:00.000Z');
  exchange = await startTestExchange({ clock, alwaysOpen: false, pace: 2 });
  // Moments that share their millisecond, of which pages may have to be cut in the middle.
  await clock.advance(60_000);
  for (let i = 0; i < 30; i++) {
    for (const symbol of ['AAPL', 'BTC/USD']) await exchange.setQuote(symbol, 150 + i, 150.02 + i);
    if (i % 10 === 9) await clock.advance(1);
  }
  await clock.advance(540_000);
});
afterAll(() => exchange.stop());

interface Asked {
  readonly kind: 'bars' | 'quotes' | 'trades';
  readonly symbols: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}
type Found = Map<string, unknown[]>;
interface Page {
  readonly found: Found;
  readonly count: number;
  readonly next: string | null;
}

async function ask({ kind, symbols, query }: Asked, more: Record<string, string>): Promise<Page> {
  const base = symbols[0]!.includes('/') ? '/v1beta3/crypto/us' : '/v2/stocks';
  const text = new URLSearchParams({ symbols: symbols.join(), ...query, ...more });
  const response = await fetch(`${exchange.dataUrl}${base}/${kind}?${text}`, {
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
  });
  expect(response.status).toBe(200);
  const json = (await response.json()) as Record<string, Record<string, unknown[]>> & {
    next_page_token: string | null;
  };
  const found: Found = new Map(Object.entries(json[kind]!));
  return { found, count: [...found.values()].flat().length, next: json.next_page_token };
}

async function joined(asked: Asked, limit: number, sort: string): Promise<Found> {
  const all: Found = new Map();
  let token: string | null = null;
  do {
    const page: Page = await ask(asked, {
      sort,
      limit: String(limit),
      ...(token === null ? {} : { page_token: token }),
    });
    expect(page.count).toBeLessThanOrEqual(limit);
    if (page.next !== null) expect(page.count).toBe(limit);
    // A token that leads back is no way on.
    if (page.next !== null) expect(page.next).not.toBe(token);
    for (const [symbol, points] of page.found) all.set(symbol, [...(all.get(symbol) ?? []), ...points]);
    token = page.next;
  } while (token !== null);
  return all;
}

const subset = (names: readonly string[]) => fc.shuffledSubarray([...names], { minLength: 1 });
const symbols = fc.oneof(subset(['AAPL', 'KO', 'MSFT', 'NOPE']), subset(['BTC/USD', 'ETH/USD', 'DOES/NOTEXIST']));
const offset = fc.integer({ min: 0, max: 180_000 });
const instant = (ms: number): string => new Date(Date.parse('2026-11-20T15:20:00Z') + ms).toISOString();
const ticks = fc.record({
  kind: fc.constantFrom('quotes' as const, 'trades' as const),
  symbols,
  query: fc
    .tuple(offset, offset)
    .map(([a, b]) => ({ start: instant(Math.min(a, b)), end: instant(Math.max(a, b)) }) as Record<string, string>),
});
const day = fc.integer({ min: 1, max: 20 }).map((date) => `2026-11-${String(date).padStart(2, '0')}`);
const bars = fc.record({
  kind: fc.constant('bars' as const),
  symbols,
  query: fc
    .record({ timeframe: fc.constantFrom('15Min', '1Hour', '7H', '1Day', '1Week', '1Month'), a: day, b: day })
    .map(({ timeframe, a, b }) => ({ timeframe, start: a < b ? a : b, end: a < b ? b : a }) as Record<string, string>),
});

it.each([
  ['trades and quotes', ticks],
  ['bars', bars],
])('of %s, pages are the whole', async (_name, asked: fc.Arbitrary<Asked>) => {
  await fc.assert(
    fc.asyncProperty(
      asked,
      fc.constantFrom('asc', 'desc'),
      fc.integer({ min: 20, max: 100 }),
      async (one, sort, parts) => {
        const whole = await ask(one, { limit: '10000', sort });
        fc.pre(whole.next === null);
        expect([...whole.found.keys()]).toEqual([...one.symbols].sort().filter((symbol) => whole.found.has(symbol)));
        // Of pages as many as can be asked for in a moment.
        expect(await joined(one, Math.max(1, Math.ceil((whole.count * parts) / 1000)), sort)).toEqual(whole.found);
        const other = await ask(one, { limit: '10000', sort: sort === 'asc' ? 'desc' : 'asc' });
        const turned = [...other.found].map(([symbol, points]) => [symbol, [...points].reverse()] as const);
        expect(new Map(turned)).toEqual(whole.found);
      },
    ),
    { numRuns: 25 },
  );
});

it('one point a page is the whole as well', async () => {
  const query = { start: instant(59_000), end: instant(61_000) };
  for (const kind of ['quotes', 'trades'] as const) {
    for (const sort of ['asc', 'desc']) {
      const asked = { kind, symbols: ['AAPL', 'KO'], query };
      const whole = await ask(asked, { limit: '10000', sort });
      expect(whole.count).toBeGreaterThan(30);
      expect(await joined(asked, 1, sort)).toEqual(whole.found);
    }
  }
});
