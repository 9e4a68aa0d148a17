import { type Big, decimal, text } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import type { ReplayRange, ReplaySource, StoredAlert } from '../../core/ports/replay-source.ts';
import { type DifferenceKind, differenceKinds, type Outcome } from './compare.ts';
import { createRejudge, type Rejudged, type RejudgeParts } from './rejudge.ts';

/** What a replay counted. */
export interface ReplayTotals {
  readonly alerts: number;
  /** Decisions, and alerts that came to none. */
  readonly decisions: number;
  readonly same: number;
  readonly by: Readonly<Record<DifferenceKind, number>>;
  /** What was approved is worth, by the prices the orders were expected near: then and again. Decimal text; entries alone. */
  readonly notional: { readonly was: string; readonly wouldBe: string };
  /** Refused, asked for a person or made smaller by each rule: then and again. */
  readonly rules: Readonly<Record<string, { readonly was: number; readonly wouldBe: number }>>;
  /** Decisions whose alert is read in another way today. */
  readonly readAnew: number;
  /** How often each was said of a decision. */
  readonly notes: Readonly<Record<string, number>>;
}

export interface ReplayParts extends Omit<RejudgeParts, 'limits' | 'bars'> {
  readonly source: ReplaySource;
  /** Called with each decision that differs or could not be made again, in their order. */
  onDifference(difference: Rejudged): void | Promise<void>;
  /** Called after each part, with how many decisions have been made again. */
  onProgress?(done: number): void;
}

/** Bars of so many symbols are kept at hand. */
const mostSymbols = 2000;

/**
 * Makes the decisions of a time again and compares them with what was decided. Each is judged with the account as it was then: what one
 * decision comes to changes nothing for those after it.
 */
export async function replay(parts: ReplayParts, range: ReplayRange): Promise<ReplayTotals> {
  const { source } = parts;
  const shelf = createBarShelf(source);
  const rejudge = createRejudge({ ...parts, limits: await source.limits(), bars: shelf.upTo });
  const by = Object.fromEntries(differenceKinds.map((kind) => [kind, 0])) as Record<DifferenceKind, number>;
  const rules = new Map<string, { was: number; wouldBe: number }>();
  const notes = new Map<string, number>();
  const notional = { was: decimal('0'), wouldBe: decimal('0') };
  const counts = { alerts: 0, decisions: 0, same: 0, readAnew: 0 };

  const count = (one: Rejudged): void => {
    counts.decisions++;
    if (one.difference === null) counts.same++;
    else by[one.difference]++;
    if (one.readAnew.length > 0) counts.readAnew++;
    for (const note of one.notes) notes.set(note, (notes.get(note) ?? 0) + 1);
    // What cannot be made again is on neither side.
    if (one.was === null || one.wouldBe === null) return;
    for (const side of ['was', 'wouldBe'] as const) {
      const outcome = one[side]!;
      notional[side] = notional[side].plus(worthOf(outcome));
      const rule = 'rule' in outcome ? outcome.rule : null;
      if (rule === null) continue;
      const row = rules.get(rule) ?? { was: 0, wouldBe: 0 };
      row[side]++;
      rules.set(rule, row);
    }
  };

  for await (const batch of source.alerts(range)) {
    await shelf.fill(batch);
    for (const alert of batch) {
      counts.alerts++;
      for (const one of rejudge(alert)) {
        count(one);
        if (one.difference !== null || one.readAnew.length > 0) await parts.onDifference(one);
      }
    }
    parts.onProgress?.(counts.decisions);
  }
  const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
    Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...counts,
    by,
    notional: { was: text(notional.was), wouldBe: text(notional.wouldBe) },
    rules: sorted(rules),
    notes: sorted(notes),
  };
}

/** What the entries that were let through are worth. */
export function worthOf(outcome: Outcome): Big {
  let worth = decimal('0');
  if (!('orders' in outcome)) return worth;
  for (const order of outcome.orders)
    if (order.intent === 'entry') worth = worth.plus(decimal(order.quantity).times(order.reference));
  return worth;
}

interface BarShelf {
  /** Reads the bars that the alerts' facts speak of, as far as they are not at hand. */
  fill(alerts: readonly StoredAlert[]): Promise<void>;
  upTo(symbol: string, last: Date, count: number): readonly Bar[];
}

/** Daily bars at hand. The same stretch of a symbol is the same array, so that what is worked out of it is worked out once. */
function createBarShelf(source: Pick<ReplaySource, 'bars'>): BarShelf {
  const kept = new Map<string, { readonly bars: readonly Bar[]; readonly cuts: Map<string, readonly Bar[]> }>();
  return {
    async fill(alerts) {
      const wanted = new Set<string>();
      for (const { facts } of alerts.flatMap((alert) => alert.decisions)) {
        if (facts === null || typeof facts === 'string') continue;
        for (const [place, symbol] of facts.symbols.entries())
          if (facts.market.barsOf[place] !== -1) wanted.add(symbol);
      }
      if (kept.size + wanted.size > mostSymbols) kept.clear();
      const missing = [...wanted].filter((symbol) => !kept.has(symbol));
      if (missing.length === 0) return;
      const read = await source.bars(missing);
      for (const symbol of missing) kept.set(symbol, { bars: read.get(symbol) ?? [], cuts: new Map() });
    },
    upTo(symbol, last, count) {
      const found = kept.get(symbol);
      if (!found) return [];
      const key = `${last.getTime()} ${count}`;
      let cut = found.cuts.get(key);
      if (cut === undefined) {
        const until = found.bars.findLastIndex((bar) => bar.at <= last) + 1;
        cut = found.bars.slice(Math.max(0, until - count), until);
        found.cuts.set(key, cut);
      }
      return cut;
    },
  };
}
