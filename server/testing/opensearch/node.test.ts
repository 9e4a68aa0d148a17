import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstStartTimeoutMs, type SearchNode, startSearchNode, whyNoSearchNode } from './node.ts';

const templates = fileURLToPath(new URL('../../../opensearch/templates/', import.meta.url));
const reason = whyNoSearchNode();

describe('a real OpenSearch node', () => {
  let node: SearchNode;
  const call = async (method: string, path: string, body?: unknown, signal: AbortSignal | null = null) => {
    const headers = { 'content-type': 'application/json' };
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(node.url + path, { method, headers, body: text, signal });
    return { status: answer.status, body: (await answer.json()) as Record<string, { mappings?: unknown }> };
  };

  beforeAll(async () => {
    if (!reason) node = await startSearchNode();
  }, firstStartTimeoutMs);
  beforeEach((context) => {
    if (reason) context.skip(reason);
  });
  afterAll(() => node?.stop());

  it('takes every index template, and an index of each has its mapping', async () => {
    const files = readdirSync(templates).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const name = basename(file, '.json');
      const template = JSON.parse(readFileSync(templates + file, 'utf8'));
      expect(await call('PUT', `/_index_template/${name}`, template)).toMatchObject({ status: 200 });
      const index = `${name}-g1-2026.01`;
      expect(await call('PUT', `/${index}`)).toMatchObject({ status: 200 });
      const { body } = await call('GET', `/${index}/_mapping`);
      expect(body[index]?.mappings).toEqual(template.template.mappings);
    }
  });

  it('refuses a field that a strict mapping does not have', async () => {
    await call('PUT', '/strict', { mappings: { dynamic: 'strict', properties: { ticker: { type: 'keyword' } } } });
    expect(await call('PUT', '/strict/_doc/1', { ticker: 'AAPL' })).toMatchObject({ status: 201 });
    expect(await call('PUT', '/strict/_doc/2', { ticker: 'AAPL', surprise: 1 })).toMatchObject({
      status: 400,
      body: { error: { type: 'strict_dynamic_mapping_exception' } },
    });
  });

  it('keeps the newer of two external versions', async () => {
    const put = (version: number) =>
      call('PUT', `/versions/_doc/1?version=${version}&version_type=external`, { written: version });
    expect(await put(5)).toMatchObject({ status: 201 });
    expect(await put(4)).toMatchObject({ status: 409, body: { error: { type: 'version_conflict_engine_exception' } } });
    expect(await put(5)).toMatchObject({ status: 409 });
    expect(await put(6)).toMatchObject({ status: 200 });
    expect(await call('GET', '/versions/_doc/1')).toMatchObject({ body: { _version: 6, _source: { written: 6 } } });
  });

  it('deletes by query, and aggregates with a script', async () => {
    for (const quantity of [1, 2, 3]) await call('PUT', `/parts/_doc/${quantity}?refresh=true`, { quantity });
    const query = { range: { quantity: { gte: 3 } } };
    expect(await call('POST', '/parts/_delete_by_query?refresh=true', { query })).toMatchObject({
      body: { deleted: 1, failures: [] },
    });
    const doubled = { sum: { script: { source: "doc['quantity'].value * 2" } } };
    expect(await call('POST', '/parts/_search', { size: 0, aggs: { doubled } })).toMatchObject({
      body: { hits: { total: { value: 2 } }, aggregations: { doubled: { value: 6 } } },
    });
  });

  it('has its documents after it was killed and started again where it was', async () => {
    expect(await call('PUT', '/kept/_doc/1', { said: 'before' })).toMatchObject({ status: 201 });
    await node.kill();
    await expect(call('GET', '/')).rejects.toThrow('fetch failed');
    await node.restart();
    // No retry: whoever is told that it has started can use it.
    expect(await call('POST', '/kept/_search')).toMatchObject({
      status: 200,
      body: { hits: { hits: [{ _id: '1', _source: { said: 'before' } }] } },
    });
  });

  it('answers nothing while it is frozen, and what was asked once it is thawed', async () => {
    node.freeze();
    const abandoned = call('GET', '/', undefined, AbortSignal.timeout(200));
    await expect(abandoned).rejects.toThrow('timeout');
    const waiting = call('GET', '/');
    node.thaw();
    expect(await waiting).toMatchObject({ status: 200, body: { version: { number: '3.8.0' } } });
  });

  it('takes settings, and leaves neither a process nor data behind when it is stopped, even frozen', async () => {
    const other = await startSearchNode({ heapMb: 256, settings: { 'thread_pool.write.queue_size': '7' } });
    try {
      const answer = await fetch(`${other.url}/_cat/thread_pool/write?h=queue_size&format=json`);
      expect(await answer.json()).toEqual([{ queue_size: '7' }]);
      expect(existsSync(other.dataDir)).toBe(true);
      other.freeze();
    } finally {
      await other.stop();
    }
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
    expect(existsSync(other.dataDir)).toBe(false);
  }, 60_000);
});
