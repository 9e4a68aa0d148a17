// The search copy on a real OpenSearch node. Invariants:
// 1. Whatever happens to the node, the copy ends with exactly what PostgreSQL has: nothing lost, nothing doubled.
// 2. A document that the mapping refuses holds up nothing, is kept, and is taken after the mend.
// 3. A rebuild under load loses nothing, and leaves one generation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { createSearchClient } from '../adapters/search/opensearch/client.ts';
import { createSearchIndex } from '../adapters/search/opensearch/search-index.ts';
import { byKey, parseNdjson } from '../adapters/search/saved-objects/read.ts';
import { searchesOf } from '../adapters/search/saved-objects/to-search.ts';
import { searchFolder } from '../main/search.ts';
import { rebuildSearch } from '../pipeline/projections/search/rebuild.ts';
import { sendRefusedAgain } from '../pipeline/projections/search/send-refused.ts';
import { type HttpFaultProxy, startHttpFaultProxy } from '../testing/http-fault-proxy.ts';
import { firstStartTimeoutMs, type SearchNode, startSearchNode, whyNoSearchNode } from '../testing/opensearch/node.ts';
import { countsInCopy, countsInDatabase, openSearchBox, type SearchBox } from '../testing/search-box.ts';

const reason = whyNoSearchNode();
let node: SearchNode;
let proxy: HttpFaultProxy;
const boxes: SearchBox[] = [];

beforeAll(async () => {
  if (reason !== null) return;
  node = await startSearchNode();
  proxy = await startHttpFaultProxy(node.url);
}, firstStartTimeoutMs);
afterEach(async () => {
  proxy?.fault(null);
  proxy?.delay(0);
  // A test that failed half-way leaves the node as it found it.
  node?.thaw();
  for (const box of boxes.splice(0)) await box.close();
});
afterAll(async () => {
  await proxy?.close();
  await node?.stop();
});

async function open(context: TestContext, url = node?.url, patienceMs?: number): Promise<SearchBox> {
  if (reason !== null) context.skip(reason);
  const box = await openSearchBox(url, patienceMs);
  boxes.push(box);
  return box;
}

async function expectSame(box: SearchBox): Promise<void> {
  const expected = await countsInDatabase(box);
  expect(await countsInCopy(box, Object.keys(expected))).toEqual(expected);
}

const all = byKey(parseNdjson(readFileSync(join(searchFolder, 'dashboards', 'signalbox.ndjson'), 'utf8')));
const range = { from: '2026-10-25T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' };

/** What a panel's own search answers: for each bucket of its first split the number of documents and the first metric. */
async function panel(
  box: SearchBox,
  id: string,
): Promise<Record<string, { documents: number; figure: number | null }>> {
  const [search] = searchesOf(all.get(`visualization:${id}`)!, all, { range });
  const { body } = await box.client.search(search as never);
  const [first] = Object.values(body.aggregations as unknown as Record<string, { buckets: Bucket[] }>);
  return Object.fromEntries(
    first!.buckets.map(({ key, doc_count, ...metrics }) => {
      const figure = Object.values(metrics).find((one) => typeof one === 'object' && 'value' in one);
      return [key, { documents: doc_count, figure: figure?.value ?? null }];
    }),
  );
}
type Bucket = { key: string; doc_count: number } & Record<string, { value: number }>;

