/** A stretch in which something was held. */
export interface HeldSpan {
  readonly from: Date;
  readonly until: Date;
}

/** The part of a period in which anything was held, by the clock, nights and weekends counted: overlapping stretches count once. A fraction. */
export function exposureTime(spans: readonly HeldSpan[], period: HeldSpan): number {
  const [begin, end] = [period.from.getTime(), period.until.getTime()];
  if (end <= begin) return 0;
  const inside = spans
    .map(({ from, until }) => [Math.max(from.getTime(), begin), Math.min(until.getTime(), end)] as const)
    .filter(([from, until]) => until > from)
    .sort((a, b) => a[0] - b[0]);
  let [held, reached] = [0, begin];
  for (const [from, until] of inside) {
    held += Math.max(0, until - Math.max(from, reached));
    reached = Math.max(reached, until);
  }
  return held / (end - begin);
}
