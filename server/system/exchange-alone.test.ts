// `npm run exchange`: the paper exchange as a process of its own.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awkwardOf } from '../testing/awkward.ts';
import { type ExchangeAlone, startExchangeAlone } from '../testing/exchange-alone.ts';
import { newDataDir, removeDataDir } from '../testing/system.ts';

let dataDir: string;
let alone: ExchangeAlone;

beforeEach(async () => {
  dataDir = await newDataDir();
}, 30_000);
afterEach(async () => {
  if (alone.process.exitCode === null) await alone.stop();
  await removeDataDir(dataDir);
}, 30_000);

const call = (path: string, body?: object) =>
  fetch(`${alone.ready.url}${path}`, {
    headers: { 'APCA-API-KEY-ID': alone.ready.keyId, 'APCA-API-SECRET-KEY': alone.ready.secretKey },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });

describe('the exchange on its own', () => {
  it('prints its keys, counts requests as Alpaca does, and keeps orders and keys over a restart', async () => {
    alone = await startExchangeAlone(dataDir, ['--cash', '5000', '--pace', '0']);
    const { url, keyId, secretKey, adminKey } = alone.ready;
    for (const word of [url, keyId, secretKey, adminKey]) expect(alone.output()).toContain(word);
    const account = await call('/v2/account');
    expect(await account.json()).toMatchObject({ cash: '5000', status: 'ACTIVE' });
    expect(account.headers.get('x-ratelimit-limit')).toBe('200');
    const resting = { symbol: 'KO', qty: '1', side: 'buy', type: 'limit', limit_price: '1', time_in_force: 'gtc' };
    expect((await call('/v2/orders', { ...resting, client_order_id: 'kept' })).status).toBe(200);
    await awkwardOf(alone.ready).add({ kind: 'error_before', status: 503 });
    expect((await call('/v2/account')).status).toBe(503);
    expect(await alone.stop()).toBe(0);

    alone = await startExchangeAlone(dataDir, ['--rate-limit', 'off']);
    expect(alone.ready).toMatchObject({ keyId, secretKey, adminKey });
    const found = await call('/v2/orders:by_client_order_id?client_order_id=kept');
    expect([found.status, found.headers.get('x-ratelimit-limit')]).toEqual([200, null]);
    expect(await found.json()).toMatchObject({ symbol: 'KO', limit_price: '1' });
  }, 60_000);

  it('says that its port is taken, and leaves whoever has it alone', async () => {
    alone = await startExchangeAlone(dataDir, ['--pace', '0']);
    const second = await newDataDir();
    const { port } = new URL(alone.ready.url);
    const sentence = `Port ${port} is taken by another program; --port names another one. Nothing was started.`;
    await expect(startExchangeAlone(second, ['--port', port])).rejects.toThrow(sentence);
    await removeDataDir(second);
    expect((await call('/v2/account')).status).toBe(200);
  }, 60_000);

  it('plays a file of bars, and nothing but what it has', async () => {
    const file = new URL('../exchange/market/fixtures/us-daily-2012-2013.csv', import.meta.url).pathname;
    alone = await startExchangeAlone(dataDir, ['--replay', file, '--speed', '20000', '--rate-limit', 'off']);
    expect(alone.output()).toContain('us-daily-2012-2013.csv 20000 times as fast');
    const firstDay = async () => {
      const bars = await call('/v2/stocks/AAPL/bars?timeframe=1Day&start=2012-05-01&end=2012-05-18');
      return ((await bars.json()) as { bars: object[] | null }).bars;
    };
    await expect.poll(firstDay).toHaveLength(1);
    const [bar] = (await firstDay())!;
    expect(bar).toMatchObject({ o: 533.96, h: 543.41, l: 522.18, c: 530.38, v: 26_153_300 });
    expect((await call('/v2/assets/KO')).status).toBe(404);
  }, 60_000);

  it.each([
    [['--hours', 'mars'], '--hours: '],
    [['--rate-limit', 'sometimes'], '--rate-limit: '],
    [['--key-id', 'PKME'], '--key-id and --secret-key go together'],
    [['--nothing'], "Unknown option '--nothing'"],
    [['word'], "Unexpected argument 'word'"],
    [['--pace', 'x'], '--pace: expected a number from 0 to 50. Nothing was started.'],
    [['--cash', '1.5'], '--cash: expected a whole number'],
    [['--replay', 'nowhere.csv'], 'nowhere.csv cannot be read (ENOENT). Nothing was started.'],
    [
      ['--replay', new URL('../../README.md', import.meta.url).pathname],
      'README.md, line 1: there is no column "time"; expected one of timestamp,',
    ],
    [['--replay-symbol', 'AAPL'], '--replay-symbol goes with --replay'],
    [['--market', 'replay'], '--market replay and --replay FILE go together'],
  ])('starts nothing with %j', async (words, sentence) => {
    await expect(startExchangeAlone(dataDir, words)).rejects.toThrow(sentence);
    alone = { process: { exitCode: 1 } } as ExchangeAlone;
  });
});
