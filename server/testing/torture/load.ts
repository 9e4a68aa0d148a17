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
  'ORCL',
  'TXN',
  'VZ',
  'T',
] as const;

/** The strategies whose alerts flow, and how they differ from the default. */
export const strategies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  long: {},
  swing: { allowShort: true },
  reduce: { exit: 'reduce' },
  bare: { takeProfitRiskMultiple: null },
  rest: { entryType: 'limit' },
  targets: { takeProfitRiskMultiple: null },
  trail: { takeProfitRiskMultiple: null },
};

/** Alerts that flow for as long as nobody stops them: entries of every kind, whatever is done to a position, and repeats. */
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
  /** The strategy that entered a symbol last. */
  const owners = new Map<string, string>();
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
    const price = prices.get(ticker);
    const share = draw.next();
    // What is done to a position is mostly said to whoever entered last: others hold nothing of the symbol.
    const owner = owners.get(ticker);
    if (owner === undefined || share < 0.4) return entry(ticker, price);
    const about = { ticker, strategy: owner };
    if (share < 0.58) return { kind: 'exit', fields: { ...about, signal: owner === 'swing' ? 'EXIT' : 'SELL' } };
    if (share < 0.68)
      return { kind: 'partial exit', fields: { ...about, signal: 'EXIT', portion: draw.pick([0.3, 0.5]) } };
    if (share < 0.76) return { kind: 'add', fields: { ...about, signal: 'ADD' } };
    if (share < 0.84) return { kind: 'break-even', fields: { ...about, signal: 'BREAKEVEN' } };
    if (share < 0.92) return { kind: 'reverse', fields: { ...about, signal: 'REVERSE', strategy: 'swing' } };
    if (share < 0.97) return { kind: 'flatten', fields: { ...about, signal: 'FLATTEN' } };
    return { kind: 'cancel', fields: { ...about, signal: 'CANCEL' } };
  }

  const risk = (): number => draw.whole(5, 40);
  const cents = (price: number): number => Number(price.toFixed(2));

  /** Entries of every kind. Without a price, those that need none. */
  function entry(ticker: string, price: number | undefined): { kind: string; fields: Record<string, unknown> } {
    const as = (kind: string, strategy: string, fields: Record<string, unknown> = {}) => {
      owners.set(ticker, strategy);
      return { kind, fields: { signal: 'BUY', ticker, strategy, ...fields } };
    };
    const share = draw.next();
    if (share < 0.2) return as('long or short', 'swing', { signal: draw.pick(['BUY', 'SELL']) });
    if (share < 0.35) return as('trailing entry', 'trail', { trailPercent: draw.pick([1, 1.5, 2]) });
    if (price === undefined || share < 0.55) return as('entry', draw.pick(['long', 'bare', 'reduce']));
    const levels = { entryPrice: cents(price), stopLoss: cents(price * 0.985) };
    if (share < 0.7) return as('entry with levels', 'long', { ...levels, takeProfit: cents(price * 1.02) });
    if (share < 0.85) {
      const takeProfits = [
        { price: cents(price * 1.006), portion: 0.5 },
        { price: cents(price * 1.012), portion: 0.25 },
      ];
      return as('entry with targets', 'targets', { ...levels, takeProfits });
    }
    return as('resting entry', 'rest', { entryPrice: cents(price * 0.99) });
  }

  function sendOne(): void {
    const { kind, fields } = next();
    const alertId = `${name}-${++total}`;
    const body = JSON.stringify({
      id: alertId,
      mode: 'Paper',
      risk: risk(),
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
      if (senders.refused.length > 0) throw new Error(`the load is no good: ${senders.refused.slice(0, 3).join('; ')}`);
    },
  };
}
