// Alerts that a person sends, and alerts that are only recorded, on the whole system.
// Invariants:
// 1. The command sends every dialect, any number, at its pace and with its proofs, says what came of each, and its status says whether it was
//    as wanted; production is sent by nobody who has not confirmed it.
// 2. Of what comes to a sandbox nothing is decided and nothing ordered, whatever is sent; when it ends, the next alert trades.
// 3. A recording is a fixture by one command, and the page sends what the command does.
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Order, RecordingsJson, SandboxesJson, SandboxJson, Signal } from '../contract/index.ts';
import { readCorpus } from '../pipeline/intake/corpus/read-corpus.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { launchBrowser } from '../testing/browser.ts';
import { expectAlert } from '../testing/corpus-alert.ts';
import { closeAll, signedInPage } from '../testing/dashboard-page.ts';
import { newDataDir, type System, signIn, startSystem } from '../testing/system.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const patience = { timeout: 60_000 };
const launched = await launchBrowser();
let dataDir: string;
let system: System;
let admin: System['api'];
let browser: Browser | undefined;
let page: Page;
let errors: string[];

beforeAll(async () => {
  dataDir = await newDataDir();
  system = await startSystem(dataDir);
  browser = launched.browser ?? undefined;
  // The printed link works once: who has a browser takes its session for the API as well.
  if (browser) {
    ({ page, errors } = await signedInPage(browser, system));
    await page.getByRole('region', { name: 'Send a first alert' }).waitFor();
    admin = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
      const response = await page.request.fetch(`${system.ready.apiUrl}${path}`, {
        method: init.method ?? 'GET',
        headers: { origin: system.ready.dashboardUrl, 'content-type': 'application/json' },
        ...(init.body ? { data: String(init.body) } : {}),
      });
      if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
      return (await response.json()) as T;
    };
  } else admin = await signIn(system);
}, 240_000);
afterAll(() => closeAll(browser, system, dataDir), 60_000);

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as a person does; `onOutput` may interrupt it. */
function command(script: string, words: readonly string[], onOutput?: (out: string, stop: () => void) => void) {
  return new Promise<Ended>((resolve) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(process.execPath, [join(root, 'scripts', script), ...words], {
      cwd: root,
      env: { ...env, DATA_DIR: dataDir, INIT_CWD: dataDir },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      onOutput?.(out, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('close', (status) => resolve({ status, out, err }));
  });
}
const send = (...words: string[]) => command('signal.mjs', words);
const summaryOf = ({ out }: Ended) => JSON.parse(out) as { by: Record<string, number>; codes: { code: string }[] };
const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
  admin<T>(path, { method, body: JSON.stringify(body) });
const signalsOf = async (source: string) =>
  (await system.api<{ items: Signal[] }>('/signals?limit=500')).items.filter((one) => one.source === source);
const ordered = async () => {
  const { url, keyId, secretKey } = system.ready.exchange;
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey };
  const asked = await fetch(`${url}/v2/orders?status=all&limit=500`, { headers });
  return ((await asked.json()) as unknown[]).length;
};
interface Made {
  readonly id: string;
  readonly url: string;
}
const source = (name: string) => write<Made>('POST', '/sources', { name, source: name });

describe('the command', () => {
  it('sends each dialect, TradersPost’s by its own route, and says what came of it', async () => {
    await expect
      .poll(
        async () => (await system.api<{ items: Account[] }>('/accounts')).items.every((one) => one.reconciledAt),
        patience,
      )
      .toBe(true);
    for (const dialect of [
      ...['native', 'native-long', 'traders-post', 'signal-stack', 'three-commas', 'target-position'],
      ...['pine-connector', 'key-value', 'tradingview-text'],
    ]) {
      const ended = await send('buy', 'KO', '--dialect', dialect, '--json');
      expect([dialect, ended.status, summaryOf(ended).by]).toEqual([dialect, 0, { accepted: 1 }]);
    }
    const one = await send('buy', 'KO', '--risk', '20', '--stop', '40.5');
    expect(one.out).toMatch(/^BUY KO: accepted, \d+ ms\n {2}http:\/\/127\.0\.0\.1:\d+\/signals\/[0-9a-f-]{36}\n$/);
    const [newest] = await signalsOf('tradingview');
    expect(newest).toMatchObject({ ticker: 'KO', riskAmount: '20' });
  }, 240_000);

  it('sends many at a pace, and alerts of a file, whose resends it tells apart', async () => {
    const many = await send(
      'mix',
      '--symbols',
      'KO,PEP',
      '--count',
      '30',
      '--rate',
      '10/s',
      '--burst',
      '5',
      '--verbose',
    );
    expect(many.status).toBe(0);
    expect(many.out).toMatch(/^30 alerts to http\S+\/hooks\/tradingview\/…; Ctrl-C stops\.\n/);
    expect(many.out).toMatch(/\n30 sent in 0\.[5-9]|\n30 sent in [1-9]/);
    expect(many.out).toMatch(/ {6}30 {2}accepted\nReplies took [\d.]+ ms \(median\), [\d.]+ ms \(99 %\), [\d.]+ ms/);
    expect(many.out).toMatch(/BUY KO[\s\S]*PEP/);
    const alert = (id: string) => `"{""signal"":""BUY"",""ticker"":""{{ticker}}"",""risk"":20,\n""id"":""${id}""}"`;
    const csv = `Alert ID,Ticker,Name,Description,Time\n2,"NASDAQ:KO, 5m",b,${alert('b')},2026-11-20T15:00:01Z\n1,"NASDAQ:KO, 5m",a,${alert('a')},2026-11-20T15:00:00Z\n`;
    await writeFile(join(dataDir, 'log.csv'), csv);
    expect(summaryOf(await send('--file', 'log.csv', '--symbols', 'KO', '--json')).by).toEqual({ accepted: 2 });
    const again = await send('--file', 'log.csv', '--symbols', 'KO', '--json', '--expect', 'accepted');
    expect([again.status, summaryOf(again).by]).toEqual([1, { repeated: 2 }]);
  }, 120_000);

  it('ends with a status that says whether all came out as wanted', async () => {
    const refused = await send('--text', '{"signal":"HOLD","ticker":"KO"}');
    expect([refused.status, refused.out]).toEqual([
      1,
      expect.stringContaining('1  refused\n          INTAKE_INVALID ×1'),
    ]);
    expect((await send('--text', '{"signal":"HOLD","ticker":"KO"}', '--expect', 'INTAKE_INVALID')).status).toBe(0);
    const corpus = join(root, 'server/pipeline/intake/corpus/signal-stack/invalid.json');
    expect((await send('--file', corpus)).status).toBe(0);
    const nowhere = await send('buy', 'KO', '--url', 'http://127.0.0.1:9/hooks/a/b');
    expect([nowhere.status, nowhere.out]).toEqual([1, expect.stringContaining('without an answer')]);
  }, 120_000);

  it('sends nothing for production that nobody confirmed, in whatever words', async () => {
    const before = (await signalsOf('tradingview')).length;
    for (const words of [
      ['buy', 'KO', '--mode', 'production'],
      ['buy', 'KO', '--production'],
      ['--text', '{"ticker":"KO","action":"buy","mode":"Production"}'],
    ]) {
      const ended = await send(...words);
      expect([ended.status, ended.err]).toEqual([2, expect.stringContaining('Nothing was sent')]);
    }
    const dry = await send('sell', 'KO', '--mode', 'production', '--confirm', '--dry-run');
    expect([dry.status, dry.out]).toEqual([0, expect.stringContaining('"mode":"Production"')]);
    expect((await signalsOf('tradingview')).length).toBe(before);
  }, 120_000);

  it('stops at Ctrl-C, and says what was sent until then', async () => {
    let stopped = false;
    const ended = await command(
      'signal.mjs',
      ['buy', 'KO', '--count', '500', '--rate', '2/s', '--verbose'],
      (out, stop) => {
        if (out.includes('accepted') && !stopped) stop();
        stopped ||= out.includes('accepted');
      },
    );
    expect(ended.status).toBe(130);
    expect(ended.out).toMatch(/Stopped: \d+ of 500 alerts were sent/);
  }, 60_000);

  it('proves itself as a source asks', async () => {
    const made = await source('proven');
    const secret = made.url.split('/').at(-1)!;
    await write('POST', `/sources/${made.id}/secrets/body_secret`, { overlapSeconds: 0, secret: 'behind-the-clock' });
    const { secret: signing } = await write<{ secret: string }>('POST', `/sources/${made.id}/secrets/signature`, {});
    await write('PATCH', `/sources/${made.id}/proofs`, { required: ['body_secret', 'signature'], bodyField: 'pass' });
    const at = ['buy', 'KO', '--source', 'proven', '--url-secret', secret, '--json'];
    const proven = ['--body-secret', 'pass=behind-the-clock', '--sign', signing];
    expect(summaryOf(await send(...at, ...proven, '--count', '3')).by).toEqual({ accepted: 3 });
    const unsigned = await send(...at);
    expect([unsigned.status, summaryOf(unsigned).by]).toEqual([1, { unauthorized: 1 }]);
    expect(JSON.stringify(await signalsOf('proven'))).not.toContain('behind-the-clock');
  }, 60_000);
});

describe('a sandbox', () => {
  let made: Made;
  let recorded: RecordingsJson['items'];

  it('records fifty alerts, of which nothing is decided and nothing ordered; then the next one trades', async () => {
    made = await source('rehearsal');
    await write<SandboxJson>('PUT', `/sources/${made.id}/sandbox`, { on: true });
    // What was sent before must not be taken for what is sent now.
    await expect
      .poll(async () => (await signalsOf('tradingview')).every((one) => one.status !== 'accepted'), patience)
      .toBe(true);
    await expect
      .poll(
        async () =>
          (await system.api<{ items: Order[] }>('/orders?status=open&limit=500')).items.every(
            (one) => !['planned', 'submitting', 'waiting'].includes(one.status),
          ),
        patience,
      )
      .toBe(true);
    const before = await ordered();
    const sent = await send(
      'mix',
      '--symbols',
      'KO,PEP,WMT',
      '--count',
      '50',
      '--burst',
      '5',
      '--json',
      '--url',
      made.url,
    );
    expect([sent.status, summaryOf(sent).by]).toEqual([0, { recorded: 50 }]);
    expect((await system.api<SandboxesJson>('/sandboxes')).items.find(({ id }) => id === made.id)).toMatchObject({
      on: true,
      kept: 50,
    });
    expect(await signalsOf('rehearsal')).toEqual([]);
    recorded = (await system.api<RecordingsJson>(`/recordings?source=${made.id}&limit=500`)).items;
    expect(recorded.map(({ code, dialect }) => [code, dialect])).toEqual(Array(50).fill([null, 'native']));

    await write<SandboxJson>('PUT', `/sources/${made.id}/sandbox`, { on: false });
    const next = await send('buy', 'DIS', '--quantity', '2', '--url', made.url);
    expect(next.status).toBe(0);
    // When this one has its order, any of the fifty would have had its own: they came before.
    await expect
      .poll(async () => (await signalsOf('rehearsal')).map(({ status }) => status), patience)
      .toEqual(['approved']);
    await expect.poll(ordered, patience).toBeGreaterThan(before);
    const orders = (await system.api<{ items: Order[] }>('/orders?status=all&limit=500')).items;
    const [signal] = await signalsOf('rehearsal');
    expect(orders.filter((order) => order.symbol === 'DIS').length).toBeGreaterThan(0);
    expect(orders.some((order) => order.symbol === 'WMT')).toBe(false);
    expect(signal!.ticker).toBe('DIS');
  }, 240_000);

  it('turns a recording into a fixture by one command, which the tests of the corpora hold', async () => {
    await mkdir(join(dataDir, 'corpora', 'native'), { recursive: true });
    const out = 'corpora/native/recorded.json';
    const ended = await command('record-fixture.mjs', [recorded[0]!.id, '--out', out]);
    expect([ended.status, ended.out]).toEqual([0, expect.stringContaining('a fixture of native')]);
    const dialects = await loadDialects();
    const corpus = await readCorpus('native', pathToFileURL(join(dataDir, 'corpora/')));
    expect(corpus).toHaveLength(1);
    expectAlert('native', corpus[0]!, dialects);
    expect((await command('record-fixture.mjs', [recorded[1]!.id, '--out', out])).status).toBe(2);
    expect(await readFile(join(dataDir, out), 'utf8')).toContain(recorded[0]!.id.slice(-6));
    expect((await command('record-fixture.mjs', ['--list'])).out).toContain(recorded[0]!.id);
  }, 60_000);
});

describe.skipIf(launched.browser === null)('the page', () => {
  const open = (path: string) => page.goto(`${system.ready.dashboardUrl}${path}`);

  it('sends any dialect, any number, and shows what came of each', async () => {
    await open('/test');
    const form = page.getByRole('form', { name: 'Send alerts in any dialect' });
    const results = page.getByRole('region', { name: 'What came of them' });
    await form.getByLabel('Dialect').selectOption('traders-post');
    await expect.poll(() => form.getByLabel('Alert', { exact: true }).inputValue(), patience).toContain('"action"');
    await form.getByLabel('Tickers').fill('KO, PEP');
    await form.getByLabel('Alerts', { exact: true }).fill('4');
    await form.getByLabel('A second').fill('20');
    await form.getByRole('button', { name: 'Send 4 alerts' }).click();
    await results.getByText('4 of 4 sent: 4 accepted').waitFor();
    const receipts = results.getByRole('link', { name: 'Receipt' });
    expect(await receipts.count()).toBe(4);
    const signal = await system.api<Signal>((await receipts.first().getAttribute('href'))!);
    expect(signal).toMatchObject({ ticker: 'PEP', source: 'dashboard', requestedMode: 'paper' });

    await form.getByLabel('Alert', { exact: true }).fill('{"signal":"HOLD","ticker":"{{ticker}}"}');
    await form.getByLabel('Dialect').selectOption('native');
    await form.getByLabel('Alert', { exact: true }).fill('{"signal":"HOLD","ticker":"{{ticker}}"}');
    await form.getByLabel('Alerts', { exact: true }).fill('1');
    await form.getByRole('button', { name: 'Send 1 alert' }).click();
    await results.getByText('INTAKE_INVALID').waitFor();
  }, 120_000);

  it('sends nothing for production until that is confirmed', async () => {
    const before = (await signalsOf('dashboard')).length;
    const form = page.getByRole('form', { name: 'Send alerts in any dialect' });
    await form
      .getByLabel('Alert', { exact: true })
      .fill('{"signal":"BUY","ticker":"KO","risk":5,"mode":"Production","id":"{{id}}"}');
    await form.getByRole('button', { name: 'Send 1 alert' }).click();
    await form.getByRole('alert').getByText('could move real money').waitFor();
    expect((await signalsOf('dashboard')).length).toBe(before);
    await form.getByRole('button', { name: 'Send 1 alert as production' }).click();
    await page.getByRole('region', { name: 'What came of them' }).getByText('1 of 1 sent: 1 accepted').waitFor();
  }, 60_000);

  it('makes a sandbox, shows what came to it, and lets it be loaded as a fixture', async () => {
    await open('/sources');
    const sandboxes = page.getByRole('region', { name: 'Sandboxes' });
    await sandboxes.getByRole('button', { name: 'Make a sandbox of rehearsal' }).click();
    await sandboxes.getByRole('button', { name: 'Only record' }).click();
    await sandboxes.getByText('Sandbox', { exact: true }).waitFor();
    const { items } = await system.api<SandboxesJson>('/sandboxes');
    expect(items.filter(({ on }) => on).map(({ source: name }) => name)).toEqual(['rehearsal']);
    await sandboxes.getByRole('link', { name: '50 recordings' }).click();
    const first = page.getByRole('row').nth(1);
    await first.click();
    const link = page.getByRole('link', { name: 'Download as fixture' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(/^native-recorded-[0-9a-f]{12}\.json$/);
    const [fixture] = JSON.parse(await readFile(await download.path(), 'utf8'));
    expectAlert('native', fixture, await loadDialects());
    expect(errors).toEqual([]);
  }, 120_000);
});
