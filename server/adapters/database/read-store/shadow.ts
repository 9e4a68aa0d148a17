import type postgres from 'postgres';
import type { DriftJson, EvidenceJson } from '../../../contract/index.ts';
import { type Big, decimal, type Money, money, price, quantity, text } from '../../../core/decimal.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { type OrderRole, terminalStatuses } from '../../../core/model/order.ts';
import type { PromotionCriteria } from '../../../core/model/settings.ts';
import type { Side } from '../../../core/model/signal.ts';
import { dateIn, marketZone } from '../../../core/zoned-day.ts';
import {
  driftOf,
  pairOrders,
  type ShadowedOrder,
  type TradeInBoth,
  tradesInBoth,
} from '../../../pipeline/projections/shadow/drift.ts';
import {
  foldRoundTrips,
  type HeldBefore,
  type RoundTrip,
  roundTrips,
  type TradeFill,
} from '../../../pipeline/projections/shadow/round-trips.ts';
import { median, slippageBps } from '../../../pipeline/projections/shadow/slippage.ts';
import { evidenceOf } from '../../../platform/promotion/evidence.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface FillRow {
  accountId: string;
  symbol: string;
  side: Side;
  quantity: string;
  price: string;
  fee: string;
  at: Date;
  signalId: string | null;
  /** The same, of a protective leg that of its order. */
  askedBy: string | null;
  /** The middle of the quote its decision was made on; null: there was none, or no decision. */
  arrival: string | null;
}

/**
 * A strategy's fills in one mode, oldest first, without those that the venue took back. Since a moment: with an index, however long the
 * history is.
 */
const fillsOf = (sql: Statements, strategy: string, mode: Mode, since: Date | null) => sql<FillRow[]>`
  select e.account_id as "accountId", e.symbol, e.side, e.quantity, e.price, e.fee, e.executed_at as at,
    o.signal_id as "signalId", coalesce(o.signal_id, (select p.signal_id from orders p where p.id = o.parent_id)) as "askedBy",
    ((d.quote->>'bid')::numeric + (d.quote->>'ask')::numeric) / 2 as arrival
  from trade_executions e
  join orders o on o.id = e.order_id
  left join decisions d on d.id = o.decision_id
  where o.strategy = ${strategy} and o.mode = ${mode} and ${since === null ? sql`true` : sql`e.executed_at >= ${since}`}
    and not exists (select from execution_corrections c
      where c.account_id = e.account_id and c.previous_execution_id = e.execution_id)
  order by e.executed_at, e.cumulative_quantity, e.id`;

const toFill = (row: FillRow): TradeFill => ({
  ...row,
  quantity: quantity(row.quantity),
  price: price(row.price),
  fee: money(row.fee),
});

interface HoldingRow {
  accountId: string;
  symbol: string;
  held: string;
}

/** What it holds now in the accounts of a mode. */
const holdingsOf = (sql: Statements, strategy: string, mode: Mode) => sql<HoldingRow[]>`
  select p.account_id as "accountId", p.symbol, p.quantity as held
  from strategy_positions p join accounts a on a.id = p.account_id
  where p.strategy = ${strategy} and a.mode = ${mode} and p.quantity <> 0`;

/** The trades opened since the first of the fills: what was held before is what is held now, less what the fills have changed. */
function tripsSince(rows: readonly FillRow[], held: readonly HoldingRow[]): RoundTrip[] {
  const before = new Map<string, HeldBefore>();
  const add = ({ accountId, symbol }: { accountId: string; symbol: string }, shares: Big): void => {
    const key = `${accountId} ${symbol}`;
    before.set(key, { accountId, symbol, quantity: quantity(shares.plus(before.get(key)?.quantity ?? '0')) });
  };
  for (const row of held) add(row, decimal(row.held));
  for (const row of rows) add(row, row.side === 'buy' ? decimal(row.quantity).neg() : decimal(row.quantity));
  return roundTrips(rows.map(toFill), before.values());
}

/** How many fills are held in memory at a time while all of them are read. */
const batch = 1000;

/**
 * What a strategy has shown on paper, beside what is asked of it before it may trade real money. It counts from the first fill, and is read
 * when somebody asks: in batches, so that a long history takes time and no memory.
 */
