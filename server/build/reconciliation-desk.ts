import { quantity } from '../core/decimal.ts';
import { midpoint } from '../core/model/market.ts';
import type { Broker } from '../core/ports/broker.ts';
import type { Settlements, WishOutcome } from '../core/ports/broker-facts.ts';
import type { Log } from '../core/ports/log.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import type { Random } from '../core/ports/random.ts';
import { HttpProblem, notFound } from '../http/problems.ts';
import type { Queries } from '../http/queries.ts';
import type { ReconciliationDesk } from '../http/reconciliation-desk.ts';

export interface DeskParts {
  readonly settlements: Settlements;
  readonly queries: Pick<Queries, 'reconciliation'>;
  /** Null: there is no way to the account's broker. */
  link(accountId: string): { readonly broker: Broker; readonly marketData: Pick<MarketData, 'quote'> } | null;
  /** Compares an account with its broker now, here or by a worker. */
  compare(accountId: string): Promise<unknown>;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
}

/** What a person decides is done, and then the account is compared anew, so that what it came to is seen at once. */
export function createReconciliationDesk(parts: DeskParts): ReconciliationDesk {
  const { settlements, queries, log } = parts;

  const compareAfter = async (accountId: string): Promise<void> => {
    try {
      await parts.compare(accountId);
    } catch (error) {
      log.warn({ error, accountId }, 'the account could not be compared after a wish; the schedule will');
    }
  };

  return {
    async settle(reconciliationId, { difference, book, reason }, caller) {
      const report = await queries.reconciliation(reconciliationId);
      if (!report) throw notFound('such comparison');
      const outcome = await settlements.settle({
        ...{ reconciliationId, differenceId: difference, book, reason },
        ...{ by: caller.name, role: caller.role },
      });
      orRefuse(outcome, 'such difference in this comparison');
      await compareAfter(report.accountId);
      return (await queries.reconciliation(reconciliationId)) ?? report;
    },

    async transfer(accountId, { id, symbol, from, to, quantity: shares, reason }, caller) {
      const outcome = await settlements.transfer({
        ...{ accountId, symbol, from, to, requestId: id ?? parts.random.id(), reason },
        quantity: quantity(shares),
        ...{ by: caller.name, role: caller.role },
      });
      return orRefuse(outcome, 'such position');
    },

    async adoptOrder(accountId, brokerOrderId, { strategy, reason }, caller) {
      const link = parts.link(accountId);
      if (!link) throw notFound('such account at work here');
      const order = await link.broker.findOrder(brokerOrderId);
      if (!order) throw notFound('such order at the broker');
      const priced = order.limitPrice ?? order.stopPrice ?? order.filledAveragePrice;
      const quote = priced === null ? await link.marketData.quote(order.symbol).catch(() => null) : null;
      const outcome = await settlements.adoptOrder({
        ...{ accountId, order, strategy, reason, marketPrice: quote && midpoint(quote) },
        ...{ by: caller.name, role: caller.role },
      });
      const done = orRefuse(outcome, 'such order');
      await compareAfter(accountId);
      return { ...done, ...(outcome.orderId ? { orderId: outcome.orderId } : {}) };
    },

    async releaseOrder(orderId, reason, caller) {
      const outcome = await settlements.releaseOrder({ orderId, reason, by: caller.name, role: caller.role });
      return orRefuse(outcome, 'such order');
    },
  };
}

function orRefuse(outcome: WishOutcome, what: string): { sentence: string } {
  if (outcome.kind === 'done') return { sentence: outcome.sentence };
  if (outcome.kind === 'not_found') throw notFound(what);
  throw new HttpProblem(409, 'NOT_POSSIBLE', 'Not possible as things are', outcome.sentence);
}
