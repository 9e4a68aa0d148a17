import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { searchAliases } from '../../../core/ports/search-index.ts';
import { searchFolder } from '../../../main/search.ts';
import {
  firstStartTimeoutMs,
  type SearchNode,
  startSearchNode,
  whyNoSearchNode,
} from '../../../testing/opensearch/node.ts';
import { createSearchClient } from './client.ts';
import { importDashboards } from './import-dashboards.ts';
import { setUpSearch } from './setup.ts';

/** What the documentation of index management says a policy may hold, as far as ours goes; anything else is refused. */
const policy = z.strictObject({
  policy: z.strictObject({
    description: z.string(),
    default_state: z.string(),
    states: z.array(
      z.strictObject({
        name: z.string(),
        actions: z.array(
          z.union([
            z.strictObject({ force_merge: z.strictObject({ max_num_segments: z.int().min(1) }) }),
            z.strictObject({ delete: z.strictObject({}) }),
          ]),
        ),
        transitions: z.array(
          z.strictObject({
            state_name: z.string(),
            conditions: z.strictObject({ min_index_age: z.string().regex(/^\d+d$/) }),
          }),
        ),
      }),
    ),
    ism_template: z.array(z.strictObject({ index_patterns: z.array(z.string()), priority: z.int() })),
  }),
});

describe('the files', () => {
  it('have a template for each alias, strict, and for nothing else', () => {
    expect(readdirSync(join(searchFolder, 'templates')).sort()).toEqual(searchAliases.map((a) => `${a}.json`).sort());
    for (const alias of searchAliases) {
      const file = JSON.parse(readFileSync(join(searchFolder, 'templates', `${alias}.json`), 'utf8'));
      expect(file.index_patterns).toEqual([`${alias}-g*`]);
      expect(file.template.mappings.dynamic).toBe('strict');
      expect(file.template.mappings.properties['@timestamp']).toEqual({ type: 'date' });
    }
  });

  it('have a policy of the documented shape, for everything but what is held now, whose states lead to one another', () => {
    const file = JSON.parse(readFileSync(join(searchFolder, 'policies', 'signalbox-retention.json'), 'utf8'));
    const { policy: ours } = policy.parse(file);
    const names = ours.states.map((state) => state.name);
    expect(names).toContain(ours.default_state);
    for (const { transitions } of ours.states) for (const one of transitions) expect(names).toContain(one.state_name);
    expect(ours.ism_template[0]!.index_patterns.sort()).toEqual(
      searchAliases
        .filter((alias) => alias !== 'trading-positions')
        .map((alias) => `${alias}-g*`)
        .sort(),
    );
  });
});

describe('setting up', { timeout: 60_000 }, () => {
  const reason = whyNoSearchNode();
  let node: SearchNode;
  beforeAll(async () => {
    if (reason === null) node = await startSearchNode();
  }, firstStartTimeoutMs);
  afterAll(() => node?.stop());

  it('says what it changed, changes nothing the second time, adds new fields, and tells what only a rebuild can mend', async (context) => {
    if (reason !== null) context.skip(reason);
    const client = createSearchClient({ url: node.url });
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-search-'));
    mkdirSync(join(folder, 'templates'));
    mkdirSync(join(folder, 'policies'));
    const file = join(folder, 'templates', 'trading-health.json');
    const template = JSON.parse(readFileSync(join(searchFolder, 'templates', 'trading-health.json'), 'utf8'));
    const write = () => writeFileSync(file, JSON.stringify(template));
    write();
    const outcomes = async () => (await setUpSearch(client, folder)).map(({ kind, outcome }) => `${kind} ${outcome}`);
    expect(await outcomes()).toEqual(['template created']);
    expect(await outcomes()).toEqual(['template as_it_was']);
    await client.indices.create({ index: 'trading-health-g1-2026.11' });
    template.template.mappings.properties.newFigure = { type: 'long' };
    write();
    expect(await outcomes()).toEqual(['template changed', 'mapping changed']);
    expect(await outcomes()).toEqual(['template as_it_was']);
    template.template.mappings.properties.newFigure = { type: 'keyword' };
    write();
    const steps = await setUpSearch(client, folder);
    expect(steps.at(-1)).toMatchObject({ kind: 'mapping', outcome: 'not_possible' });
    expect(steps.at(-1)!.sentence).toContain('npm run search:rebuild');
    await client.close();
  });

  it('tells that the node has no index management, and does everything else', async (context) => {
    if (reason !== null) context.skip(reason);
    const client = createSearchClient({ url: node.url });
    const steps = await setUpSearch(client, searchFolder);
    expect(steps.filter(({ kind }) => kind === 'template')).toHaveLength(searchAliases.length);
    expect(steps.find(({ kind }) => kind === 'policy')).toMatchObject({ outcome: 'not_possible' });
    await client.close();
  });

  it('throws when nobody answers', async () => {
    const client = createSearchClient({ url: 'http://127.0.0.1:1' });
    await expect(setUpSearch(client, searchFolder)).rejects.toThrow();
  });
});

describe('importing dashboards', () => {
  let server: Server;
  let answer: { status: number; body: object };
  const asked: { path: string; headers: Record<string, unknown>; body: string }[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      asked.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const url = () => `http://ada:se%40cret@127.0.0.1:${(server.address() as AddressInfo).port}/analysts`;

  it('sends the file as the import wants it, under the path and with the password of the address', async () => {
    answer = { status: 200, body: { success: true, successCount: 3 } };
    expect(await importDashboards(url(), new TextEncoder().encode('{"id":"x"}\n'))).toBe(3);
    const [file, setting] = asked;
    expect(file!.path).toBe('/analysts/api/saved_objects/_import?overwrite=true');
    expect(file!.headers).toMatchObject({
      'osd-xsrf': 'true',
      authorization: `Basic ${Buffer.from('ada:se@cret').toString('base64')}`,
    });
    expect(file!.body).toContain('filename="signalbox.ndjson"');
    expect(file!.body).toContain('{"id":"x"}');
    expect(setting!.path).toBe('/analysts/api/opensearch-dashboards/settings');
    expect(JSON.parse(setting!.body)).toEqual({ changes: { 'courier:ignoreFilterIfFieldNotInIndex': true } });
  });

  it('names what was refused, though the answer is 200', async () => {
    const errors = [{ type: 'dashboard', id: 'd', error: { type: 'missing_references' } }];
    answer = { status: 200, body: { success: false, successCount: 2, errors } };
    await expect(importDashboards(url(), new Uint8Array())).rejects.toThrow('dashboard d (missing_references)');
  });
});
