import type { BrokerOrder } from '../../core/model/broker-order.ts';

/** What a protective leg is for: by the broker's word on its group, else by its type: a stop protects, a limit takes the profit. */
export function legRole(leg: BrokerOrder): 'take_profit' | 'stop_loss' {
  if (leg.groupRole === 'take_profit' || leg.groupRole === 'stop_loss') return leg.groupRole;
  return leg.type !== 'limit' && leg.type !== 'market' ? 'stop_loss' : 'take_profit';
}