export async function promotionEvidence(
  sql: postgres.Sql,
  strategy: string,
  criteria: PromotionCriteria,
): Promise<EvidenceJson> {
  // What a person replayed shows what they tried, not what the strategy does.
  const replays = new Set(
    (
      await sql<{ id: string }[]>`
        select id from trading_signals where strategy = ${strategy} and replay_of is not null`
    ).map(({ id }) => id),
  );
  const fold = foldRoundTrips();
  const days = new Set<string>();
  const shortfalls: Big[] = [];
  let since: Date | null = null;
  let fills = 0;
  let trades = 0;
  let pnl: Big = decimal('0');
  for await (const rows of fillsOf(sql, strategy, 'paper', null).cursor(batch)) {
    for (const row of rows) {
      const replayed = row.askedBy !== null && replays.has(row.askedBy);
      if (!replayed) {
        since ??= row.at;
        fills++;
        days.add(dateIn(row.at, marketZone));
      }
      if (row.arrival !== null && !replayed)
        shortfalls.push(slippageBps(row.side, price(row.price), price(row.arrival)));
      for (const trip of fold(toFill(row))) {
        if (trip.signalId !== null && replays.has(trip.signalId)) continue;
        trades++;
        pnl = pnl.plus(trip.pnl);
      }
    }
  }
  const lines = evidenceOf(criteria, { days: days.size, trades, medianSlippageBps: median(shortfalls) });
  return {
    strategy,
    met: lines.every((line) => line.met),
    lines,
    fills,
    realizedPnl: text(pnl),
    since: since?.toISOString() ?? null,
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

/** The venue's clock and ours may differ by this: a fill of a decision is never further before it. */
const clocksApartMs = 86_400_000;

/**
 * How far a strategy's production is from its shadow on paper, over the signals decided since a moment. Only what was filled since is read:
 * a trade that was open then was opened by an older signal, and is not looked at.
 */
export async function strategyDrift(sql: postgres.Sql, strategy: string, since: Date): Promise<DriftJson> {
  const from = new Date(since.getTime() - clocksApartMs);
  // One moment for all of it: a fill between two of the statements would be held and not filled, or filled and not held.
  const [orders, real, paper, heldInProduction, heldOnPaper, risks] = await sql.begin(
    'isolation level repeatable read read only',
    (tx) =>
      Promise.all([
        shadowedOrders(tx, strategy, since),
        fillsOf(tx, strategy, 'production', from),
        fillsOf(tx, strategy, 'paper', from),
        holdingsOf(tx, strategy, 'production'),
        holdingsOf(tx, strategy, 'paper'),
        tx<{ id: string; risk: string | null; account: string | null }[]>`
          select s.id, s.parsed->>'riskAmount' as risk, (
            select a.id from jsonb_array_elements(s.destinations) with ordinality as t(value, place)
            join accounts a on a.id::text = t.value->>'accountId' and a.mode = 'production'
            where not t.value ? 'exitOnly' order by t.place limit 1) as account
          from trading_signals s join decisions d on d.signal_id = s.id
          where d.shadow and s.strategy = ${strategy} and d.decided_at >= ${since}`,
      ]),
  );
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
  // A shadow has the weight of the first production account: the result of that one is held against it.
  const beside = new Map(risks.flatMap(({ id, account }) => (account === null ? [] : [[id, account]])));
  const ofFirst = (trips: readonly RoundTrip[]) =>
    trips.filter(({ signalId, accountId }) => (beside.get(signalId!) ?? accountId) === accountId);
  const both = tradesInBoth({
    production: ofFirst(ofSignals(tripsSince(real, heldInProduction))),
    paper: ofSignals(tripsSince(paper, heldOnPaper)),
  });
  const drift = driftOf(pairing, both, (signalId) => riskOf.get(signalId) ?? null);
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
    results: resultsOf(both).slice(-pointsShown),
  };
}

/** The newest, for the chart. */
const pointsShown = 200;

/** What both had made by the end of each trade. */
function resultsOf(both: readonly TradeInBoth[]): DriftJson['results'] {
  let production: Big = decimal('0');
  let paper: Big = decimal('0');
  return both
    .map((trade) => ({ ...trade, at: Math.max(trade.real.closedAt.getTime(), trade.paper.closedAt.getTime()) }))
    .sort((a, b) => a.at - b.at)
    .map((trade) => {
      production = production.plus(trade.real.pnl);
      paper = paper.plus(trade.paper.pnl);
      return {
        at: new Date(trade.at).toISOString(),
        symbol: trade.real.symbol,
        signalId: trade.real.signalId!,
        productionPnl: text(production),
        paperPnl: text(paper),
      };
    });
}

const shadowedOrders = (sql: Statements, strategy: string, since: Date) => sql<OrderRow[]>`
  select d.signal_id as "signalId", d.shadow, coalesce(p.step, o.step) as step, o.role, o.symbol, o.side,
    sum(o.filled_quantity) as "filledQuantity", sum(o.filled_cost) as "filledCost",
    min((select min(e.executed_at) from trade_executions e where e.order_id = o.id)) as "firstFillAt",
    bool_and(o.status in ${sql([...terminalStatuses])}) as final
  from orders o
  left join orders p on p.id = o.parent_id
  join decisions d on d.id = coalesce(o.decision_id, p.decision_id)
  where o.strategy = ${strategy} and d.decided_at >= ${since} and (d.shadow or d.mode = 'production')
  group by 1, 2, 3, 4, 5, 6
  order by 1, 3, 4`;
