import type postgres from 'postgres';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';

/** What the order store works with. */
export interface OrderStoreOptions {
  /** A plain postgres.js client: drizzle must not have been given it, as it changes how dates are read. */
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}
