// The kill switch on the whole system.
// Invariants:
// 1. What was engaged is carried out to its end, though the process is killed before the first cancel was answered.
// 2. What the file says is in force before the first order of a start, and stays in force when the file is gone.
// 3. No entry of what is stopped begins to be sent after the switch was stored.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventJson, KillSwitchesJson, KillSwitchJson, Order, ServerToClient } from '../contract/index.ts';
import { message, newDataDir, removeDataDir, type System, signIn, startSystem } from '../testing/system.ts';

const tickers = ['KO', 'PEP', 'WMT', 'DIS', 'INTC', 'JPM'];
let dataDir: string;
let file: string;
let system: System;
let socket: Socket<ServerToClient>;

async function start(): Promise<void> {
  system = await startSystem(dataDir);
  socket = await system.connect();
}
beforeAll(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'KILL');
  await start();
  await system.api('/strategies/resting', {
    method: 'PUT',
    body: JSON.stringify({ settings: { entryType: 'limit' } }),
  });
}, 120_000);
afterAll(async () => {
  socket?.close();
  if (system) expect(await system.stop()).toBe(0);
  await removeDataDir(dataDir);
}, 30_000);

const switches = () => system.api<KillSwitchesJson>('/kill-switch');
const orders = async () => (await system.api<{ items: Order[] }>('/orders?status=all&limit=500')).items;
const events = async () => (await system.api<{ items: EventJson[] }>('/events?limit=500')).items;
const atExchange = async <T>(path: string): Promise<T> => {
  const { url, keyId, secretKey } = system.ready.exchange;
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey };
  return (await (await fetch(`${url}${path}`, { headers })).json()) as T;
};

let sent = 0;
async function alert(ticker: string, change: Record<string, unknown> = {}): Promise<string> {
  const body = { id: `kill-${sent++}`, signal: 'BUY', ticker, mode: 'Paper', risk: 20, strategy: 'resting', ...change };
  return (await system.post(JSON.stringify(body))).body.id as string;
}

/** An entry that rests two percent below the market. */
async function resting(ticker: string): Promise<Order> {
  const { items } = await system.api<{ items: { bid: string; ask: string }[] }>(`/quotes?symbols=${ticker}`);
  const mid = (Number(items[0]!.bid) + Number(items[0]!.ask)) / 2;
  const accepted = message(
    socket,
    'order',
    (one) => one.symbol === ticker && one.role === 'entry' && one.status === 'accepted',
  );
  await alert(ticker, { entryPrice: (mid * 0.98).toFixed(2), stopLoss: (mid * 0.96).toFixed(2) });
  return accepted;
}

const kill = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['scripts/kill.mjs', ...words], {
    env: { ...process.env, DATA_DIR: dataDir },
  });
const lift = async (one: KillSwitchJson, person: System['api']) =>
  person(`/kill-switch/${one.id}/lift`, { method: 'POST', body: JSON.stringify({ reason: 'the test is over' }) });

