import { symbols } from '../server/testing/torture/load.ts';
import { openRig } from '../server/testing/torture/rig.ts';

/** What a run came to: orders of each alert, positions and cash, as text that can be compared. */
export interface WorkersOutcome {
  readonly orders: readonly string[];
  readonly positions: readonly string[];
  /** What each strategy holds. */
  readonly held: readonly string[];
  readonly cash: string;
  /** Alerts a second, from the first one's sending to the last order's end. */
  readonly perSecond: number;
  /** Figures of the comparison with the exchange that are not zero. */
  readonly differences: readonly string[];
  /** Alerts of a strategy on a symbol that were decided in another order than they came in. */
  readonly outOfOrder: number;
}

/**
 * The same alerts to so many workers on one database: `pairs` entries, each with its exit behind it, and as many entries that stay. The market
 * stands still, so that the same orders are filled at the same prices.
 */
export async function measureWorkers(workers: number, pairs: number): Promise<WorkersOutcome> {
  const rig = await openRig({ workers, exchange: ['--pace', '0', '--seed', '1'] });
  try {
    const startedMs = performance.now();
    const one = async (index: number): Promise<void> => {
      const about = { ticker: symbols[index % symbols.length]!, risk: 2, strategy: `bench-${index}` };
      await rig.alert({ signal: 'BUY', ...about });
      // Sent once the entry is acknowledged, and usually before it is decided.
      if (index % 2 === 0) await rig.alert({ signal: 'SELL', ...about });
    };
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (let index = lane; index < pairs * 2; index += 16) await one(index);
    });
    await Promise.all(lanes);
    const left = async (): Promise<number> => {
      const [row] = await rig.sql()<{ count: number }[]>`
        select (select count(*) from trading_signals where status = 'accepted')::int + (
          select count(*) from orders where role in ('entry', 'exit') and closed_at is null)::int as count`;
      return row!.count;
    };
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const tookMs = performance.now() - startedMs;
    const sql = rig.sql();
    const orders = await sql<{ line: string }[]>`
      select concat_ws(' ', strategy, role, side, quantity::text, symbol, status, filled_quantity::text) as line
      from orders where parent_id is null order by 1`;
    const positions = await sql<{ line: string }[]>`
      select concat_ws(' ', symbol, quantity::text) as line from positions where quantity <> 0 order by 1`;
    const held = await sql<{ line: string }[]>`
      select concat_ws(' ', strategy, symbol, quantity::text) as line from strategy_positions where quantity <> 0 order by 1`;
    const [cash] = await sql<
      { cash: string }[]
    >`select sum(amount)::text as cash from ledger_entries where book = 'cash'`;
    const [order] = await sql<{ count: number }[]>`
      select count(*)::int as count from trading_signals a join trading_signals b
        on a.strategy = b.strategy and a.ticker = b.ticker
        and (a.received_at, a.id) < (b.received_at, b.id) and a.decided_at > b.decided_at`;
    const differences = (await rig.differences()).map((figure) => `${figure.says}: ${figure.cases.join('; ')}`);
    return {
      orders: orders.map((row) => row.line),
      held: held.map(({ line }) => line),
      positions: positions.map((row) => row.line),
      cash: cash!.cash,
      perSecond: (pairs * 3 * 1000) / tookMs,
      differences,
      outOfOrder: order!.count,
    };
  } finally {
    await rig.close();
  }
}

/**
 * What must be the same however many work. Of the entries with an exit behind them the exit may be as quick: it is filled after its entry, or ends it
 * before it is sent, and nothing is held either way. The cash is held to the exchange's each time; which order is first at the book, and by a cent
 * cheaper, is chance. So is a stop that the exchange would not take because the market had passed it already; what is held in its place stands in `held`.
 */
export const comesTo = ({ orders, positions, held }: WorkersOutcome) => ({
  positions,
  held,
  entriesThatStay: orders.filter((line) => /^bench-\d*[13579] /.test(line) && !/ stop_loss .* rejected 0$/.test(line)),
});

const linesOf = (outcome: WorkersOutcome): string[] => Object.values(comesTo(outcome)).flat();

/** One, two and four workers on one database, with the same alerts. */
export async function runWorkersBench(quick: boolean): Promise<void> {
  const pairs = quick ? 40 : 200;
  console.log(
    `\nworkers: ${pairs * 3} alerts, entries and exits, to one, two and four worker processes on one database`,
  );
  let first: WorkersOutcome | null = null;
  for (const workers of [1, 2, 4]) {
    const outcome = await measureWorkers(workers, pairs);
    first ??= outcome;
    const [here, there] = [linesOf(outcome), linesOf(first)];
    const other = [...here.filter((line) => !there.includes(line)), ...there.filter((line) => !here.includes(line))];
    const same = other.length === 0 && here.length === there.length;
    console.log(
      `  ${workers} ${workers === 1 ? 'worker ' : 'workers'}  ${outcome.perSecond.toFixed(1).padStart(7)} alerts/s  ${(outcome.perSecond / first.perSecond).toFixed(2)} x  ` +
        `${same ? 'the same result' : 'ANOTHER RESULT'}, ${outcome.outOfOrder} out of order, ${outcome.differences.length} figures differ from the exchange`,
    );
    for (const difference of outcome.differences) console.log(`    ${difference}`);
    for (const line of other.slice(0, 10))
      console.log(`    ${here.includes(line) ? 'only here' : 'not here'}: ${line}`);
  }
}