/** The panels' figures, asked of the copy by the saved objects themselves, against those of the tables the copy was made of. */
async function expectPanelsAsSql(box: SearchBox): Promise<void> {
  const { sql } = box;
  for (const [id, column] of [
    ['signalbox-pnl-by-ticker', sql`e.symbol`],
    ['signalbox-pnl-by-strategy', sql`o.strategy`],
  ] as const) {
    const rows = await sql<{ key: string; count: number; net: number }[]>`
      select ${column} as key, count(*)::int as count, sum(e.realized_pnl - e.fee)::float8 as net
      from trade_executions e join orders o on o.id = e.order_id group by 1`;
    const found = await panel(box, id);
    expect(Object.keys(found).sort(), id).toEqual(rows.map(({ key }) => key).sort());
    for (const { key, count, net } of rows) {
      expect(found[key]!.documents, `${id} ${key}`).toBe(count);
      expect(found[key]!.figure, `${id} ${key}`).toBeCloseTo(net, 6);
    }
  }
  const denied = await sql<{ key: string; count: number }[]>`
    select verdict ->> 'rule' as key, count(*)::int as count
    from decisions, jsonb_array_elements(verdicts) as verdict where verdict ->> 'verdict' = 'deny' group by 1`;
  const rules = await panel(box, 'signalbox-denied-by-rule');
  expect(Object.entries(rules).map(([key, { documents }]) => ({ key, count: documents }))).toEqual([...denied]);
  const slippage = await sql<{ key: string; bps: number }[]>`
    select e.symbol as key, avg((e.price - o.reference_price) * case e.side when 'buy' then 1 else -1 end
      / o.reference_price * 10000)::float8 as bps
    from trade_executions e join orders o on o.id = e.order_id group by 1`;
  const slipped = await panel(box, 'signalbox-slippage-by-ticker');
  for (const { key, bps } of slippage) expect(slipped[key]!.figure, `slippage of ${key}`).toBeCloseTo(bps, 3);
}

