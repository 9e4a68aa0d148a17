// Invariants: what comes to a sandbox is kept byte for byte, but for secrets, and is no signal, whatever it says, however it is proven and by
// whichever route; only who proves itself is recorded; what is kept is bounded by number and by age; a recording is a fixture that the tests
// of the corpora hold as one of theirs.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecordingDesk } from '../build/recording-desk.ts';
import { recordingFixture, recordingJson, recordingWhole } from '../contract/index.ts';
import { signAlert } from '../core/alert-signature.ts';
import { keptDays, keptOfSource } from '../core/ports/recordings.ts';
import { readCorpus } from '../pipeline/intake/corpus/read-corpus.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { codingOf } from '../pipeline/intake/recorder/content-coding.ts';
import { expectAlert } from '../testing/corpus-alert.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { openProofDesk, type ProofDesk } from '../testing/proof-desk.ts';
import type { RecordingDesk } from './recording-desk.ts';

const clock = new ManualClock();
let database: TestDatabase;
let intake: ProofDesk;
let desk: RecordingDesk;
let nth = 0;
const dialects = await loadDialects();

beforeAll(async () => {
  database = await createTestDatabase();
  intake = await openProofDesk(database.url, clock, ['127.0.0.1']);
  desk = createRecordingDesk({ store: intake.recordings, tokens: intake.tokens, dialects });
});
afterAll(async () => {
  await intake?.close();
  await database?.drop();
});

async function sandbox(change: Parameters<ProofDesk['tokens']['issue']>[2] = {}) {
  const name = `sandbox-${++nth}`;
  const token = await intake.tokens.issue(name, name, change);
  const { id } = (await intake.tokens.find(token))!;
  await desk.switch(id, true, 'a person');
  return { id, name, token };
}
type Source = Awaited<ReturnType<typeof sandbox>>;
const url = ({ name, token }: Source) => `http://127.0.0.1:${intake.port}/hooks/${name}/${token}`;
const post = (at: Source, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url(at), { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers });
const alert = (more: object = {}) =>
  JSON.stringify({ signal: 'BUY', ticker: 'AAPL', mode: 'Production', risk: 100, id: `n${++nth}`, ...more });
const signals = async (name: string) =>
  Number((await database.sql`select count(*) from trading_signals where source = ${name}`)[0]!.count);
const jobs = async () =>
  Number((await database.sql`select count(*) from pgboss.job where name = 'signal.process'`)[0]!.count);
const newest = async (at: Source) => (await desk.list({ limit: 1, source: at.id })).items[0]!;
const bytesOf = async (id: string) => Buffer.from((await desk.find(id))!.bodyBase64, 'base64');

test('an alert to a sandbox is recorded and is no signal; switched off, the next one is', async () => {
  const at = await sandbox();
  const before = await jobs();
  const answer = await post(at, alert(), { 'user-agent': 'Go-http-client/1.1', 'x-forwarded-for': '203.0.113.9' });
  expect(answer.status).toBe(202);
  const { id, status, receiptUrl } = (await answer.json()) as Record<string, string>;
  expect({ status, receiptUrl }).toEqual({ status: 'recorded', receiptUrl: `/recordings/${id}` });
  expect(recordingWhole.parse(await desk.find(id!))).toMatchObject({
    ...{ source: at.name, address: '127.0.0.1', dialect: 'native', code: null, isText: true },
    headers: { 'user-agent': 'Go-http-client/1.1', 'x-forwarded-for': '203.0.113.9' },
    signal: { requestedMode: 'production', ticker: 'AAPL' },
  });
  expect([await signals(at.name), await jobs()]).toEqual([0, before]);

  expect(await desk.switch(at.id, false, 'a person')).toMatchObject({ on: false, since: null, kept: 1 });
  expect(await (await post(at, alert())).json()).toMatchObject({ status: 'accepted' });
  expect([await signals(at.name), await jobs()]).toEqual([1, before + 1]);
  const events = await database.sql`
    select data from events where kind = 'source.sandbox_switched' and data->>'webhookId' = ${at.id} order by seq`;
  expect(events.map(({ data }) => [data.on, data.by])).toEqual([
    [true, 'a person'],
    [false, 'a person'],
  ]);
});

