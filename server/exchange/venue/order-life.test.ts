// The life of an order beside its hours: trailing stops, collars, groups, replacing and cancelling, and all of it through a restart.
import { describe, expect, it } from 'vitest';
import { ScriptedVenue } from '../../testing/scripted-venue.ts';
import { alpacaLiquidity } from '../book/terms.ts';

const dollar = 10n ** 13n;
const percent = (by: number) => ({ unit: 'millionths' as const, by: by * 10_000 });
const price = (by: number) => ({ unit: 'ticks' as const, by: by * 10_000 });

/** A venue with ten shares of AAPL, last traded at 150. */
async function withShares(): Promise<ScriptedVenue> {
  const venue = await ScriptedVenue.open();
  await venue.quote(149.99, 150.01);
  await venue.place({ qty: 10 });
  await venue.quote(149.99, 150.01);
  return venue;
}

describe('a trailing stop', () => {
  it.each([
    [percent(10), 1_350_000, 1_620_000, 1_458_000],
    [price(5), 1_450_000, 1_620_000, 1_570_000],
  ])(
    'by %o moves with the high, never back, and sells at market when a trade reaches it',
    async (trail, first, hwm, stop) => {
      const venue = await withShares();
      const order = await venue.place({ side: 'sell', type: 'trailing_stop', qty: 10, tif: 'gtc', trail });
      expect(order).toMatchObject({ hwm: 1_500_000, stopPrice: first, status: 'new' });
      await venue.quote(161.99, 162.01);
      expect(await venue.order(order.id)).toMatchObject({ hwm, stopPrice: stop });
      await venue.quote(159.99, 160.01);
      expect(await venue.order(order.id)).toMatchObject({ hwm, stopPrice: stop, elected: false });
      await venue.quote(144.99, 145.01);
      expect(await venue.order(order.id)).toMatchObject({
        status: 'filled',
        filledCost: 10n * 14_499n * (dollar / 100n),
      });
    },
  );

  it('keeps its mark over a restart, and the night, in which it does not move', async () => {
    const venue = await withShares();
    const { id } = await venue.place({ side: 'sell', type: 'trailing_stop', qty: 10, tif: 'gtc', trail: price(5) });
    await venue.quote(161.99, 162.01);
    await venue.restart();
    await venue.quote(160.99, 161.01);
    expect(await venue.order(id)).toMatchObject({ hwm: 1_620_000, stopPrice: 1_570_000 });
    await venue.until('2026-11-20T22:00:00Z');
    await venue.quote(179.99, 180.01);
    await venue.quote(159.99, 160.01);
    expect(await venue.order(id)).toMatchObject({ hwm: 1_620_000, elected: false, status: 'new' });
    await venue.until('2026-11-23T14:30:00Z');
    await venue.quote(163.99, 164.01);
    expect(await venue.order(id)).toMatchObject({ hwm: 1_640_000, stopPrice: 1_590_000 });
  });

  it('buys behind a low', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const { id } = await venue.place({ type: 'trailing_stop', qty: 2, tif: 'day', trail: price(2) });
    await venue.quote(139.99, 140.01);
    expect(await venue.order(id)).toMatchObject({ hwm: 1_400_000, stopPrice: 1_420_000 });
    await venue.quote(141.99, 142.01);
    expect(await venue.order(id)).toMatchObject({ status: 'filled' });
  });

  it('begins with the opening trade when it was queued', async () => {
    const venue = await ScriptedVenue.open({ start: '2026-11-20T13:00:00Z' });
    await venue.quote(149.99, 150.01);
    const order = await venue.place({ type: 'trailing_stop', tif: 'gtc', trail: price(2) });
    expect(order).toMatchObject({ status: 'accepted', hwm: null, stopPrice: null });
    await venue.quote(129.99, 130.01);
    await venue.until('2026-11-20T14:30:00Z');
    expect(await venue.order(order.id)).toMatchObject({ status: 'new', hwm: 1_300_000, stopPrice: 1_320_000 });
  });

  it('is given another distance by replacing it, from the mark it has', async () => {
    const venue = await withShares();
    const { id } = await venue.place({ side: 'sell', type: 'trailing_stop', qty: 10, tif: 'gtc', trail: price(5) });
    await venue.quote(161.99, 162.01);
    const next = await venue.replace(id, { trail: 20_000 });
    expect(next).toMatchObject({ hwm: 1_620_000, stopPrice: 1_600_000, trail: price(2), replaces: id });
    await expect(venue.replace(next.id, { trail: 20_000 })).rejects.toThrow('order parameters are not changed');
    await expect(venue.replace(next.id, { stop: 150 })).rejects.toThrow('require no stop or limit price');
    await venue.quote(159.98, 160);
    expect((await venue.order(next.id)).status).toBe('filled');
  });

  it('is a single order, for a day or until it is cancelled', async () => {
    const venue = await withShares();
    const order = { side: 'sell', type: 'trailing_stop', qty: 10, trail: price(5) } as const;
    await expect(venue.place({ ...order, orderClass: 'oto', loss: 140 })).rejects.toThrow('must be simple orders');
    await expect(venue.place({ ...order, tif: 'ioc' })).rejects.toThrow('invalid time_in_force');
    await expect(venue.place({ ...order, extended: true })).rejects.toThrow('must be DAY or GTC limit orders');
  });
});

