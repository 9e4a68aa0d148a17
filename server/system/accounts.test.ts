// The accounts of a running system, through its real addresses: one that is added trades at once; an alert goes to several with their
// weights; strategies that share an account keep their shares apart, and add up to the broker's; no key ever comes out again.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account, Order, Position, PositionClosing, Receipt } from '../contract/index.ts';
import { askerOf, newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';
import { setLimit } from '../testing/wide-limits.ts';

let dataDir: string;
let system: System;
let paper: Account;
let second: Account;
const secrets: string[] = [];
const patience = { timeout: 20_000 };

beforeAll(async () => {
  dataDir = await newDataDir();
  system = await startSystem(dataDir, { EXCHANGE_PACE: '5' });
  [paper] = (await system.api<{ items: Account[] }>('/accounts')).items as [Account];
}, 240_000);
afterAll(async () => {
  await system?.stop();
  await removeDataDir(dataDir);
});

const write = <T>(method: string, path: string, body?: unknown): Promise<T> =>
  system.api<T>(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const accounts = async () => (await system.api<{ items: Account[] }>('/accounts')).items;
const receiptOf = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
async function alert(fields: Record<string, unknown>): Promise<string> {
  const { status, body } = await system.post(JSON.stringify({ mode: 'Paper', ...fields }));
  expect(status).toBe(202);
  return String(body.id);
}
const filledOf = (receipt: Receipt) =>
  receipt.orders.filter((order) => order.status === 'filled').map((order) => order.accountId);
const lots = async (account: Account) => {
  const { items } = await system.api<{ items: Position[] }>(`/positions?accountId=${account.id}`);
  return items.flatMap((one) => one.lots.map((lot) => `${one.symbol} ${lot.strategy} ${lot.quantity}`)).sort();
};
/** Keys of one more account at the exchange, opened by its admin's hand. */
async function openedAtTheExchange(): Promise<{ keyId: string; secretKey: string }> {
  const { exchange } = system.ready as unknown as { exchange: { url: string; adminKey: string } };
  const response = await fetch(`${exchange.url}/admin/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${exchange.adminKey}` },
    body: JSON.stringify({ cash: 50_000 }),
  });
  const keys = (await response.json()) as { keyId: string; secretKey: string };
  secrets.push(keys.secretKey);
  return keys;
}

it('adds an account by its keys, checked with the broker first, and works on it at once', async () => {
  const keys = await openedAtTheExchange();
  const wish = { name: 'second', venue: 'embedded', keys };
  await expect(write('POST', '/accounts', { ...wish, keys: { ...keys, secretKey: 'wrong' } })).rejects.toThrow(
    'KEYS_REFUSED',
  );
  second = await write<Account>('POST', '/accounts', wish);
  expect(second).toMatchObject({
    name: 'second',
    enabled: true,
    keysFrom: 'person',
  });
  await setLimit(askerOf(system), 'max-order-value', { maxValue: '30000' }, { kind: 'account', name: second.id });
  await expect(write('POST', '/accounts', { ...wish, name: 'twin' })).rejects.toThrow('ACCOUNT_EXISTS');
  await expect
    .poll(async () => {
      const now = (await accounts()).find((one) => one.id === second.id);
      return [now?.connected, now?.reconciledAt !== null, now?.cash];
    }, patience)
    .toEqual([true, true, '50000']);
});

it('sends an alert to each account its strategy is routed to, with its weight, as decisions of their own', async () => {
  const routes = [
    { account: paper.id, weight: '1' },
    { account: second.id, weight: '0.5' },
  ];
  await write('PUT', '/strategies/both', { settings: { routes } });
  await expect(
    write('PUT', '/strategies/both', {
      settings: { routes: [{ account: '00000000-0000-4000-8000-000000000001', weight: '1' }] },
    }),
  ).rejects.toThrow('NO_SUCH_ACCOUNT');
  const id = await alert({ signal: 'BUY', ticker: 'MSFT', risk: 100, strategy: 'both', id: 'both-1' });
  await expect.poll(async () => filledOf(await receiptOf(id)).sort(), patience).toEqual([paper.id, second.id].sort());
  const receipt = await receiptOf(id);
  expect(receipt.destinations).toHaveLength(2);
  const [whole, half] = [paper, second].map((to) => receipt.decisions.find((one) => one.accountId === to.id)!);
  expect([whole!.weight, half!.weight]).toEqual(['1', '0.5']);
  expect([whole!.sizing!.riskAmount, half!.sizing!.riskAmount]).toEqual(['100', '50']);
  expect(Math.abs(Number(whole!.quantity) - 2 * Number(half!.quantity))).toBeLessThanOrEqual(2);
  const own = half!.verdicts.find((verdict) => verdict.rule === 'max-order-value')!;
  expect(own.limit).toBe('30000.00, set for this account');
  expect(new Set(receipt.orders.map((order) => order.clientOrderId)).size).toBe(2);
});

