// Each panel's search, made from the saved objects themselves, runs on a real OpenSearch node over documents that its index templates
// take, and answers what the same documents say when they are counted here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@opensearch-project/opensearch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  firstStartTimeoutMs,
  type SearchNode,
  startSearchNode,
  whyNoSearchNode,
} from '../../../testing/opensearch/node.ts';
import { attributeMappings } from './attributes.ts';
import type { SavedObject } from './model.ts';
import { byKey, indexPatternOf, searchSourceOf, visStateOf } from './read.ts';
import { fields, objects } from './testing/damage.ts';
import { type BucketAnswer, compare, finds } from './testing/expected.ts';
import { type Document, indexOf, seedDocuments, week } from './testing/seed.ts';
import { searchesOf } from './to-search.ts';

const templates = fileURLToPath(new URL('../../../../opensearch/templates/', import.meta.url));
const reason = whyNoSearchNode();
const all = byKey(objects);
const seeded = seedDocuments();
const inWeek = (one: Document) => String(one['@timestamp']) >= week.from && String(one['@timestamp']) <= week.to;

/** What an object's search should look at. */
function looksAt(object: SavedObject, more: (one: Document) => boolean = () => true): Document[] {
  const source = searchSourceOf(object)!;
  const { title, timeFieldName } = indexPatternOf(object, source.indexRefName, all)!.attributes;
  return seeded
    .get(String(title))!
    .filter((one) => (timeFieldName === undefined || inWeek(one)) && finds(source.query!, one) && more(one));
}

const charts = objects.flatMap((one) => {
  const state = visStateOf(one);
  return state && state.type !== 'vega' && state.type !== 'input_control_vis' ? [[one.id, one, state] as const] : [];
});
const lists = objects.filter(({ type }) => type === 'search').map((one) => [one.id, one] as const);
const controls = objects.flatMap((one) =>
  visStateOf(one)?.type === 'input_control_vis' ? [[one.id, one] as const] : [],
);

