import { symbols as allSymbols } from '../server/testing/torture/load.ts';
import { openRig } from '../server/testing/torture/rig.ts';
import { askVenue } from '../server/testing/torture/venue-record.ts';

const symbols = allSymbols.slice(0, 10);

/** From the start after a SIGKILL to books that were compared with the exchange's, with so many open orders, each with its legs. */
export async function runRestartBench(quick: boolean): Promise<void> {
  const open = quick ? 100 : 1000;
  const rig = await openRig({ exchange: ['--pace', '0'] });
  try {
    // One of each symbol for a strategy: the same again in one bar would be refused.
    for (let index = 0; index < open / symbols.length; index++) {
      await rig.api('PUT', `/strategies/rest-${index}`, { settings: { entryType: 'limit' } });
    }
    const { quotes } = await askVenue<{ quotes: Record<string, { bp: number }> }>(
      rig.stage.exchange,
      `/v2/stocks/quotes/latest?symbols=${symbols.join(',')}`,
    );
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (let index = lane; index < open; index += 16) {
        const ticker = symbols[index % symbols.length]!;
        const entryPrice = Number((quotes[ticker]!.bp * 0.99).toFixed(2));
        const strategy = `rest-${Math.floor(index / symbols.length)}`;
        await rig.alert({ signal: 'BUY', ticker, risk: 5, strategy, entryPrice });
      }
    });
    await Promise.all(lanes);
    const count = async (): Promise<number> =>
      (
        await rig.sql()<{ count: number }[]>`
        select count(*)::int as count from orders where parent_id is null and status = 'accepted'`
      )[0]!.count;
    const undecided = async (): Promise<number> =>
      (
        await rig.sql()<{ count: number }[]>`
        select (select count(*) from trading_signals where status = 'accepted')::int
          + (select count(*) from orders where status in ('approved', 'submitting', 'submit_unknown'))::int as count`
      )[0]!.count;
    while ((await undecided()) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    const orders = await count();
    await rig.fleet.intake.kill();
    const [{ before } = { before: '0' }] = await rig.sql()<{ before: string }[]>`
      select coalesce(max(seq), 0)::text as before from events where kind = 'reconciliation.completed'`;
    const startedMs = performance.now();
    await rig.fleet.start(rig.fleet.intake);
    const readyMs = performance.now() - startedMs;
    for (;;) {
      const [found] =
        await rig.sql()`select from events where kind = 'reconciliation.completed' and seq > ${before}::bigint`;
      if (found) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const comparedMs = performance.now() - startedMs;
    const differences = await rig.differences();
    console.log(
      `\nrestart: ${orders} open orders with their legs after a SIGKILL: ready after ${(readyMs / 1000).toFixed(2)} s, compared with the exchange after ` +
        `${(comparedMs / 1000).toFixed(2)} s, ${differences.length} figures differ`,
    );
  } finally {
    await rig.close();
  }
}
