/** The known name that is nearest to one that is not known, by the letters that must be changed; null: none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: { readonly name: string; readonly steps: number } | null = null;
  for (const one of known) {
    const [asked, has] = [name.toLowerCase(), one.toLowerCase()];
    // What is left out at the end, or was added there, is a small step however long it is.
    const steps = has.startsWith(asked) || asked.startsWith(has) ? 1 : distance(asked, has);
    if (best === null || steps < best.steps) best = { name: one, steps };
  }
  return best !== null && best.steps <= Math.max(2, Math.floor(name.length / 2)) ? best.name : null;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** "there is no rule max-positon; the nearest is max-position". */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no ${what} ${JSON.stringify(name)}; ${near ? `the nearest is ${near}` : `there are ${known.join(', ') || 'none'}`}`;
}
