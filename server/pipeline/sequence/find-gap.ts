import { type Big, decimal, type Quantity, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import type { GapKind, GapSettings, Sequence, SequenceView } from '../../core/model/sequence.ts';
import type { PreviousPosition, TradeSignal } from '../../core/model/signal.ts';

/** What an alert's word on the position before it is compared with. */
export interface Compared {
  readonly signal: Pick<TradeSignal, 'previousPosition' | 'previousSize' | 'ticker'>;
  readonly settings: GapSettings;
  /** Of the account: what the script's sizes are multiplied by. Decimal text. */
  readonly weight: string;
  /** The strategy's own filled shares, negative when short. */
  readonly held: Quantity;
  /** Its own open orders in the ticker. */
  readonly open: readonly Pick<OpenOrderView, 'role' | 'side' | 'remaining'>[];
  readonly sequence: SequenceView;
  /** Whether a like alert was approved within the same bar: then this is one more telling of it. */
  readonly repeated: boolean;
  /** Whether it only goes along on paper: nobody is asked, and nothing is quarantined. */
  readonly shadow: boolean;
}

/**
 * Compares what an alert says its script held with what its strategy holds in the account; null: the alert does not say. Orders that still
 * work count as done or as not, whichever agrees: they are no gap. The side is compared always, the size where the settings say that it means
 * the same on both sides. Pure.
 */
export function findGap(compared: Compared): Sequence | null {
  const { signal, settings, held, sequence, shadow } = compared;
  const { previousPosition: said, previousSize } = signal;
  if (said === null) return null;
  const saidSize = previousSize && quantity(previousSize.times(compared.weight));
  const base = {
    ...{ said, saidSize, held },
    expected: inWords(said, settings.compare === 'size' ? saidSize : null, signal.ticker),
    ours: inWords(wayOf(held), held.abs(), signal.ticker),
  };
  const notCompared = (why: string): Sequence => ({
    ...{ ...base, found: 'not_compared', kind: null, act: 'nothing' },
    sentence: `Its script held ${base.expected} before. That was not compared with ${base.ours}, which the strategy holds: ${why}`,
  });
  if (compared.repeated) return notCompared('a like alert was approved within the same bar, so it counts as that one.');
  if (sequence.overtaken) return notCompared('an alert that fired after it was decided before it.');
  if (sequence.waiting) return notCompared('an earlier alert is kept back, or waits for a person.');
  const kind = kindOf(compared, said, saidSize);
  if (kind === null) {
    const sentence = `Its script held ${base.expected} before; the strategy holds ${base.ours}${working(compared)}. They agree.`;
    return { ...base, found: 'match', kind: null, act: 'nothing', sentence };
  }
  const differ = `Its script held ${base.expected} before, and the strategy holds ${base.ours}: ${missing[kind]}.`;
  const gap = { ...base, found: 'gap', kind } as const;
  const ownReason = kind === 'missed_entry' ? sequence.apart : null;
  if (settings.act === 'converge') return { ...gap, act: 'converge', sentence: differ };
  if (ownReason) {
    const sentence = `Its script held ${base.expected} before, and the strategy holds ${base.ours}. No alert is missing: ${ownReason}`;
    return { ...gap, act: 'explain', sentence };
  }
  if (settings.act === 'quarantine' && !shadow) return { ...gap, act: 'quarantine', sentence: differ };
  return { ...gap, act: 'note', sentence: differ };
}

const missing: Readonly<Record<GapKind, string>> = {
  missed_exit: 'an exit may be missing',
  missed_entry: 'an entry may be missing',
  missed_reversal: 'a reversal may be missing',
  size: 'an order for a part may be missing',
};

function kindOf(compared: Compared, said: PreviousPosition, saidSize: Quantity | null): GapKind | null {
  const { settings, held } = compared;
  const agreeing = mayBe(compared).filter((one) => wayOf(one) === said);
  if (agreeing.length === 0) {
    if (said === 'flat') return 'missed_exit';
    // What only works has not been missed, but it is on another side.
    return wayOf(held) === 'flat' && mayBe(compared).every((one) => wayOf(one) === 'flat')
      ? 'missed_entry'
      : 'missed_reversal';
  }
  if (settings.compare === 'side' || saidSize === null || said === 'flat') return null;
  const near = agreeing.some((one) => {
    const shares = one.abs();
    const larger = shares.gt(saidSize) ? shares : saidSize;
    return shares.minus(saidSize).abs().lte(larger.times(settings.sizeDifference));
  });
  return near ? null : 'size';
}

/** What may be held in a moment, by which of the orders that work are done first. */
function mayBe({ held, open }: Compared): readonly Big[] {
  const entering = sum(open, 'entry');
  const closing = sum(open, 'exit');
  const coming = held.plus(entering);
  return [held, coming, closedBy(held, closing), closedBy(held, closing).plus(entering), closedBy(coming, closing)];
}

function sum(open: Compared['open'], role: OpenOrderView['role']): Big {
  return open
    .filter((order) => order.role === role)
    .reduce<Big>((all, { side, remaining }) => (side === 'buy' ? all.plus(remaining) : all.minus(remaining)), none);
}

const none = decimal('0');

/** An exit takes a position to nothing at the most. */
function closedBy(shares: Big, closing: Big): Big {
  if (shares.times(closing).gte('0')) return shares;
  const left = shares.plus(closing);
  return left.times(shares).gt('0') ? left : zeroQuantity;
}

const wayOf = (shares: Big): PreviousPosition => (shares.gt('0') ? 'long' : shares.lt('0') ? 'short' : 'flat');

const working = ({ open }: Compared): string => {
  const count = open.filter(({ role }) => role === 'entry' || role === 'exit').length;
  return count === 0 ? '' : count === 1 ? ', and an order of it works' : `, and ${count} orders of it work`;
};

function inWords(way: PreviousPosition, shares: Big | null, ticker: string): string {
  if (way === 'flat') return `no ${ticker}`;
  return shares === null ? `${ticker} ${way}` : `${text(shares)} ${ticker} ${way}`;
}
