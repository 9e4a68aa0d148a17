// Invariant: in whatever state an order is when the server is killed, after the next start its state is the broker's, and it is there once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrderStatus } from '../core/model/order.ts';
import { awkwardOf } from '../testing/awkward.ts';
import { type Hold, holdStatus } from '../testing/torture/hold.ts';
import { openRig, type Rig } from '../testing/torture/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ exchange: ['--pace', '0'] });
  await rig.api('PUT', '/strategies/rest', { settings: { entryType: 'limit' } });
}, 90_000);
afterAll(() => rig?.close(), 30_000);

let before: string[] = [];
beforeEach(async () => {
  before = (await rig.sql()<{ id: string }[]>`select id from orders`).map((order) => order.id);
});

/** Orders of this test, legs too. */
const orders = () => rig.sql()<{ id: string; role: string; status: OrderStatus; symbol: string }[]>`
  select id, role, status, symbol from orders where id <> all(${before}::uuid[]) order by created_at, id`;
const statusOf = async (role: string) => (await orders()).filter((order) => order.role === role).at(-1)?.status;
const reaches = (role: string, status: OrderStatus) =>
  expect.poll(() => statusOf(role), { timeout: 45_000, message: `${role} ${status}` }).toBe(status);

/** Kills the server, lets everything through, and starts it again. */
async function killAndStart(hold: Hold | null = null): Promise<void> {
  await rig.fleet.intake.kill();
  await hold?.release();
  await awkwardOf(rig.stage.exchange).clear();
  rig.onRequest(null);
  await rig.fleet.start(rig.fleet.intake);
}

const settled = () => expect.poll(() => rig.differences(), { timeout: 60_000 }).toEqual([]);
const buy = (ticker: string, more: Record<string, unknown> = {}) =>
  rig.alert({ signal: 'BUY', ticker, risk: 20, ...more });

/** A price below the market, at which an entry rests. */
async function below(ticker: string): Promise<{ strategy: string; entryPrice: number }> {
  const { quotes } = await rig.venue<{ quotes: Record<string, { bp: number }> }>(
    `/v2/stocks/quotes/latest?symbols=${ticker}`,
  );
  return { strategy: 'rest', entryPrice: Number((quotes[ticker]!.bp * 0.99).toFixed(2)) };
}