test('the same alert again, and what nobody could read, are recorded each time; who proves nothing is not', async () => {
  const at = await sandbox();
  for (const body of ['{"signal":"BUY"', '{"signal":"BUY"', '']) expect((await post(at, body)).status).toBe(202);
  expect((await post({ ...at, token: 'x'.repeat(40) }, 'a guess')).status).toBe(404);
  const { items } = await desk.list({ limit: 10, source: at.id });
  expect(items.map(({ text, code }) => [text, code])).toEqual([
    ['', 'INTAKE_MALFORMED'],
    ['{"signal":"BUY"', 'INTAKE_MALFORMED'],
    ['{"signal":"BUY"', 'INTAKE_MALFORMED'],
  ]);
  expect(await signals(at.name)).toBe(0);
});

test('a signed alert is recorded with its signature masked, its nonce is spent, and it is no signal', async () => {
  const at = await sandbox();
  const { secret } = (await intake.proofs.rotate(at.id, 'signature', { overlapSeconds: 0 }, 'a person'))!;
  await intake.proofs.change(at.id, { required: ['signature'] }, 'a person');
  const body = alert();
  const header = signAlert(secret, { at: clock.now(), nonce: 'n'.repeat(24), body: Buffer.from(body) });
  expect((await post(at, body)).status).toBe(404);
  expect((await post(at, body, { 'x-signalbox-signature': header })).status).toBe(202);
  expect((await post(at, body, { 'x-signalbox-signature': header })).status).toBe(409);
  const kept = await newest(at);
  expect(kept.headers['x-signalbox-signature']).toMatch(/^t=\d+,n=n{24},s=\*\*\*$/);
  expect([await signals(at.name), (await desk.list({ limit: 10, source: at.id })).items.length]).toEqual([0, 1]);
});

test('secrets are nowhere in what is kept: by their name, by the field of the source, in compressed bytes', async () => {
  const at = await sandbox();
  await intake.proofs.rotate(at.id, 'body_secret', { overlapSeconds: 0, given: 'hush-hush-hush' }, 'a person');
  await intake.proofs.change(at.id, { required: ['body_secret'], bodyField: 'hush' }, 'a person');
  await post(at, alert({ hush: 'hush-hush-hush', password: 'pàss wörd' }));
  const plain = await bytesOf((await newest(at)).id);
  expect(plain.toString()).not.toMatch(/hush-hush|pàss|wörd/);
  expect(plain.toString()).toContain('"password":"***"');

  const zipped = await sandbox();
  const whole = gzipSync(alert({ password: 'open sesame' }));
  await post(zipped, whole, { 'content-encoding': 'gzip' });
  const kept = await newest(zipped);
  expect(recordingJson.parse(kept)).toMatchObject({ contentEncoding: 'gzip', isText: false, sizeBytes: whole.length });
  expect(gunzipSync(await bytesOf(kept.id)).toString()).toContain('"password":"***"');
  const harmless = gzipSync(alert());
  await post(zipped, harmless, { 'content-encoding': 'gzip' });
  expect(await bytesOf((await newest(zipped)).id)).toEqual(harmless);
});

test('bytes that are no text, a byte order mark and a bomb come back as they came', async () => {
  const at = await sandbox();
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  for (const [body, headers] of [
    [Buffer.from([0xff, 0x00, 0x80]), {}],
    [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(alert())]), {}],
    [bomb, { 'content-encoding': 'gzip' }],
  ] as const) {
    expect((await post(at, body, headers)).status).toBe(202);
    expect(await bytesOf((await newest(at)).id)).toEqual(body);
  }
  const brotli = codingOf('BR')!;
  expect(brotliDecompressSync(brotli.encode(Buffer.from('a')))).toEqual(Buffer.from('a'));
  expect(codingOf('constructor')).toBeNull();
});

test('TradersPost’s route records too, in its own words', async () => {
  const at = await sandbox();
  const send = (body: string) =>
    fetch(`http://127.0.0.1:${intake.port}/trading/webhook/${at.id}/${at.token}`, { method: 'POST', body });
  const answer = await send('{"ticker":"AAPL","action":"buy"}');
  expect([answer.status, await answer.json()]).toMatchObject([200, { success: true, payload: { ticker: 'AAPL' } }]);
  const broken = await send('{"ticker":');
  expect([broken.status, await broken.json()]).toMatchObject([200, { success: true, payload: '{"ticker":' }]);
  const { items } = await desk.list({ limit: 5, source: at.id });
  expect(items.map(({ dialect }) => dialect)).toEqual(['traders-post', 'traders-post']);
  expect(await signals(at.name)).toBe(0);
});

