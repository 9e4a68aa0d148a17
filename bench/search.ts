import { systemClock as clock } from '../server/adapters/clock/system-clock.ts';
import { connectDatabase, plansByKey } from '../server/adapters/database/connect.ts';
import { createEventReader } from '../server/adapters/database/event-reader/event-reader.ts';
import { createSearchStore } from '../server/adapters/database/search-store/search-store.ts';
import { createSearchClient } from '../server/adapters/search/opensearch/client.ts';
import { createSearchIndex } from '../server/adapters/search/opensearch/search-index.ts';
import { setUpSearch } from '../server/adapters/search/opensearch/setup.ts';
import { searchConnections, searchFolder } from '../server/main/search.ts';
import { createSearchSink } from '../server/pipeline/projections/search/sink.ts';
import { startHttpFaultProxy } from '../server/testing/http-fault-proxy.ts';
import { startSearchNode, whyNoSearchNode } from '../server/testing/opensearch/node.ts';
import { quietLog as log } from '../server/testing/quiet-log.ts';
import { measureArrivals } from './ack-to-exchange.ts';
import { table } from './measure.ts';
import { runSearchSinkBench } from './search-sink.ts';

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The search copy on a real node: its speed, its lag, and that trading does not notice it. */
export async function runSearchBench(databaseUrl: string, quick: boolean): Promise<void> {
  const reason = whyNoSearchNode();
  if (reason !== null) {
    console.log(`\nSearch copy: not measured, ${reason}.`);
    return;
  }
  const node = await startSearchNode();
  try {
    await runSearchSinkBench(databaseUrl, node.url, quick);
    await lagAtFifty(databaseUrl, node.url, quick ? 5 : 20);
    await tradingBeside(node.url, quick);
  } finally {
    await node.stop();
  }
}

/** How old the oldest event is that is not in the index, while 50 a second are stored. */
async function lagAtFifty(databaseUrl: string, nodeUrl: string, seconds: number): Promise<void> {
  const sql = connectDatabase(databaseUrl, { max: searchConnections, settings: plansByKey });
  const client = createSearchClient({ url: nodeUrl });
  const events = createEventReader({ sql, clock, log });
  const source = createSearchStore({ sql, baseUrl: 'http://127.0.0.1:8080' });
  const index = createSearchIndex(client);
  const setUp = async () => void (await setUpSearch(client, searchFolder));
  const sink = createSearchSink({ source, index, events, setUp, clock, log });
  sink.start();
  try {
    while ((await sink.state()).events > 0) await clock.sleep(100);
    const lags: number[] = [];
    const startedMs = performance.now();
    for (let i = 0; i < seconds * 50; i++) {
      await sql`insert into events (kind, data) values ('kill_switch.released', '{"by":"bench","reason":"a word to find"}')`;
      events.kick();
      if (i % 5 === 0) lags.push((await sink.state()).seconds * 1000);
      await clock.sleep(Math.max(0, startedMs + (i + 1) * 20 - performance.now()));
    }
    lags.sort((a, b) => a - b);
    console.log(
      `\nLag at 50 events a second, over ${seconds} s: p50 ${at(lags, 0.5).toFixed(0)} ms, p99 ${at(lags, 0.99).toFixed(0)} ms`,
    );
  } finally {
    await sink.stop();
    await Promise.all([sql.end({ timeout: 1 }), client.close()]);
  }
}

/** Acknowledgement to exchange without a search copy, and with one whose node is up, answers after 2 s, or is not there. */
async function tradingBeside(nodeUrl: string, quick: boolean): Promise<void> {
  const slow = await startHttpFaultProxy(nodeUrl);
  slow.delay(2000);
  const counts = quick ? { alone: 40, loaded: 40 } : { alone: 200, loaded: 200 };
  try {
    const ways: [string, Record<string, string>][] = [
      ['no search copy', {}],
      ['OpenSearch up', { OPENSEARCH_URL: nodeUrl }],
      ['OpenSearch slow (2 s)', { OPENSEARCH_URL: slow.url }],
      ['OpenSearch down', { OPENSEARCH_URL: 'http://127.0.0.1:1' }],
      ['no search copy, again', {}],
    ];
    const rows = [['trading path', 'p50 alone', 'p99 alone', 'p50 at 20/s', 'p99 at 20/s', 'p50 against none']];
    let none = Number.NaN;
    for (const [name, env] of ways) {
      const { alone, loaded } = await measureArrivals(counts, env);
      const p50 = at(alone, 0.5);
      if (Number.isNaN(none)) none = p50;
      const cells = [p50, at(alone, 0.99), at(loaded, 0.5), at(loaded, 0.99)].map((value) => `${value.toFixed(1)} ms`);
      rows.push([name, ...cells, `${(p50 / none).toFixed(2)}x`]);
    }
    console.log(`\n${table(rows)}`);
  } finally {
    await slow.close();
  }
}
