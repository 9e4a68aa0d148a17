import type { Big } from '../../core/decimal.ts';
import type { Looked } from './kind.ts';

/**
 * On which side of a limit something is. It holds from the limit on, and is over only when it has come back by the margin: what hovers at the limit
 * is neither.
 */
export function standing(
  value: Big,
  limit: Big,
  margin: Big,
  side: 'above' | 'below',
): Exclude<Looked['kind'], 'unreadable'> {
  if (side === 'above') {
    if (value.gte(limit)) return 'holds';
    return value.lt(limit.minus(margin)) ? 'over' : 'between';
  }
  if (value.lte(limit)) return 'holds';
  return value.gt(limit.plus(margin)) ? 'over' : 'between';
}

/** Whether something has come up to a limit; it is over when it is back below it by that share of the limit. */
export const reached = (value: Big, limit: Big, margin = '0.05') =>
  standing(value, limit, limit.times(margin), 'above');