it('keeps apart the shares of two strategies in one account, and closes those of one only', async () => {
  const buy = (strategy: string) => alert({ signal: 'BUY', ticker: 'AAPL', risk: 100, strategy, id: `${strategy}-1` });
  const ids = [await buy('alpha'), await buy('beta')];
  for (const id of ids) await expect.poll(async () => filledOf(await receiptOf(id)).length, patience).toBe(1);
  const legsOf = async (id: string): Promise<Order[]> => (await receiptOf(id)).legs;
  await expect
    .poll(async () => (await legsOf(ids[1]!)).map((leg) => leg.status).sort(), patience)
    .toEqual(['accepted', 'accepted']);
  const before = await legsOf(ids[1]!);
  const shares = (await receiptOf(ids[1]!)).orders[0]!.filledQuantity;

  await expect(
    alert({ signal: 'SELL', ticker: 'AAPL', risk: 100, strategy: 'alpha', id: 'alpha-2' }),
  ).resolves.toBeTruthy();
  await expect
    .poll(async () => (await lots(paper)).filter((lot) => lot.startsWith('AAPL')), patience)
    .toEqual([`AAPL beta ${shares}`]);
  // The other one's bracket has not been touched.
  expect((await legsOf(ids[1]!)).map(({ id, status, quantity }) => [id, status, quantity]).sort()).toEqual(
    before.map(({ id, status, quantity }) => [id, status, quantity]).sort(),
  );
  const { exchange } = system.ready;
  const held = await fetch(`${exchange.url}/v2/positions/AAPL`, {
    headers: { 'apca-api-key-id': exchange.keyId, 'apca-api-secret-key': exchange.secretKey },
  });
  expect(((await held.json()) as { qty: string }).qty).toBe(shares);
});

async function receiptWhenDecided(id: string): Promise<Receipt> {
  await expect.poll(async () => (await receiptOf(id)).signal.decidedAt, patience).not.toBeNull();
  return receiptOf(id);
}

it('refuses a short against another strategy’s shares in the same account, and says whose they are', async () => {
  await write('PUT', '/strategies/gamma', { settings: { allowShort: true } });
  const { signal } = await receiptWhenDecided(
    await alert({ signal: 'SELL', ticker: 'AAPL', risk: 100, strategy: 'gamma', id: 'gamma-2' }),
  );
  expect(signal).toMatchObject({ status: 'denied', code: 'RISK_OTHER_STRATEGY' });
  expect(signal.sentence).toContain('the strategy beta holds');
});

it('closes by an alert what a strategy has in an account that it is not routed to any more, and enters there no more', async () => {
  const routed = (account: Account) =>
    write('PUT', '/strategies/moved', { settings: { routes: [{ account: account.id, weight: '1' }] } });
  await routed(second);
  const moved = (signal: string, id: string) =>
    alert({ signal, ticker: 'NVDA', strategy: 'moved', id, ...(signal === 'BUY' && { risk: 100 }) });
  const entry = await moved('BUY', 'moved-1');
  await expect.poll(async () => filledOf(await receiptOf(entry)), patience).toEqual([second.id]);
  await routed(paper);
  const exit = await moved('EXIT', 'moved-2');
  await expect.poll(async () => filledOf(await receiptOf(exit)), patience).toEqual([second.id]);
  await expect.poll(async () => (await lots(second)).filter((lot) => lot.startsWith('NVDA')), patience).toEqual([]);
  const receipt = await receiptOf(exit);
  expect(receipt.destinations).toMatchObject([{ accountId: paper.id }, { accountId: second.id, exitOnly: true }]);
  const next = await receiptWhenDecided(await moved('BUY', 'moved-3'));
  expect(next.decisions.map((decision) => decision.accountId)).toEqual([paper.id]);
  await write('PUT', '/strategies/moved', { settings: { routes: [] } });
});

it('closes what one strategy holds in one account from the positions page, in that account', async () => {
  const answer = await write<PositionClosing>('POST', `/positions/${second.id}/MSFT/close?strategy=both`);
  expect(answer.others).toEqual([]);
  await expect.poll(() => lots(second), patience).toEqual([]);
  expect((await lots(paper)).some((lot) => lot.startsWith('MSFT both'))).toBe(true);
});

it('takes other keys of the same account only, and lets go of an account that holds nothing and is routed to by nobody', async () => {
  const others = await openedAtTheExchange();
  await expect(write('POST', `/accounts/${second.id}/keys`, others)).rejects.toThrow('OTHER_ACCOUNT');
  await expect(write('DELETE', `/accounts/${second.id}`)).rejects.toThrow('ACCOUNT_ROUTED');
  await write('PUT', '/strategies/both', { settings: { routes: [] } });
  const gone = await write<Account>('DELETE', `/accounts/${second.id}`);
  expect(gone).toMatchObject({ enabled: false });
  expect(gone.archivedAt).not.toBeNull();
  await expect(write('DELETE', `/accounts/${paper.id}`)).rejects.toThrow('ACCOUNT_HOLDS');
});

it('shows no key in anything it answers, tells or logs', async () => {
  const said = [system.output()];
  for (const path of ['/accounts', '/events?limit=500', '/signals', '/orders', '/settings', '/strategies', '/setup']) {
    said.push(JSON.stringify(await system.api(path)));
  }
  for (const file of await readdir(dataDir)) {
    if (/log/.test(file)) said.push(await readFile(join(dataDir, file), 'utf8').catch(() => ''));
  }
  expect(said.join('').length).toBeGreaterThan(1000);
  expect(secrets).toHaveLength(2);
  for (const secret of secrets) for (const text of said) expect(text).not.toContain(secret);
});
