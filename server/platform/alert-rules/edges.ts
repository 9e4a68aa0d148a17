import type { Looked } from './kind.ts';

/** When a condition began to hold, of what was found at each moment in order: one that holds from the first on counts there. */
export function edges(found: Iterable<{ readonly at: Date; readonly kind: Looked['kind'] }>): readonly Date[] {
  const began: Date[] = [];
  let holds = false;
  for (const { at, kind } of found) {
    if (kind === 'holds' && !holds) began.push(at);
    if (kind === 'holds') holds = true;
    else if (kind === 'over') holds = false;
  }
  return began;
}
