// The whole system, from the webhook: what an alert asks for of a position that is there, at an exchange whose prices the test says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Order, Position, Receipt } from '../contract/index.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let system: System;
let dataDir: string;
let price = 150;

const quote = (bid: number) => exchange.setQuote('AAPL', bid, bid + 0.02);

beforeAll(async () => {
  dataDir = await newDataDir();
  exchange = await startTestExchange();
  await quote(150);
  const { url, keyId, secretKey } = exchange;
  system = await startSystem(dataDir, { EXCHANGE_URL: url, EXCHANGE_KEY_ID: keyId, EXCHANGE_SECRET_KEY: secretKey });
  const settings = { allowShort: true, takeProfitRiskMultiple: null };
  await system.api('/strategies/hand', { method: 'PUT', body: JSON.stringify({ settings }) });
}, 120_000);
afterAll(async () => {
  if (system) expect(await system.stop()).toBe(0);
  await exchange?.stop();
  await removeDataDir(dataDir);
}, 30_000);

async function send(alert: Record<string, unknown>): Promise<string> {
  await quote(price);
  const body = JSON.stringify({
    ticker: 'AAPL',
    strategy: 'hand',
    timestamp: systemClock.now().toISOString(),
    ...alert,
  });
  const answer = await system.post(body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 });
  return answer.body.id as string;
}
const receiptOf = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
const held = async () => {
  const { items } = await system.api<{ items: Position[] }>('/positions');
  return Number(items.find((position) => position.symbol === 'AAPL')?.quantity ?? '0');
};
const working = async () =>
  (await system.api<{ items: Order[] }>('/orders?status=open&symbol=AAPL')).items.filter(
    (order) => order.status === 'accepted' || order.status === 'held',
  );
const stops = async () =>
  (await working())
    .filter((order) => order.role === 'stop_loss')
    .map((order) => [Number(order.quantity), Number(order.stopPrice)])
    .sort();

const sumOf = (rows: readonly number[][]) => rows.reduce((sum, [quantity]) => sum + quantity!, 0);

it('targets, a part, break-even, a change by hand, and a reversal', async () => {
  const entry = await send({
    signal: 'BUY',
    quantity: 40,
    stopLoss: 148,
    takeProfits: [
      { price: 153, portion: 0.5 },
      { price: 156, portion: 0.25 },
    ],
  });
  await expect.poll(held).toBe(40);
  await expect.poll(stops).toEqual([
    [10, 148],
    [10, 148],
    [20, 148],
  ]);
  const receipt = await receiptOf(entry);
  expect(receipt.signal).toMatchObject({ action: 'buy', side: 'buy', filledQuantity: '40' });
  // On a busy machine the watch over protection may have placed a stop of its own before the venue's legs were heard of.
  const decided = receipt.orders.filter(({ origin }) => origin === 'decision');
  expect(decided.map(({ step, quantity, takeProfitPrice }) => [step, quantity, takeProfitPrice])).toEqual([
    [0, '20', '153'],
    [1, '10', '156'],
    [2, '10', null],
  ]);
  expect(receipt.parsed?.takeProfits).toEqual([
    { price: '153', portion: '0.5' },
    { price: '156', portion: '0.25' },
  ]);
  expect(receipt.decision?.sizing?.targets).toHaveLength(3);

  const part = await send({ signal: 'EXIT', quantity: 4 });
  await expect.poll(held).toBe(36);
  // Which of the brackets gives its shares is the venue's order of telling them; what is left is protected as it was.
  await expect.poll(async () => sumOf(await stops())).toBe(36);
  expect(new Set((await stops()).map(([, stop]) => stop))).toEqual(new Set([148]));
  expect((await receiptOf(part)).signal).toMatchObject({ action: 'exit', side: null, quantity: '4' });

  price = 152;
  const even = await send({ signal: 'BREAKEVEN', offset: 0.1 });
  await expect.poll(async () => (await receiptOf(even)).decision?.intent).toBe('adjust');
  const moved = async () => (await stops()).filter(([, stop]) => stop! > 150 && stop! < 150.2);
  await expect.poll(async () => sumOf(await moved())).toBe(36);
  expect(sumOf(await stops())).toBe(36);

  const [stop, other] = (await working()).filter((order) => order.role === 'stop_loss');
  const asked = { method: 'PATCH', body: JSON.stringify({ stopPrice: '150.5' }) };
  await system.api(`/orders/${stop!.id}`, asked);
  await expect.poll(async () => (await stops()).some(([, at]) => at === 150.5)).toBe(true);
  const more = { method: 'PATCH', body: JSON.stringify({ quantity: '11' }) };
  await expect(system.api(`/orders/${other!.id}`, more)).rejects.toThrow('ORDER_CHANGE_REFUSED');

  const turned = await send({ signal: 'REVERSE', quantity: 25, stopLoss: 154 });
  await expect.poll(held).toBe(-25);
  await expect.poll(stops).toEqual([[25, 154]]);
  const story = await receiptOf(turned);
  expect(story.orders.map(({ step, role, status, afterWhen }) => [step, role, status, afterWhen])).toEqual([
    [0, 'exit', 'filled', null],
    [1, 'entry', 'filled', 'closed'],
  ]);
  expect(story.decision?.sizing).toMatchObject({ closesFirst: '36' });
  expect(new Set(story.decision?.verdicts.map((verdict) => verdict.part))).toEqual(new Set(['exit', 'entry']));

  await send({ signal: 'FLATTEN' });
  await expect.poll(held).toBe(0);
  await expect.poll(async () => (await working()).length).toBe(0);
}, 60_000);
