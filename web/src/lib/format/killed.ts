import type { KillSwitchJson, Order, Position } from '../api/contract.ts';
import { duration } from './number.ts';
import { counted } from './words.ts';

export interface Target {
  readonly scope: KillSwitchJson['scope'];
  /** Empty for all. */
  readonly key: string;
}

const whole = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : duration(ms));

/** "Stopped in 12 ms, 3 orders cancelled in 180 ms, flat in 2.1 s": how it went so far. */
export function courseOf(one: KillSwitchJson): string {
  const late = one.lastEntryMs === null ? [] : [`a last entry was sent after ${whole(one.lastEntryMs)}`];
  const cancelled =
    one.cancelled === null || one.cancelledMs === null
      ? 'resting entries are being cancelled'
      : one.cancelled === 0
        ? 'no entry was resting'
        : `${counted(one.cancelled, 'order')} cancelled in ${whole(one.cancelledMs)}`;
  const flat = !one.flatten
    ? []
    : [one.flatMs === null ? 'positions are being closed' : `flat in ${whole(one.flatMs)}`];
  return [`Stopped in ${whole(one.stoppedMs)}`, ...late, cancelled, ...flat].join(', ');
}

/** Whether an order, or a position where it says whose it is, is of the target. */
export const isOf = ({ scope, key }: Target, one: Pick<Order, 'accountId' | 'strategy' | 'symbol'>): boolean =>
  scope === 'all' || key === (scope === 'account' ? one.accountId : scope === 'strategy' ? one.strategy : one.symbol);

/** Positions of the target; of a strategy, those in symbols that its orders were filled in. */
export const positionsOf = (target: Target, positions: readonly Position[], orders: readonly Order[]): Position[] =>
  positions.filter((held) =>
    target.scope === 'strategy'
      ? orders.some(
          (order) =>
            order.strategy === target.key &&
            order.symbol === held.symbol &&
            order.accountId === held.accountId &&
            order.filledQuantity !== '0',
        )
      : isOf(target, { ...held, strategy: '' }),
  );
