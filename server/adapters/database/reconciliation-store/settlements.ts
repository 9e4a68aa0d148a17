import { money, price, quantity } from '../../../core/decimal.ts';
import type { BrokerFill } from '../../../core/model/broker-order.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { Settlements } from '../../../core/ports/broker-facts.ts';
import type { OrderStoreOptions } from '../order-store/context.ts';
import { recordFill } from '../order-store/record-fill.ts';
import { adopt, release, transfer } from './adopt.ts';
import { settle } from './settle.ts';

interface ForeignFillRow {
  executionId: string;
  brokerOrderId: string;
  symbol: string;
  side: Side;
  quantity: string;
  price: string;
  cumulativeQuantity: string;
  at: Date;
}

/** What a person decides, in PostgreSQL: each wish is one transaction with its event, and the account's row is held. */
export function createSettlements(options: OrderStoreOptions): Settlements {
  const { sql, committed } = options;

  /** The order's fills of before go to its strategy. Each is one transaction; those that are cut off follow with the next comparison. */
  async function giveFills(accountId: string, brokerOrderId: string): Promise<void> {
    const rows = await sql<ForeignFillRow[]>`
      select execution_id as "executionId", broker_order_id as "brokerOrderId", symbol, side, quantity, price,
        cumulative_quantity as "cumulativeQuantity", executed_at as at
      from foreign_fills where account_id = ${accountId} and broker_order_id = ${brokerOrderId} and order_id is null
      order by executed_at, cumulative_quantity`;
    for (const row of rows) {
      const fill: BrokerFill = {
        ...row,
        quantity: quantity(row.quantity),
        price: price(row.price),
        cumulativeQuantity: quantity(row.cumulativeQuantity),
        fee: money('0'),
      };
      await recordFill(options, accountId, fill, 'poll');
    }
  }

  return {
    async settle(wish) {
      const outcome = await sql.begin((tx) => settle(options, tx, wish));
      committed?.();
      return outcome;
    },
    async transfer(wish) {
      const outcome = await sql.begin((tx) => transfer(options, tx, wish));
      committed?.();
      return outcome;
    },
    async adoptOrder(wish) {
      const outcome = await sql.begin((tx) => adopt(options, tx, wish));
      if (outcome.kind === 'done') await giveFills(wish.accountId, wish.order.brokerOrderId);
      committed?.();
      return outcome;
    },
    async releaseOrder(wish) {
      const outcome = await sql.begin((tx) => release(options, tx, wish));
      committed?.();
      return outcome;
    },
  };
}
