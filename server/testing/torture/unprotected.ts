import { type Big, decimal, maximum, minimum, text } from '../../core/decimal.ts';
import type { Figure } from './compare-records.ts';
import type { VenueOrder, VenueRecord } from './venue-record.ts';

/** A time in which nothing could be done for shares without a stop, in milliseconds since 1970. */
export interface Outage {
  /** Null: for any symbol. */
  readonly symbol: string | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Shares of a symbol that had no stop at the exchange, from when until when. */
export interface Unprotected {
  readonly symbol: string;
  readonly quantity: Big;
  readonly fromMs: number;
  readonly toMs: number;
}

const zero = decimal('0');
const msOf = (time: string): number => new Date(time).getTime();

/** Something that changed what was held, or what covered it. */
interface Change {
  readonly atMs: number;
  /** To the shares held, negative when short. */
  readonly held?: Big;
  /** To what sells, or buys back, when its price is reached or at once. */
  readonly sells?: Big;
  readonly buys?: Big;
}

/** When an order ended by itself or by word; null: it works. A fill is no end by word: it is taken off as it comes. */
const endOf = (order: VenueOrder): string | null =>
  order.canceled_at ?? order.expired_at ?? order.replaced_at ?? order.failed_at ?? null;

/** Stops of every kind, and what sells at the market: it works until it is filled. */
const covers = (order: VenueOrder): boolean => ['stop', 'stop_limit', 'trailing_stop', 'market'].includes(order.type);

function changesOf(record: VenueRecord): Map<string, Change[]> {
  const bySymbol = new Map<string, Change[]>();
  const note = (symbol: string, change: Change) => {
    const changes = bySymbol.get(symbol) ?? [];
    changes.push(change);
    bySymbol.set(symbol, changes);
  };
  const fillsOf = new Map<string, { atMs: number; qty: Big }[]>();
  for (const { order_id, symbol, side, qty, transaction_time } of record.fills) {
    const [atMs, shares] = [msOf(transaction_time), decimal(qty)];
    note(symbol, { atMs, held: side === 'buy' ? shares : zero.minus(shares) });
    fillsOf.set(order_id, [...(fillsOf.get(order_id) ?? []), { atMs, qty: shares }]);
  }
  const cover = (order: VenueOrder, fromMs: number, sibling: VenueOrder | null): void => {
    const { symbol, side, status } = order;
    const end = endOf(order);
    if (!covers(order) || status === 'rejected') return;
    const toMs = end === null ? Number.POSITIVE_INFINITY : msOf(end);
    if (toMs <= fromMs) return;
    const by = (atMs: number, change: Big): void =>
      note(symbol, { atMs, [side === 'sell' ? 'sells' : 'buys']: change });
    // With each fill of a target its stop is for less: the record has what the stop was for in the end.
    const takenOff = fillsOf.get(sibling?.id ?? '') ?? [];
    const taken = takenOff.reduce((sum, fill) => sum.plus(fill.qty), zero);
    let lowered = sibling ? minimum(taken, maximum(zero, decimal(sibling.qty).minus(order.qty))) : zero;
    let left = decimal(order.qty).plus(lowered);
    by(fromMs, left);
    for (const fill of takenOff) {
      const less = minimum(lowered, fill.qty);
      by(fill.atMs, zero.minus(less));
      [lowered, left] = [lowered.minus(less), left.minus(less)];
    }
    for (const fill of fillsOf.get(order.id) ?? []) {
      by(fill.atMs, zero.minus(fill.qty));
      left = left.minus(fill.qty);
    }
    if (Number.isFinite(toMs)) by(toMs, zero.minus(left));
  };
  for (const order of record.orders) {
    const legs = order.legs ?? [];
    cover(order, msOf(order.submitted_at), null);
    for (const leg of legs) {
      // A leg waits for the whole of its entry; of an oco, and of one that replaced a leg, the other side is the parent and needs no fill.
      const entryFilled = order.order_class === 'bracket' || order.order_class === 'oto' ? order.filled_at : null;
      const waits = order.order_class === 'bracket' || order.order_class === 'oto';
      if (waits && (entryFilled === null || order.status !== 'filled')) continue;
      const sibling = waits ? (legs.find((other) => other.id !== leg.id) ?? null) : order;
      cover(leg, Math.max(msOf(leg.submitted_at), waits ? msOf(entryFilled!) : 0), sibling);
    }
  }
  return bySymbol;
}

/**
 * By the exchange's own record: for each share, each time in which it was held and neither a stop nor a sale at the market stood for it. What is
 * covered first is what has waited longest. Shares that are still without one end at `untilMs`.
 */
export function unprotectedTimes(record: VenueRecord, untilMs: number): Unprotected[] {
  const found: Unprotected[] = [];
  for (const [symbol, changes] of changesOf(record)) {
    let [held, sells, buys] = [zero, zero, zero];
    let waiting: { quantity: Big; fromMs: number }[] = [];
    const at = [...Map.groupBy(changes, (change) => change.atMs)].sort(([a], [b]) => a - b);
    for (const [atMs, together] of at) {
      for (const change of together) {
        held = held.plus(change.held ?? zero);
        sells = sells.plus(change.sells ?? zero);
        buys = buys.plus(change.buys ?? zero);
      }
      const uncovered = held.gt('0') ? held.minus(minimum(held, sells)) : held.abs().minus(minimum(held.abs(), buys));
      let before = waiting.reduce((sum, one) => sum.plus(one.quantity), zero);
      if (uncovered.gt(before)) waiting.push({ quantity: uncovered.minus(before), fromMs: atMs });
      while (before.gt(uncovered)) {
        const [first] = waiting;
        const covered = minimum(first!.quantity, before.minus(uncovered));
        found.push({ symbol, quantity: covered, fromMs: first!.fromMs, toMs: atMs });
        before = before.minus(covered);
        const rest = first!.quantity.minus(covered);
        waiting = [...(rest.gt('0') ? [{ quantity: rest, fromMs: first!.fromMs }] : []), ...waiting.slice(1)];
      }
    }
    for (const one of waiting) found.push({ symbol, quantity: one.quantity, fromMs: one.fromMs, toMs: untilMs });
  }
  return found;
}

/** Milliseconds of a span that are in no outage. */
export function countedMs({ symbol, fromMs, toMs }: Unprotected, outages: readonly Outage[]): number {
  const cuts = outages
    .filter((one) => (one.symbol === null || one.symbol === symbol) && one.toMs > fromMs && one.fromMs < toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  let [counted, atMs] = [0, fromMs];
  for (const cut of cuts) {
    if (cut.fromMs > atMs) counted += cut.fromMs - atMs;
    atMs = Math.max(atMs, Math.min(cut.toMs, toMs));
  }
  return counted + Math.max(0, toMs - atMs);
}

/** What the times without a stop came to. */
export interface ProtectionFigures {
  readonly figure: Figure;
  /** Milliseconds that counted, of each time that shares were without a stop. */
  readonly countedMs: readonly number[];
  /** How many of them fell in no outage at all. */
  readonly outsideOutages: number;
}

/** The seconds above what is allowed, over all; to the tenth, because the exchange's clock and ours are read apart. */
export function compareProtection(
  record: VenueRecord,
  outages: readonly Outage[],
  allowedMs: number,
  untilMs: number,
): ProtectionFigures {
  const times = unprotectedTimes(record, untilMs);
  const counted = times.map((time) => countedMs(time, outages));
  const over = times.flatMap((time, at) => (counted[at]! > allowedMs ? [{ time, ms: counted[at]! }] : []));
  const tenths = over.reduce((sum, { ms }) => sum + Math.ceil((ms - allowedMs) / 100), 0);
  return {
    figure: {
      name: 'unprotectedSeconds',
      says: 'seconds unprotected beyond the setting',
      value: tenths / 10,
      cases: over
        .toSorted((a, b) => b.ms - a.ms)
        .slice(0, 5)
        .map(
          ({ time, ms }) =>
            `${text(time.quantity)} ${time.symbol} for ${(ms / 1000).toFixed(1)} s from ${new Date(time.fromMs).toISOString()} to ${new Date(time.toMs).toISOString()}`,
        ),
      of: times.length,
    },
    countedMs: counted,
    outsideOutages: times.filter((time, at) => counted[at] === time.toMs - time.fromMs).length,
  };
}