test('a recording is a fixture that the tests of the corpora hold', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-corpus-'));
  try {
    const template = { template: '{action} {ticker} now', targetUnit: null, volumeUnit: null };
    const bodies: readonly (readonly [string, Source])[] = [
      ['{"signal":"BUY","ticker":"AAPL","risk":50,"password":"hunter2"}', await sandbox()],
      ['{"signal":"HOLD","ticker":"AAPL"}', await sandbox()],
      ['{"ticker":"AAPL","action":"hold"}', await sandbox()],
      ['60123456789,buy,AAPL,vol_dollar=100', await sandbox()],
      ['{"symbol":"AAPL","action":"buy","quantity":2}', await sandbox({ dialect: 'target-position' })],
      ['buy AAPL now', await sandbox({ reading: template })],
    ];
    const keys = new Set<string>();
    for (const [body, at] of bodies) {
      await post(at, body);
      const { dialect, fixture } = (await desk.fixture((await newest(at)).id))!;
      const file = recordingFixture.parse([fixture]);
      await mkdir(join(folder, dialect), { recursive: true });
      await writeFile(join(folder, dialect, `${at.name}.json`), JSON.stringify(file));
      keys.add(dialect);
    }
    expect([...keys].sort()).toEqual(['native', 'pine-connector', 'target-position', 'template', 'traders-post']);
    for (const key of keys) {
      const corpus = await readCorpus(key, pathToFileURL(`${folder}/`));
      for (const one of corpus) expectAlert(key, one, dialects);
      expect(JSON.stringify(corpus)).not.toMatch(/hunter2|60123456789/);
    }
    // One that says something else is noticed.
    const [one] = await readCorpus('template', pathToFileURL(`${folder}/`));
    expect(() => expectAlert('template', { ...one!, text: 'sell AAPL now' }, dialects)).toThrow();
  } finally {
    await rm(folder, { recursive: true });
  }
  const at = await sandbox();
  await post(at, Buffer.from([0xff]));
  expect((await desk.fixture((await newest(at)).id))!.fixture).toBeNull();
});

test('of each source the newest are kept, each for its days; one can be let go of', async () => {
  const at = await sandbox();
  const other = await sandbox();
  await post(other, 'the other’s');
  await database.sql`
    insert into recordings (id, webhook_id, received_at, headers, size_bytes, body)
    select gen_random_uuid(), ${at.id}, ${clock.now()}::timestamptz - n * interval '1 minute', '{}', 1, 'x'
    from generate_series(1, ${keptOfSource}) n`;
  await post(at, 'one more');
  expect((await desk.sandboxes()).find(({ id }) => id === at.id)!.kept).toBe(keptOfSource);
  expect((await newest(at)).text).toBe('one more');
  expect((await desk.list({ limit: 5, source: other.id })).items).toHaveLength(1);
  const pages = await desk.list({ limit: 3, source: at.id });
  const after = await desk.list({ limit: 3, source: at.id, cursor: pages.next! });
  expect(new Set([...pages.items, ...after.items].map(({ id }) => id)).size).toBe(6);
  const { id } = await newest(at);
  expect([await desk.remove(id), await desk.remove(id), await desk.find(id)]).toEqual([true, false, null]);
  await clock.advance(keptDays * 86_400_000 + 1);
  expect((await desk.list({ limit: 5 })).items).toEqual([]);
  await intake.recordings.forget();
  expect(await database.sql`select id from recordings`).toEqual([]);
});

test('the dashboard’s own source is no sandbox, nor is one that was ended', async () => {
  const own = await intake.tokens.issue('Dashboard', 'dashboard');
  const { id } = (await intake.tokens.find(own))!;
  expect(await desk.switch(id, true, 'a person')).toBeNull();
  const at = await sandbox();
  await intake.tokens.revoke(at.id);
  expect(await desk.switch(at.id, false, 'a person')).toBeNull();
});
