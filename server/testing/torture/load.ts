import type { Draw } from './draw.ts';
import type { Senders } from './senders.ts';
import { askVenue, type VenueAccess } from './venue-record.ts';

export const symbols = [
  'AAPL',
  'MSFT',
  'NVDA',
  'KO',
  'PEP',
  'XOM',
  'WMT',
  'DIS',
  'INTC',
  'JPM',
  'CSCO',
  'BAC',
] as const;

/** The strategies whose alerts flow, and how they differ from the default. */
export const strategies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  long: {},
  swing: { allowShort: true },
  reduce: { exit: 'reduce' },
  bare: { takeProfitRiskMultiple: null },
  rest: { entryType: 'limit' },
};

/** Alerts that flow for as long as nobody stops them: entries long and short, exits, resting entries, repeats. */
export interface Load {
  readonly sent: Record<string, number>;
  total(): number;
  start(): void;
  /** No new ones; resolves when those under way are acknowledged. */
  finish(): Promise<void>;
}

export interface LoadOptions {
  readonly draw: Draw;
  readonly senders: Senders;
  readonly venue: VenueAccess;
  /** Alerts a second, on average. */
  readonly rate: number;
  /** Whether the server has more to do than it gets done: then nothing new is sent. */
  readonly behind: () => Promise<boolean>;
  /** Told at the start; part of each alert's id. */
  readonly name: string;
}

/** Alerts under way at most: while the server is down they wait. */
const mostWaiting = 24;

export function createLoad({ draw, senders, venue, rate, behind, name }: LoadOptions): Load {
  const sent: Record<string, number> = {};
  const prices = new Map<string, number>();
  let total = 0;
  let running = false;
  let loop: Promise<void> = Promise.resolve();
  const underWay = new Set<Promise<void>>();

  async function look(): Promise<void> {
    try {
      const path = `/v2/stocks/quotes/latest?symbols=${symbols.join(',')}`;
      const { quotes } = await askVenue<{ quotes: Record<string, { ap: number; bp: number }> }>(venue, path);
      for (const [symbol, { ap, bp }] of Object.entries(quotes)) prices.set(symbol, (ap + bp) / 2);
    } catch {
      // The exchange is being awkward; the prices of before will do.
    }
  }

  /** What the next alert says, beside what every alert says. */
  function next(): { kind: string; fields: Record<string, unknown> } {
    const ticker = draw.pick(symbols);
    const cents = (price: number) => Number(price.toFixed(2));
    const price = prices.get(ticker);
    const share = draw.next();
    if (share < 0.4) return { kind: 'entry', fields: { signal: 'BUY', ticker, strategy: draw.pick(['long', 'bare']) } };
    if (share < 0.65) {
      return { kind: 'exit', fields: { signal: 'SELL', ticker, strategy: draw.pick(['long', 'reduce', 'bare']) } };
    }
    if (share < 0.8) {
      return { kind: 'long or short', fields: { signal: draw.pick(['BUY', 'SELL']), ticker, strategy: 'swing' } };
    }
    if (price === undefined || share < 0.9) {
      if (price === undefined) return { kind: 'entry', fields: { signal: 'BUY', ticker, strategy: 'long' } };
      const levels = { entryPrice: cents(price), stopLoss: cents(price * 0.985), takeProfit: cents(price * 1.02) };
      return { kind: 'entry with levels', fields: { signal: 'BUY', ticker, strategy: 'long', ...levels } };
    }
    const entryPrice = cents(price * 0.99);
    return { kind: 'resting entry', fields: { signal: 'BUY', ticker, strategy: 'rest', entryPrice } };
  }

  function sendOne(): void {
    const { kind, fields } = next();
    const alertId = `${name}-${++total}`;
    const body = JSON.stringify({
      id: alertId,
      mode: 'Paper',
      risk: draw.whole(5, 40),
      timeframe: '1s',
      timestamp: new Date().toISOString(),
      ...fields,
    });
    sent[kind] = (sent[kind] ?? 0) + 1;
    // Now and then the same bytes come from two senders at once.
    const copies = draw.chance(0.15) ? 2 : 1;
    if (copies > 1) sent.repeats = (sent.repeats ?? 0) + 1;
    for (let copy = 0; copy < copies; copy++) {
      const under = senders.send(alertId, body).finally(() => underWay.delete(under));
      underWay.add(under);
    }
  }

  async function run(): Promise<void> {
    let lookedMs = Number.NEGATIVE_INFINITY;
    let held = false;
    while (running) {
      if (performance.now() - lookedMs > 1000) {
        lookedMs = performance.now();
        await look();
        held = await behind().catch(() => false);
      }
      if (!held && senders.waiting() < mostWaiting) sendOne();
      await new Promise((resolve) => setTimeout(resolve, (2000 / rate) * draw.next()));
    }
  }

  return {
    sent,
    total: () => total,
    start() {
      running = true;
      loop = run();
    },
    async finish() {
      running = false;
      await loop;
      await Promise.all(underWay);
    },
  };
}