describe('types and times in force', () => {
  const lasting = ['day', 'gtc'];
  const types = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
  const tifs = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok'] as const;
  it.each(types.flatMap((type) => tifs.map((tif) => [type, tif] as const)))('%s and %s', async (type, tif) => {
    const venue = await ScriptedVenue.open({ alwaysOpen: true });
    await venue.quote(149.99, 150.01);
    const placed = venue.place({
      type,
      tif,
      ...(type.endsWith('limit') ? { limit: 150.5 } : {}),
      ...(type.startsWith('stop') ? { stop: 151 } : {}),
      ...(type === 'trailing_stop' ? { trail: percent(1) } : {}),
    });
    if (type === 'market' || type === 'limit' || lasting.includes(tif)) {
      expect((await placed).status).toBe(
        tif === 'opg' || tif === 'cls' ? 'accepted' : type.includes('stop') ? 'new' : 'filled',
      );
    } else await expect(placed).rejects.toMatchObject({ status: 422, code: 40_010_001 });
  });

  it('of the moment take what is there, or all of it, or nothing', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01, { size: 3 });
    expect(await venue.place({ qty: 5, tif: 'fok' })).toMatchObject({ status: 'canceled', filledQty: 0 });
    expect(await venue.place({ qty: 5, tif: 'ioc' })).toMatchObject({ status: 'canceled', filledQty: 3e9 });
    await venue.quote(149.99, 150.01, { size: 5 });
    expect(await venue.place({ qty: 5, tif: 'fok' })).toMatchObject({ status: 'filled' });
  });
});

describe('fills', () => {
  it('as Alpaca has them ignore the size that is shown, and now and then are a part', async () => {
    const venue = await ScriptedVenue.open({ liquidity: { size: 'unlimited', partialPpm: 0 } });
    await venue.quote(149.99, 150.01, { size: 1 });
    expect((await venue.place({ qty: 500 })).status).toBe('filled');
    const run = async () => {
      const seeded = await ScriptedVenue.open({ liquidity: alpacaLiquidity });
      await seeded.quote(149.99, 150.01, { size: 1 });
      const found: number[] = [];
      for (let order = 0; order < 60; order++) found.push((await seeded.place({ qty: 20 })).filledQty / 1e9);
      return found;
    };
    const filled = await run();
    const parts = filled.filter((shares) => shares < 20);
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.length).toBeLessThan(20);
    expect(await run()).toEqual(filled);
  });

  it('that were parts are completed by the quotes that follow', async () => {
    const venue = await ScriptedVenue.open({ liquidity: { size: 'unlimited', partialPpm: 1_000_000 } });
    await venue.quote(149.99, 150.01, { size: 1 });
    const { id, status } = await venue.place({ qty: 40 });
    expect(status).toBe('partially_filled');
    for (let quotes = 0; quotes < 60; quotes++) await venue.quote(149.99, 150.01);
    expect(await venue.order(id)).toMatchObject({ status: 'filled', filledQty: 40e9 });
  });
});

describe('a collar', () => {
  it('keeps a market buy that opens within two and a half percent of the ask, or four below fifty dollars', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01, { size: 1 });
    const { id } = await venue.place({ qty: 2 });
    await venue.quote(153.99, 154);
    expect((await venue.order(id)).status).toBe('partially_filled');
    await venue.quote(153.7, 153.76);
    expect((await venue.order(id)).status).toBe('filled');
    await venue.quote(12, 12.01, { symbol: 'F', size: 1 });
    const cheap = await venue.place({ qty: 2, symbol: 'F' });
    await venue.quote(12.4, 12.49, { symbol: 'F' });
    expect((await venue.order(cheap.id)).status).toBe('filled');
  });

  it('makes a buy stop a stop-limit, which a jump leaves behind, and a sell stop none', async () => {
    const venue = await withShares();
    const buy = await venue.place({ type: 'stop', stop: 160, tif: 'gtc' });
    await venue.quote(164.5, 164.6);
    expect(await venue.order(buy.id)).toMatchObject({ status: 'new', elected: true });
    await venue.restart();
    expect(await venue.order(buy.id)).toMatchObject({ status: 'new', elected: true });
    await venue.quote(163.9, 164);
    expect((await venue.order(buy.id)).filledCost).toBe(164n * dollar);
    const sell = await venue.place({ side: 'sell', type: 'stop', stop: 150, qty: 10 });
    await venue.quote(99.99, 100.01);
    expect((await venue.order(sell.id)).filledCost).toBe(10n * 9999n * (dollar / 100n));
  });
});

