import { money, quantity } from '../../../core/decimal.ts';
import type { BrokerActivity } from '../../../core/model/broker-order.ts';
import { need, optionalPrice, withSlash } from './order-mapping.ts';

/** An activity that is no trade, as it is on the wire; the SDK's own mapping drops `price` and `description`. */
export interface WireActivity {
  readonly id?: string;
  readonly activity_type?: string;
  readonly date?: string;
  readonly created_at?: string;
  readonly net_amount?: string;
  readonly qty?: string;
  readonly price?: string;
  readonly symbol?: string;
  readonly status?: string;
  readonly description?: string;
}

const optional = <T>(value: string | null | undefined, as: (value: string) => T): T | null =>
  value === undefined || value === null || value === '' ? null : as(value);

/** Maps an activity that is no trade. Throws a `TypeError` that names the field when the broker's answer lacks what it must have. */
export function toBrokerActivity(wire: WireActivity): BrokerActivity {
  const type = need(wire.activity_type, 'activity_type');
  return {
    activityId: need(wire.id, 'id'),
    type,
    symbol: optional(wire.symbol, (symbol) => (type === 'CFEE' ? withSlash(symbol) : symbol)),
    quantity: optional(wire.qty, quantity),
    price: optionalPrice(wire.price),
    netAmount: money(wire.net_amount ?? '0'),
    canceled: wire.status === 'canceled',
    description: wire.description || null,
    // The day alone, where it does not say more: its beginning, so that nothing counts as later than it was.
    at: new Date(need(wire.created_at ?? wire.date, 'date')),
  };
}
