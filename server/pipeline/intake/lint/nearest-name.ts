/** What a name is compared by: alerts write `stop_loss`, `StopLoss` and `stop-loss` for one thing. */
const folded = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

/** Longer names are no slip of the keyboard, and take long to compare. */
const longest = 64;

/** The known name that is nearest to another by the letters that must be changed; null: none is near enough to be meant. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const asked = folded(name);
  if (asked === '' || asked.length > longest) return null;
  let best: { readonly name: string; readonly steps: number } | null = null;
  for (const one of known) {
    if (one === name) continue;
    const has = folded(one);
    if (isLonger(asked, has)) {
      best ??= { name: one, steps: 2 };
      continue;
    }
    const most = Math.min(2, Math.floor(Math.min(has.length, asked.length) / 3));
    if (Math.abs(has.length - asked.length) > most) continue;
    const steps = distance(asked, has);
    if (steps <= most && (best === null || steps < best.steps)) best = { name: one, steps };
  }
  return best?.name ?? null;
}

/** `percentage` for `percent`: a whole word, and little behind it. */
const isLonger = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= 6 &&
  Math.abs(a.length - b.length) <= 5 &&
  a !== b &&
  (a.startsWith(b) || b.startsWith(a));

/** Damerau's distance: letters put in, left out, taken for others, and two neighbours that changed places. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + other);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
