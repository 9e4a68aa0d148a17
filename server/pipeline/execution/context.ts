import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OrderStore } from '../../core/ports/order-store.ts';
import type { Random } from '../../core/ports/random.ts';
import type { SettingsStore } from '../../core/ports/settings.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { defaultTimings, type ExecutionTimings } from './timings.ts';
import { createUnclear, type Unclear } from './unclear.ts';

/** What execution is given. */
export interface ExecutionDeps {
  readonly orders: OrderStore;
  /** The broker of an account; throws for an account it does not know. */
  broker(accountId: string): Broker;
  /** Whether an entry may go to its broker now; else after how long to ask again. Not given: always. */
  mayEnter?(order: ApprovedOrder): Promise<{ readonly afterMs: number } | null>;
  /** For the kill switch. */
  readonly settings: Pick<SettingsStore, 'current'>;
  /** For how long the alert of an order counts, in seconds: an entry that could not be sent for so long is not. */
  alertSeconds(order: Pick<ApprovedOrder, 'accountId' | 'strategy' | 'symbol'>): number;
  readonly clock: Clock;
  /** For the pauses before another try. */
  readonly random: Pick<Random, 'fraction'>;
  readonly log: Log;
  /** Tells a person of what stays unclear. */
  readonly alarms?: Pick<Alarms, 'raise' | 'clear'>;
  readonly timings?: Partial<ExecutionTimings>;
  /** Whether the account was compared with the broker since the start: entries are sent only then. */
  ready(accountId: string): boolean;
  /** Told after each fill that was new: what the broker says of the account is out of date. */
  onTraded?(accountId: string): void;
  /** Told of a fill from the stream that is not ours: books and broker differ until it is booked. */
  onForeign?(accountId: string): void;
}

/** What the parts of execution share. */
export interface Context extends Omit<ExecutionDeps, 'timings'> {
  mayEnter(order: ApprovedOrder): Promise<{ readonly afterMs: number } | null>;
  readonly timings: ExecutionTimings;
  readonly unclear: Unclear;
  /** One lane an order: two jobs of the same order in this process never overlap. */
  readonly byOrder: Lanes;
  /** One lane an account: what the broker tells is taken over in its order. */
  readonly byAccount: Lanes;
}

export function createContext(deps: ExecutionDeps): Context {
  const timings = { ...defaultTimings, ...deps.timings };
  return {
    ...deps,
    broker: (accountId) => deps.broker(accountId),
    mayEnter: async (order) => (await deps.mayEnter?.(order)) ?? null,
    ready: (accountId) => deps.ready(accountId),
    onTraded: (accountId) => deps.onTraded?.(accountId),
    onForeign: (accountId) => deps.onForeign?.(accountId),
    timings,
    unclear: createUnclear({ ...deps, timings }),
    byOrder: createLanes(),
    byAccount: createLanes(),
  };
}