describe('on a real node', () => {
  let node: SearchNode;
  let client: Client;

  beforeEach((context) => {
    if (reason) context.skip(reason);
  });
  beforeAll(async () => {
    if (reason) return;
    node = await startSearchNode();
    client = new Client({ node: node.url });
    const body: object[] = [];
    const aliasOf = new Map<string, string>();
    for (const [alias, documents] of seeded) {
      const template = JSON.parse(readFileSync(`${templates}${alias}.json`, 'utf8'));
      await client.indices.putIndexTemplate({ name: alias, body: template });
      for (const [n, document] of documents.entries()) {
        const index = indexOf(alias, document);
        aliasOf.set(index, alias);
        body.push({ index: { _index: index, _id: String(n) } }, document);
      }
    }
    for (const [index, alias] of aliasOf) await client.indices.create({ index, body: { aliases: { [alias]: {} } } });
    const { body: answer } = await client.bulk({ body: body as never, refresh: true });
    const refused = answer.items.flatMap((one) => one.index?.error ?? []);
    expect(refused.slice(0, 3)).toEqual([]);
  }, firstStartTimeoutMs);

  afterAll(async () => {
    await client?.close();
    await node?.stop();
  });

  const run = async (object: SavedObject, filters: object[] = []) => {
    const answers: { hits: { hits: { _source: Document }[] }; aggregations?: Record<string, unknown> }[] = [];
    for (const { index, body } of searchesOf(object, all, { range: week, filters })) {
      const response = await client.search({ index, body: { ...body, track_total_hits: true } as never });
      answers.push(response.body as unknown as (typeof answers)[number]);
    }
    return answers;
  };
  const bucketOf = (answer: Awaited<ReturnType<typeof run>>[number]): BucketAnswer => ({
    ...answer.aggregations,
    doc_count: (answer.hits as unknown as { total: { value: number } }).total.value,
  });

  it.each(charts)('%s answers what its documents say', async (_, object, state) => {
    const documents = looksAt(object);
    expect(documents.length).toBeGreaterThan(0);
    const [answer] = await run(object);
    const { wrong, buckets } = compare(state, bucketOf(answer!), documents);
    expect(wrong).toEqual([]);
    if (state.aggs.some(({ schema }) => schema !== 'metric')) expect(buckets).toBeGreaterThan(1);
  });

  it.each(charts.filter(([, one]) => fields.get(titleOf(one))!.has('account')))(
    '%s keeps to the account that is chosen',
    async (_, object, state) => {
      const documents = looksAt(object, (one) => one.account === 'Real money');
      expect(documents.length).toBeGreaterThan(0);
      const [answer] = await run(object, [{ match_phrase: { account: 'Real money' } }]);
      expect(compare(state, bucketOf(answer!), documents).wrong).toEqual([]);
    },
  );

  it.each(lists)('%s lists the newest first', async (_, object) => {
    const [answer] = await run(object);
    const rows = answer!.hits.hits.map(({ _source }) => _source);
    const expected = looksAt(object).sort((a, b) => (String(a['@timestamp']) < String(b['@timestamp']) ? 1 : -1));
    expect(expected.length).toBeGreaterThan(0);
    expect(rows).toEqual(expected.slice(0, 500));
  });

  it.each(controls)('%s offer the modes, accounts and strategies there are', async (_, object) => {
    const alias = String(indexPatternOf(object, 'control_0_index_pattern', all)!.attributes.title);
    const answers = await run(object);
    const offered = answers.map(({ aggregations }) =>
      (aggregations!.termsAgg as { buckets: BucketAnswer[] }).buckets.map(({ key }) => key).sort(),
    );
    const there = ['mode', 'account', 'strategy'].map((field) =>
      [...new Set(seeded.get(alias)!.flatMap((one) => (one[field] === undefined ? [] : [one[field]])))].sort(),
    );
    expect(offered).toEqual(there);
  });

  it('exposure by sector is the sum of a snapshot, not of all snapshots', async () => {
    const [answer] = await run(objects.find(({ id }) => id === 'signalbox-risk-exposure-by-sector')!);
    const { buckets } = answer!.aggregations!.time as { buckets: TimeBucket[] };
    const starts = buckets.map(({ key }) => key);
    const documents = seeded.get('trading-exposure')!.filter(inWeek);
    let looked = 0;
    for (const [nth, { accounts }] of buckets.entries()) {
      const until = starts[nth + 1] ?? Number.POSITIVE_INFINITY;
      for (const account of accounts.buckets) {
        const mine = documents.filter((one) => {
          const at = Date.parse(String(one['@timestamp']));
          return one.accountId === account.key && at >= starts[nth]! && at < until;
        });
        const snapshots = Map.groupBy(mine, (one) => one['@timestamp']);
        expect(account.snapshots.value).toBe(snapshots.size);
        for (const { key, exposure } of account.sectors.buckets) {
          const ofSnapshots = [...snapshots.values()].map((parts) =>
            parts.filter(({ sector }) => sector === key).reduce((sum, one) => sum + Number(one.exposure), 0),
          );
          const mean = ofSnapshots.reduce((sum, one) => sum + one, 0) / ofSnapshots.length;
          expect(exposure.value / account.snapshots.value).toBeCloseTo(mean, 6);
          looked++;
        }
      }
    }
    expect(looked).toBeGreaterThan(20);
  });

  it('every object’s attributes are taken by an index with the strict mapping of Dashboards’ own', async () => {
    for (const [type, mapping] of Object.entries(attributeMappings)) {
      const index = `dashboards-${type}`;
      await client.indices.create({ index, body: { mappings: mapping as never } });
      for (const { id, attributes } of objects.filter((one) => one.type === type)) {
        const { statusCode } = await client.index({ index, id, body: attributes });
        expect(statusCode).toBe(201);
      }
    }
    const strange = client.index({ index: 'dashboards-dashboard', body: { title: 'x', controlsJSON: '{}' } });
    await expect(strange).rejects.toThrow(/strict/);
  });
});

interface TimeBucket {
  readonly key: number;
  readonly accounts: {
    readonly buckets: readonly {
      readonly key: string;
      readonly snapshots: { readonly value: number };
      readonly sectors: { readonly buckets: readonly { readonly key: string; readonly exposure: { value: number } }[] };
    }[];
  };
}

function titleOf(object: SavedObject): string {
  return String(indexPatternOf(object, searchSourceOf(object)!.indexRefName, all)!.attributes.title);
}