describe('killed while an order is', () => {
  it('approved: it is sent', async () => {
    const hold = await holdStatus(rig.stage.database.ownUrl(), 'submitting');
    await buy('KO');
    await reaches('entry', 'approved');
    await killAndStart(hold);
    await reaches('entry', 'filled');
    await settled();
  }, 120_000);

  it('submitting, and the broker never got it: it is sent', async () => {
    rig.onRequest((errand, stage) => (errand === 'submit' && stage === 'arrived' ? 'swallow' : 'pass'));
    await buy('PEP');
    await reaches('entry', 'submitting');
    await killAndStart();
    await reaches('entry', 'filled');
    await settled();
  }, 120_000);

  it('submitting, and the broker has it: it is found', async () => {
    rig.onRequest((errand, stage) => (errand === 'submit' && stage === 'taken' ? 'swallow' : 'pass'));
    const hold = await holdStatus(rig.stage.database.ownUrl(), 'accepted');
    await buy('WMT', await below('WMT'));
    await reaches('entry', 'submitting');
    await expect.poll(() => rig.proxy.counts.submit).toBeGreaterThan(0);
    await killAndStart(hold);
    await reaches('entry', 'accepted');
    await settled();
  }, 120_000);

  it('submit_unknown: the broker’s word ends it', async () => {
    rig.onRequest((errand, stage) => (errand === 'submit' && stage === 'arrived' ? 'drop' : 'pass'));
    await buy('DIS');
    await reaches('entry', 'submit_unknown');
    await killAndStart();
    await reaches('entry', 'filled');
    await settled();
  }, 120_000);

  it('accepted, and its legs held: so they are', async () => {
    await buy('INTC', await below('INTC'));
    await reaches('entry', 'accepted');
    await reaches('stop_loss', 'held');
    await killAndStart();
    await settled();
    expect([await statusOf('entry'), await statusOf('stop_loss')]).toEqual(['accepted', 'held']);
  }, 120_000);

  it('partially filled: what was filled is in the books, and the rest goes on', async () => {
    await awkwardOf(rig.stage.exchange).add({ kind: 'partial_fill' });
    await buy('CSCO', { risk: 60 });
    await reaches('entry', 'partially_filled');
    await killAndStart();
    await settled();
    expect(['partially_filled', 'filled']).toContain(await statusOf('entry'));
  }, 120_000);

  it('filled while nobody was there: its fills are fetched', async () => {
    await buy('JPM', await below('JPM'));
    await reaches('entry', 'accepted');
    await rig.fleet.intake.kill();
    await awkwardOf(rig.stage.exchange).add({ kind: 'price_jump', percent: -3, match: { symbol: 'JPM' } });
    await rig.fleet.start(rig.fleet.intake);
    await reaches('entry', 'filled');
    await settled();
  }, 120_000);

  it('to be cancelled, and the broker does not know: it is asked again', async () => {
    await buy('BAC', await below('BAC'));
    await reaches('entry', 'accepted');
    rig.onRequest((errand) => (errand === 'cancel' ? 'swallow' : 'pass'));
    const entry = (await orders()).find((order) => order.role === 'entry')!;
    await rig.api('POST', `/orders/${entry.id}/cancel`);
    await reaches('entry', 'pending_cancel');
    await killAndStart();
    await reaches('entry', 'canceled');
    await settled();
  }, 120_000);

  it('waiting for the legs that hold its shares: it goes on when they have ended', async () => {
    await buy('XOM');
    await reaches('entry', 'filled');
    rig.onRequest((errand) => (errand === 'cancel' ? 'drop' : 'pass'));
    await rig.alert({ signal: 'SELL', ticker: 'XOM', risk: 20 });
    await reaches('exit', 'waiting');
    await killAndStart();
    await reaches('exit', 'filled');
    await settled();
  }, 120_000);

  it('resting at its targets, one of which is reached meanwhile: the rest is in the books with its own stop', async () => {
    const { quotes } = await rig.venue<{ quotes: Record<string, { ap: number }> }>(
      '/v2/stocks/quotes/latest?symbols=MSFT',
    );
    const away = (percent: number) => Number((quotes.MSFT!.ap * (1 + percent / 100)).toFixed(2));
    const takeProfits = [
      { price: away(3), portion: 0.5 },
      { price: away(20), portion: 0.5 },
    ];
    await rig.alert({ signal: 'BUY', ticker: 'MSFT', quantity: 10, stopLoss: away(-10), takeProfits });
    const legs = async (role: string) => {
      const rows = await rig.sql()<{ status: OrderStatus; quantity: string }[]>`
        select status, trim_scale(quantity)::text as quantity from orders
        where id <> all(${before}::uuid[]) and role = ${role} order by status, id`;
      return rows.map((row) => `${row.quantity} ${row.status}`);
    };
    const is = (role: string, expected: string[]) =>
      expect.poll(() => legs(role), { timeout: 45_000, message: role }).toEqual(expected);
    await is('entry', ['5 filled', '5 filled']);
    await is('take_profit', ['5 accepted', '5 accepted']);
    await is('stop_loss', ['5 accepted', '5 accepted']);

    await rig.fleet.intake.kill();
    await awkwardOf(rig.stage.exchange).add({ kind: 'price_jump', percent: 5, match: { symbol: 'MSFT' } });
    await expect
      .poll(async () => (await rig.venue<{ qty: string }>('/v2/positions/MSFT')).qty, { timeout: 45_000 })
      .toBe('5');
    await rig.fleet.start(rig.fleet.intake);
    await is('take_profit', ['5 accepted', '5 filled']);
    await is('stop_loss', ['5 accepted', '5 canceled']);
    const inBooks = () => rig.sql()<{ stage: string; held: string; covered: string; quantity: string }[]>`
      select p.stage, trim_scale(p.held)::text as held, trim_scale(p.covered)::text as covered,
        trim_scale(s.quantity)::text as quantity
      from protections p join strategy_positions s using (account_id, strategy, symbol) where p.symbol = 'MSFT'`;
    await expect
      .poll(inBooks, { timeout: 45_000 })
      .toEqual([{ stage: 'protected', held: '5', covered: '5', quantity: '5' }]);
    await settled();
    // Nothing was sent for it: what protects it is what the venue had all the time.
    expect((await orders()).map((order) => order.role).sort()).toEqual([
      'entry',
      'entry',
      'stop_loss',
      'stop_loss',
      'take_profit',
      'take_profit',
    ]);
  }, 120_000);
});