describe('the kill switch', () => {
  it('is carried out to its end though the process is killed before a cancel was answered', async () => {
    for (const ticker of tickers) await resting(ticker);
    // Cancels take longer than the process has.
    await system.api('/exchange/faults', {
      method: 'POST',
      body: JSON.stringify({ kind: 'latency', delayMs: 30_000, match: { method: 'DELETE' } }),
    });
    const engaged = await system.api<KillSwitchJson>('/kill-switch', {
      method: 'POST',
      body: JSON.stringify({ reason: 'a test of the brake', flatten: true }),
    });
    const still = await atExchange<{ side: string }[]>('/v2/orders?status=open');
    expect(still.filter((order) => order.side === 'buy')).toHaveLength(tickers.length);
    socket.close();
    await system.kill();

    await start();
    await expect
      .poll(async () => (await switches()).engaged[0]?.flatMs, { timeout: 30_000 })
      .toEqual(expect.any(Number));
    const [course] = (await switches()).engaged;
    expect(course).toMatchObject({ id: engaged.id, reason: 'a test of the brake', cancelled: tickers.length });
    expect(await atExchange<unknown[]>('/v2/orders?status=open')).toEqual([]);
    const entries = (await orders()).filter((order) => order.role === 'entry');
    expect(entries.map((order) => order.status)).toEqual(tickers.map(() => 'canceled'));
    expect((await events()).map((event) => event.kind)).toEqual(
      expect.arrayContaining(['kill_switch.engaged', 'kill_switch.entries_cancelled', 'kill_switch.flattened']),
    );
    process.stdout.write(
      `stopped in ${course!.stoppedMs} ms, ${course!.cancelled} cancelled in ${course!.cancelledMs} ms\n`,
    );
    await lift(course!, await signIn(system));
  }, 120_000);

  it('sends no entry after it was stored, however many alerts are on their way, and says for each why', async () => {
    const first = message(socket, 'order', (order) => order.strategy.startsWith('storm'));
    const storm = Array.from({ length: 30 }, (_, n) =>
      alert(tickers[n % tickers.length]!, { strategy: `storm ${n}`, risk: 5 }),
    );
    await first;
    const before = await system.api<KillSwitchJson>('/kill-switch', {
      method: 'POST',
      body: JSON.stringify({ reason: 'a storm' }),
    });
    const ids = await Promise.all(storm);
    const signals = async () =>
      (await system.api<{ items: { id: string; status: string; orderStatus: string | null }[] }>('/signals?limit=500'))
        .items;
    await expect
      .poll(
        async () =>
          (await signals()).filter(
            (one) =>
              ids.includes(one.id) &&
              (one.status === 'accepted' || ['approved', 'submitting'].includes(one.orderStatus ?? '')),
          ),
        { timeout: 30_000 },
      )
      .toEqual([]);
    // The newest first: what began to be sent after the switch stands before it.
    const told = (await events()).map((event) => [event.kind, event.data.role]);
    const stored = told.findIndex(([kind]) => kind === 'kill_switch.engaged');
    expect(stored).toBeGreaterThan(-1);
    expect(told.slice(0, stored).filter(([kind, role]) => kind === 'order.submitting' && role === 'entry')).toEqual([]);
    const denied = (await signals()).filter((one) => ids.includes(one.id) && one.status === 'denied');
    const stopped = (await orders()).filter((order) => order.problem?.includes('kill switch'));
    process.stdout.write(
      `stopped in ${before.stoppedMs} ms: ${denied.length} alerts denied, ${stopped.length} orders stopped\n`,
    );
  }, 120_000);

  it('cannot be lifted by a token, nor by the command', async () => {
    const [one] = (await switches()).engaged;
    await expect(lift(one!, system.api)).rejects.toThrow('403');
    await expect(kill('--lift', '--all', '--reason', 'go on')).rejects.toThrow('Unknown option --lift');
    expect((await switches()).engaged).toHaveLength(1);
  });

  it('is engaged by the command: by the server, and by the file when no server answers', async () => {
    const { stdout } = await kill('--symbol', 'aapl', '--reason', 'halted');
    expect(stdout).toContain('Stopped by the server: AAPL.');
    expect((await kill('--list')).stdout).toContain('AAPL: by');
    socket.close();
    expect(await system.stop()).toBe(0);

    const unheard = await kill('--strategy', 'resting', '--flatten', '--reason', 'nobody answers');
    expect(unheard.stdout).toContain('The server did not answer: wrote');
    expect(await readFile(file, 'utf8')).toBe('# nobody answers\nflatten strategy resting\n');
    await start();
    // In force before the first order could be sent, so before it listens as well.
    const { engaged } = await switches();
    expect(engaged.map((one) => [one.name, one.via, one.reason])).toEqual([
      ['everything', 'api', 'a storm'],
      ['AAPL', 'command', 'halted'],
      ['strategy resting', 'file', 'nobody answers'],
    ]);
  }, 60_000);

  it('of the file is lifted by a person once the file is gone, and not by its removal', async () => {
    const person = await signIn(system);
    const ofFile = (await switches()).engaged.find((one) => one.via === 'file')!;
    await expect(lift(ofFile, person)).rejects.toThrow('FILE_SAYS_SO');
    await rm(file);
    await expect.poll(() => lift(ofFile, person).then(() => 'lifted', String), { timeout: 10_000 }).toBe('lifted');
    for (const one of (await switches()).engaged) await lift(one, person);
    expect((await switches()).engaged).toEqual([]);
    // The file works while the server runs as well, and one that cannot be read stops everything.
    const engaged = message(socket, 'event', (event) => event.kind === 'kill_switch.engaged');
    await writeFile(file, 'symbl AAPL\n');
    expect((await engaged).data).toMatchObject({ scope: 'all', via: 'file', by: 'the file' });
    const [one] = (await switches()).engaged;
    expect(one!.reason).toContain('line 1: symbl AAPL');
    await rm(file);
    expect(existsSync(file)).toBe(false);
    expect((await switches()).engaged).toHaveLength(1);
    const id = await alert('KO', { strategy: 'another' });
    expect(await message(socket, 'decision', (decision) => decision.signalId === id)).toMatchObject({
      outcome: 'denied',
      code: 'RISK_KILL_SWITCH',
    });
  }, 60_000);
});