describe('the search copy', { timeout: 600_000 }, () => {
  it('of 10,000 alerts and what followed has the counts and the sums of PostgreSQL', async (context) => {
    const box = await open(context);
    for (let i = 0; i < 5; i++) await box.trades.more(2000);
    box.sink.start();
    await box.caughtUp();
    await expectSame(box);
    const [sums] = await box.sql<{ pnl: number; fees: number; notional: number; closed: number }[]>`
      select sum(realized_pnl)::float8 as pnl, sum(fee)::float8 as fees, sum(quantity * price)::float8 as notional,
        count(*)::int as closed from trade_executions`;
    const { body } = await box.client.search({
      index: 'trading-pnl',
      body: { size: 0, aggs: { pnl: { sum: { field: 'realizedPnl' } }, fees: { sum: { field: 'fee' } } } },
    });
    const found = body.aggregations as unknown as Record<string, { value: number }>;
    expect(found.pnl!.value).toBeCloseTo(sums!.pnl, 6);
    expect(found.fees!.value).toBeCloseTo(sums!.fees, 6);
    expect(await box.count('trading-pnl')).toBe(sums!.closed);
    const sectors = await box.client.search({
      index: 'trading-signals',
      body: { size: 0, aggs: { sector: { terms: { field: 'sector', size: 20 } } as never } },
    });
    const buckets = (sectors.body.aggregations as unknown as { sector: { buckets: { key: string }[] } }).sector.buckets;
    await expectPanelsAsSql(box);
    expect(buckets.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['Information Technology', 'Energy', 'Unknown']),
    );
  });

  it('loses and doubles nothing when the node is killed amid a load and starts again', async (context) => {
    const box = await open(context);
    box.sink.start();
    for (let i = 0; i < 10; i++) {
      await box.trades.more(200);
      if (i === 3) await node.kill();
      if (i === 7) await node.restart();
    }
    await box.caughtUp();
    await expectSame(box);
  });

  it('waits for a node that hangs, and for one whose disk is full, and tells why', async (context) => {
    const box = await open(context, undefined, 1000);
    box.sink.start();
    await box.trades.more(200);
    await box.caughtUp();
    node.freeze();
    await box.trades.more(200);
    await vi.waitFor(async () => expect((await box.sink.state()).problem).toMatch(/cannot be reached/), 60_000);
    node.thaw();
    await box.caughtUp();
    const blocked = (value: boolean | null) =>
      box.client.indices.putSettings({
        index: '_all',
        body: { 'index.blocks.read_only_allow_delete': value } as never,
      });
    await blocked(true);
    await box.trades.more(200);
    await vi.waitFor(async () => expect((await box.sink.state()).problem).toMatch(/read-only|blocked/i), 60_000);
    expect((await box.sink.state()).events).toBeGreaterThan(0);
    await blocked(null);
    await box.caughtUp();
    await expectSame(box);
    expect((await box.sink.state()).problem).toBeNull();
  });

  it('comes through answers of too many requests, of whole ones and of single documents, and through too large ones', async (context) => {
    const box = await open(context, proxy?.url);
    let n = 0;
    proxy.fault(({ path, body }) => {
      if (!path.startsWith('/_bulk')) return null;
      n++;
      if (n % 4 === 1) return { status: 429, body: '{"error":{"reason":"circuit breaker"}}' };
      if (n % 4 === 2 && n < 12) {
        // As a node with a full queue answers: every document refused for now, none written.
        const items = Array.from({ length: body.split('\n').length / 2 - 0.5 }, () => ({
          index: { status: 429, error: { type: 'rejected_execution_exception', reason: 'queue is full' } },
        }));
        return { status: 200, body: JSON.stringify({ errors: true, items }) };
      }
      return body.length > 100_000 ? { status: 413, body: '' } : null;
    });
    box.sink.start();
    await box.trades.more(1000);
    await box.caughtUp();
    await expectSame(box);
    expect(n).toBeGreaterThan(8);
  });

  it('keeps what the mapping refuses, goes on with the rest, and takes it after the mend', async (context) => {
    const box = await open(context);
    box.sink.start();
    await box.trades.more(50);
    await box.caughtUp();
    await box.sql`
      insert into events (kind, data) values
        ('health.recorded', '{"state":"ok","newFigure":5}'), ('health.recorded', '{"state":"ok","queueWaiting":"many"}')`;
    await box.trades.more(50);
    await box.caughtUp();
    await expectSame(box);
    expect((await box.sink.state()).refused).toBe(2);
    const reasons = (await box.source.refused(box.generation, 10)).map((one) => one.reason);
    expect(reasons.join('\n')).toMatch(/newFigure[\s\S]*queueWaiting|queueWaiting[\s\S]*newFigure/);
    await box.client.indices.putMapping({
      index: `trading-health-g${box.generation}-*`,
      body: { properties: { newFigure: { type: 'long' } } },
    });
    expect(await sendRefusedAgain(box, box.generation)).toEqual({ taken: 1, left: 1 });
    await box.client.indices.refresh({ index: 'trading-health' });
    expect(await box.count('trading-health')).toBe(1);
  });

  it('is made anew under load, with its writer at work, and loses nothing', async (context) => {
    const box = await open(context);
    box.sink.start();
    await box.trades.more(3000);
    await box.caughtUp();
    let rebuilding = true;
    const load = (async () => {
      while (rebuilding) {
        await box.trades.more(5);
        // A pace, not a wait: some 200 events a second.
        await clock.sleep(150);
      }
    })();
    const client = createSearchClient({ url: node.url });
    const said: string[] = [];
    const { events, source, log } = box;
    const rebuilt = await rebuildSearch({
      source,
      index: createSearchIndex(client),
      events,
      clock,
      log,
      say: (sentence) => said.push(sentence),
    });
    rebuilding = false;
    await load;
    await client.close();
    expect(rebuilt).toMatchObject({ from: box.generation, to: box.generation + 1 });
    await box.caughtUp();
    await expectSame(box);
    const { body } = await box.client.cat.indices({ index: `*-g${box.generation}-*`, format: 'json' });
    expect(body).toEqual([]);
    await box.trades.more(10);
    await box.caughtUp();
    await expectSame(box);
  }, 120_000);

  it('has one writer at a time; another takes over when it ends', async (context) => {
    const box = await open(context);
    const other = box.openSink();
    box.sink.start();
    other.start();
    try {
      await box.trades.more(20);
      await box.caughtUp();
      await box.sink.stop();
      await box.trades.more(20);
      await box.caughtUp();
      await expectSame(box);
    } finally {
      await other.stop();
    }
  });
});