describe('a group', () => {
  const bracket = { qty: 10, orderClass: 'bracket', profit: 160, loss: 140, tif: 'gtc' } as const;
  const statuses = async (venue: ScriptedVenue, id: string) => (await venue.legs(id)).map(({ status }) => status);

  it('shrinks the stop by what the take-profit sold, through a restart', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const { id } = await venue.place(bracket);
    await venue.quote(160, 160.02, { size: 4 });
    const [profit, loss] = await venue.legs(id);
    expect([profit!.status, profit!.filledQty, loss!.status, loss!.qty]).toEqual(['partially_filled', 4e9, 'new', 6e9]);
    await venue.quote(150, 150.02);
    await venue.restart();
    await venue.quote(139, 139.02);
    expect(await statuses(venue, id)).toEqual(['canceled', 'filled']);
    const held = await venue.account(({ id: account }) => account);
    expect((await venue.venue.command(({ state }) => state.position(held, 'AAPL'))).qty).toBe(0);
  });

  it('ends with any of it that is cancelled, the entry with its held legs', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const { id } = await venue.place({ ...bracket, type: 'limit', limit: 149 });
    await venue.cancel((await venue.legs(id))[1]!.id);
    expect((await venue.order(id)).status).toBe('canceled');
    expect(await statuses(venue, id)).toEqual(['canceled', 'canceled']);
  });

  it('goes on with the replacements of its entry and its legs', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const { id, groupId } = await venue.place({ ...bracket, type: 'limit', limit: 149 });
    const entry = await venue.replace(id, { limit: 148 });
    expect(entry).toMatchObject({ groupId, groupRole: 'entry' });
    expect(await statuses(venue, entry.id)).toEqual(['held', 'held']);
    const [, held] = await venue.legs(entry.id);
    const loss = await venue.replace(held!.id, { stop: 141 });
    expect(loss).toMatchObject({ groupId, groupRole: 'stop_loss', status: 'held', stopPrice: 1_410_000 });
    expect(venue.eventsOf(loss.id)).toEqual([]);
    await venue.restart();
    await venue.quote(147.9, 148);
    expect((await venue.order(entry.id)).status).toBe('filled');
    expect((await venue.order(loss.id)).status).toBe('new');
    const moved = await venue.replace(loss.id, { stop: 142 });
    await venue.quote(141.9, 142.1);
    expect((await venue.order(moved.id)).status).toBe('filled');
    expect((await venue.legs(entry.id)).map(({ status }) => status).sort()).toEqual([
      'canceled',
      'filled',
      'replaced',
      'replaced',
    ]);
  });

  it('of two exits works as one, and tells of both', async () => {
    const venue = await withShares();
    const oco = await venue.place({ side: 'sell', qty: 10, orderClass: 'oco', profit: 160, loss: 140, type: 'limit' });
    const [loss] = await venue.legs(oco.id);
    expect([oco.status, loss!.status, loss!.groupId]).toEqual(['new', 'new', oco.groupId]);
    await venue.quote(139, 139.02);
    expect(venue.eventsOf(loss!.id)).toEqual(['new', 'fill']);
    expect(venue.eventsOf(oco.id)).toEqual(['new', 'canceled']);
  });
});

describe('replacing', () => {
  it('is refused where there is nothing to replace or to change', async () => {
    const venue = await withShares();
    await venue.quote(149.99, 150.01, { size: 4 });
    const { id } = await venue.place({ qty: 10, type: 'limit', limit: 150.01 });
    await expect(venue.replace(id, { qty: 4 })).rejects.toThrow('qty must be > filled_qty');
    await expect(venue.replace(id, { qty: 10, limit: 150.01 })).rejects.toThrow('order parameters are not changed');
    const next = await venue.replace(id, { qty: 6 });
    await expect(venue.replace(id, { qty: 5 })).rejects.toThrow('order already replaced');
    expect(venue.eventsOf(id)).toEqual(['new', 'partial_fill', 'replaced']);
    await venue.quote(149.99, 150.01);
    expect(await venue.order(next.id)).toMatchObject({ status: 'filled', filledQty: 6e9 });
    await expect(venue.replace(next.id, { qty: 8 })).rejects.toThrow('cannot replace order in filled status');
  });

  it('is refused of an order that waits for its hours', async () => {
    const venue = await ScriptedVenue.open({ start: '2026-11-20T02:00:00Z' });
    await venue.quote(149.99, 150.01);
    const { id } = await venue.place({ type: 'limit', limit: 140 });
    await expect(venue.replace(id, { limit: 141 })).rejects.toThrow('cannot replace order in accepted status');
  });

  it('keeps the turn of an order that only shrinks, over a restart too, and of no other', async () => {
    const venue = await ScriptedVenue.open();
    await venue.quote(149.99, 150.01);
    const words = { qty: 3, type: 'limit', limit: 149 } as const;
    const [first, second, third] = [await venue.place(words), await venue.place(words), await venue.place(words)];
    const shrunk = await venue.replace(first.id, { qty: 2 });
    const grown = await venue.replace(second.id, { qty: 4 });
    await venue.restart();
    await venue.quote(148.9, 149, { size: 5 });
    const filled = await Promise.all([shrunk, third, grown].map(({ id }) => venue.order(id)));
    expect(filled.map(({ filledQty }) => filledQty)).toEqual([2e9, 3e9, 0]);
  });
});
