import type { Draw } from './draw.ts';
import { type Step, steps } from './moments.ts';

/** Steps in an endless row: all of them in a drawn order, with moments at random between, then all again in another. */
export function stepsOf(draw: Draw, aim: readonly string[] | null): () => Step {
  const wanted = steps.filter((step) => step !== 'migrating' && (aim === null || aim.includes(step)));
  if (wanted.length === 0) throw new Error(`no such step; there are: ${steps.join(', ')}`);
  let row: Step[] = [];
  return () => {
    if (row.length === 0) {
      const randoms: Step[] = aim === null ? Array.from({ length: 6 }, () => 'at random' as const) : [];
      row = draw.shuffled([...wanted, ...randoms]);
    }
    return row.pop()!;
  };
}
