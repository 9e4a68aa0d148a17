import { type Big, decimal, text } from '../../../core/decimal.ts';
import { count, share } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';
import { priceOf, shownPrice } from '../price-of.ts';
import { reached } from '../sides.ts';

const minuteMs = 60_000;
/** Prices are remembered so finely: a span has this many of them. */
const stretches = 30;
/** So much of the limit it must have come back. */
const marginOfLimit = '0.2';

export const kind = alertKind({
  key: 'price-change',
  name: 'Price change',
  says: 'The price is so much higher or lower than it was so many minutes ago.',
  scope: { account: 'none', strategy: 'none', symbol: 'needed' },
  parameters: {
    change: share('Change, up or down', '0.03', null, { min: '0.0001', max: '10' }),
    minutes: count('Within minutes', 15, null, { min: 1, max: 1440 }),
  },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope, memory }) {
    const symbol = scope.symbol!;
    const now = readings.now();
    const spanMs = values.minutes * minuteMs;
    const found = await priceOf(readings, symbol);
    const seen = read(memory?.prices);
    if ('kind' in found) return { ...found, memory: wire(seen) };
    const fresh = seen.at(-1);
    const samples =
      fresh === undefined || now.getTime() - fresh.atMs >= spanMs / stretches
        ? [...seen, { atMs: now.getTime(), price: found.price as Big }]
        : seen;
    const fromMs = now.getTime() - spanMs;
    // The last one before the span began, and all since.
    const first = samples.findLastIndex((one) => one.atMs <= fromMs);
    const kept = first > 0 ? samples.slice(first) : samples;
    const base = kept[0]!;
    // After a pause nobody knows what it was when the span began.
    const known = base.atMs <= fromMs && fromMs - base.atMs <= Math.max(spanMs / 2, 2 * minuteMs);
    const kindless = { memory: wire(kept) };
    if (!known) {
      const since = (base.atMs <= fromMs ? (kept[1] ?? base) : base).atMs;
      const sentence = `Prices of ${symbol} are known since ${new Date(since).toISOString()}; it can tell from ${new Date(since + spanMs).toISOString()} on.`;
      return { kind: 'unreadable', sentence, ...kindless };
    }
    const change = found.price.minus(base.price).div(base.price);
    const value = percent(change);
    const state = reached(change.abs(), values.change, marginOfLimit);
    const sentence = `${symbol} is at ${shownPrice(found.price)}, ${value} from ${shownPrice(base.price)} at ${new Date(base.atMs).toISOString()}.`;
    return { kind: state, value, sentence, ...kindless };
  },
});

interface Sample {
  readonly atMs: number;
  readonly price: Big;
}
const read = (prices: unknown): Sample[] =>
  Array.isArray(prices)
    ? prices.map((one: string) => {
        const [atMs, price] = one.split(' ') as [string, string];
        return { atMs: Number(atMs), price: decimal(price) };
      })
    : [];
const wire = (samples: readonly Sample[]) => ({ prices: samples.map(({ atMs, price }) => `${atMs} ${text(price)}`) });
const percent = (share: Big): string => {
  const shown = text(share.times('100').round(2));
  return `${share.gt('0') ? '+' : ''}${shown.replace('-', '\u2212')} %`;
};
