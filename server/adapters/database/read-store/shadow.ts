import type postgres from 'postgres';
import type { DriftJson, EvidenceJson } from '../../../contract/index.ts';
import { type Big, decimal, type Money, money, price, quantity, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { type OrderRole, terminalStatuses } from '../../../core/model/order.ts';
import type { PromotionCriteria } from '../../../core/model/settings.ts';
import type { Side } from '../../../core/model/signal.ts';
import { dateIn, marketZone } from '../../../core/zoned-day.ts';
import { driftOf, pairOrders, type ShadowedOrder } from '../../../pipeline/projections/shadow/drift.ts';
import { type RoundTrip, roundTrips } from '../../../pipeline/projections/shadow/round-trips.ts';
import { median, slippageBps } from '../../../pipeline/projections/shadow/slippage.ts';
import { evidenceOf } from '../../../platform/promotion/evidence.ts';

interface FillRow {
  accountId: string;
  symbol: string;
  side: Side;
  quantity: string;
  price: string;
  fee: string;
  at: Date;
  signalId: string | null;
  /** The middle of the quote its decision was made on; null: there was none, or no decision. */
  arrival: string | null;
}

/** A strategy's fills in one mode, oldest first: all of them, since a trade that is open at the edge of a window would be read as its opposite. */
const fillsOf = (sql: postgres.Sql, strategy: string, mode: Mode) => sql<FillRow[]>`
  select e.account_id as "accountId", e.symbol, e.side, e.quantity, e.price, e.fee, e.executed_at as at,
    o.signal_id as "signalId", ((d.quote->>'bid')::numeric + (d.quote->>'ask')::numeric) / 2 as arrival
  from trade_executions e
  join orders o on o.id = e.order_id
  left join decisions d on d.id = o.decision_id
  where o.strategy = ${strategy} and o.mode = ${mode}
  order by e.executed_at, e.cumulative_quantity, e.id`;

const tripsOf = (rows: readonly FillRow[]): RoundTrip[] =>
  roundTrips(
    rows.map((row) => ({
      ...row,
      quantity: quantity(row.quantity),
      price: price(row.price),
      fee: money(row.fee),
    })),
  );

/** What a strategy has shown on paper, beside what is asked of it before it may trade real money. */
export async function promotionEvidence(
  sql: postgres.Sql,
  strategy: string,
  criteria: PromotionCriteria,
): Promise<EvidenceJson> {
  const fills = await fillsOf(sql, strategy, 'paper');
  const trips = tripsOf(fills);
  const shortfalls = fills.flatMap(({ side, price: paid, arrival }) =>
    arrival === null ? [] : [slippageBps(side, price(paid), price(arrival))],
  );
  const record = {
    days: new Set(fills.map(({ at }) => dateIn(at, marketZone))).size,
    trades: trips.length,
    medianSlippageBps: median(shortfalls),
  };
  const lines = evidenceOf(criteria, record);
  return {
    strategy,
    met: lines.every((line) => line.met),
    lines,
    fills: fills.length,
    realizedPnl: text(trips.reduce<Big>((sum, trip) => sum.plus(trip.pnl), decimal('0'))),
    since: fills[0]?.at.toISOString() ?? null,
  };
}

interface OrderRow {
  signalId: string;
  shadow: boolean;
  step: number;
  role: OrderRole;
  symbol: string;
  side: Side;
  filledQuantity: string;
  filledCost: string;
  firstFillAt: Date | null;
  final: boolean;
}

/** How far a strategy's production is from its shadow on paper, over the signals decided since a moment. */
export async function strategyDrift(sql: postgres.Sql, strategy: string, since: Date): Promise<DriftJson> {
  const [orders, real, paper, risks] = await Promise.all([
    sql<OrderRow[]>`
      select d.signal_id as "signalId", d.shadow, coalesce(p.step, o.step) as step, o.role, o.symbol, o.side,
        sum(o.filled_quantity) as "filledQuantity", sum(o.filled_cost) as "filledCost",
        min((select min(e.executed_at) from trade_executions e where e.order_id = o.id)) as "firstFillAt",
        bool_and(o.status in ${sql([...terminalStatuses])}) as final
      from orders o
      left join orders p on p.id = o.parent_id
      join decisions d on d.id = coalesce(o.decision_id, p.decision_id)
      where o.strategy = ${strategy} and d.decided_at >= ${since} and (d.shadow or d.mode = 'production')
      group by 1, 2, 3, 4, 5, 6
      order by 1, 3, 4`,
    fillsOf(sql, strategy, 'production'),
    fillsOf(sql, strategy, 'paper'),
    sql<{ id: string; risk: string | null }[]>`
      select s.id, s.parsed->>'riskAmount' as risk from trading_signals s join decisions d on d.signal_id = s.id
      where d.shadow and s.strategy = ${strategy} and d.decided_at >= ${since}`,
  ]);
  const toOrder = (row: OrderRow): ShadowedOrder => ({
    ...row,
    filledQuantity: quantity(row.filledQuantity),
    averagePrice: decimal(row.filledQuantity).eq('0')
      ? null
      : price(decimal(row.filledCost).div(decimal(row.filledQuantity))),
  });
  const riskOf = new Map<string, Money>(risks.flatMap(({ id, risk }) => (risk === null ? [] : [[id, money(risk)]])));
  const shadowed = new Set(orders.filter((row) => row.shadow).map((row) => row.signalId));
  const ofSignals = (trips: readonly RoundTrip[]) =>
    trips.filter((trip) => trip.signalId !== null && shadowed.has(trip.signalId));
  const pairing = pairOrders(
    orders.filter((row) => !row.shadow).map(toOrder),
    orders.filter((row) => row.shadow).map(toOrder),
  );
  const drift = driftOf(
    pairing,
    { production: ofSignals(tripsOf(real)), paper: ofSignals(tripsOf(paper)) },
    (signalId) => riskOf.get(signalId) ?? null,
  );
  const orNull = (value: Big | null): string | null => value && text(value);
  return {
    strategy,
    since: since.toISOString(),
    ...drift,
    medianBps: orNull(drift.medianBps),
    meanBps: orNull(drift.meanBps),
    p95Bps: orNull(drift.p95Bps),
    productionPnl: text(drift.productionPnl),
    paperPnl: text(drift.paperPnl),
    pnlDifference: text(drift.pnlDifference),
    differenceInR: orNull(drift.differenceInR),
    points: pairing.pairs
      .map(({ production, paper: twin, bps }) => ({
        at: production.firstFillAt!.toISOString(),
        symbol: production.symbol,
        side: production.side,
        role: production.role,
        signalId: production.signalId,
        productionPrice: text(production.averagePrice!.round(6)),
        paperPrice: text(twin.averagePrice!.round(6)),
        bps: text(bps),
      }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .slice(-pointsShown),
  };
}

/** The newest pairs, for the chart and the table. */
const pointsShown = 200;
