// Invariants: what TradersPost's alert asks for is what the exchange is sent, with the stop and the target where the alert's distances put
// them; its order of effects holds: the other side is closed first, and what is held already is not added to.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { type LifeDesk, openLifeDesk } from '../testing/life-desk.ts';
import { dialect } from './intake/dialects/traders-post.ts';
import { readJson } from './intake/json-text.ts';

let database: TestDatabase;
let exchange: Awaited<ReturnType<typeof startTestExchange>>;
let desk: LifeDesk;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`update accounts set enabled = false`;
  exchange = await startTestExchange();
  desk = await openLifeDesk(database, exchange);
  await desk.strategy({});
  await desk.quote('AAPL', '149.99', '150.01');
});
afterEach(async () => {
  await desk.close();
  await exchange.stop();
});

const slow = { timeout: 20_000 };
/** Sends what an alert is read as, for the desk's strategy. */
async function alert(body: object): Promise<string> {
  const text = JSON.stringify({ ticker: 'AAPL', ...body, strategy: 'momentum' });
  const read = dialect.read({ text, json: readJson(text) });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return desk.alert(read.value);
}
const held = (shares: number) => expect.poll(() => desk.held('AAPL'), slow).toBe(shares);
const sent = () => desk.atExchange<Record<string, unknown>[]>('/v2/orders?status=all&nested=true&limit=10');

it('a buy with a relative stop and target is a bracket with its legs at those distances', async () => {
  await alert({
    ...{ action: 'buy', quantity: 10, signalPrice: 150 },
    ...{ stopLoss: { type: 'stop', percent: 2 }, takeProfit: { percent: 4 } },
  });
  await held(10);
  const [entry] = await sent();
  expect(entry).toMatchObject({ side: 'buy', qty: '10', type: 'market', order_class: 'bracket' });
  const legs = entry!.legs as Record<string, unknown>[];
  expect(legs).toHaveLength(2);
  expect(legs).toContainEqual(expect.objectContaining({ side: 'sell', qty: '10', type: 'stop', stop_price: '147' }));
  expect(legs).toContainEqual(expect.objectContaining({ side: 'sell', qty: '10', type: 'limit', limit_price: '156' }));
});

it('a buy while long is rejected, and a sell closes the long before it enters short', async () => {
  await alert({ action: 'buy', quantity: 10, stopLoss: { amount: 3 } });
  await held(10);
  const again = await alert({ action: 'buy', quantity: 10, stopLoss: { amount: 3 } });
  await expect
    .poll(
      () => database.sql`select code from decisions where signal_id = ${again} and account_id = ${desk.accountId}`,
      slow,
    )
    .toEqual([{ code: 'RISK_ALREADY_HELD' }]);
  await alert({ action: 'sell', quantity: 4, stopLoss: { amount: 3 } });
  await held(-4);
});

it('a sell that leaves the position long exits a part of it, and never goes short', async () => {
  await alert({ action: 'buy', quantity: 10, stopLoss: { amount: 3 } });
  await held(10);
  await alert({ action: 'sell', sentiment: 'long', quantity: 4 });
  await held(6);
  await alert({ action: 'sell', sentiment: 'flat', quantity: 1 });
  await held(0);
  const short = await alert({ action: 'sell', sentiment: 'long', quantity: 4 });
  await expect
    .poll(
      () => database.sql`select code from decisions where signal_id = ${short} and account_id = ${desk.accountId}`,
      slow,
    )
    .toEqual([{ code: 'RISK_NOTHING_TO_CLOSE' }]);
  expect(await desk.held('AAPL')).toBe(0);
});

it('a part of a short position is not covered by a sell', async () => {
  await alert({ action: 'sell', quantity: 4, stopLoss: { amount: 3 } });
  await held(-4);
  const wrong = await alert({ action: 'sell', sentiment: 'long', quantity: 2 });
  await expect
    .poll(
      () => database.sql`select code from decisions where signal_id = ${wrong} and account_id = ${desk.accountId}`,
      slow,
    )
    .toEqual([{ code: 'RISK_OTHER_SIDE' }]);
  await alert({ action: 'buy', sentiment: 'short', quantity: 1 });
  await held(-3);
});
