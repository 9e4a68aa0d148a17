import { afterEach, beforeEach, describe, expect, it as register } from 'vitest';
import { price, quantity, text } from '../../core/decimal.ts';
import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import type { BrokerOrder } from '../../core/model/broker-order.ts';
import type { OrderClass, OrderType } from '../../core/model/order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import { approvedOrder } from '../approved-order.ts';
import {
  type BrokerUnderTest,
  collectUpdates,
  type Need,
  needsOfCases,
  type VenueFaults,
} from './broker-under-test.ts';

/**
 * What every broker adapter must do, whatever is behind it. Cases that need what the venue lacks are not there; their numbers are answered,
 * so that whoever leaves them out says which.
 */
export function brokerConformance(
  name: string,
  start: () => Promise<BrokerUnderTest>,
  lacks: readonly Need[] = [],
): readonly string[] {
  const leftOut: string[] = [];
  const it = (title: string, run: () => Promise<void>): void => {
    const needs = needsOfCases[title.slice(0, 3)] ?? [];
    if (needs.some((need) => lacks.includes(need))) leftOut.push(title.slice(0, 3));
    else register(title, run);
  };
  describe(`${name} as a broker`, () => {
    let subject: BrokerUnderTest;
    let broker: Broker;
    let updates: ReturnType<typeof collectUpdates>;
    beforeEach(async () => {
      subject = await start();
      broker = subject.broker;
      updates = collectUpdates(broker);
      await updates.connected;
    });
    afterEach(async () => {
      await updates.close();
      await subject.close();
    });
    /** A price far enough from the market not to trade, in whole cents. */
    const away = (factor: string) => price(subject.market.times(factor).round(2));
    const shares = () => subject.shares ?? '10';
    /** An order of the subject's symbol and size. */
    const order = (change: Partial<ApprovedOrder> = {}) =>
      approvedOrder({ symbol: subject.symbol, quantity: quantity(shares()), ...change });
    const resting = (change: Partial<ApprovedOrder> = {}) =>
      order({ type: 'limit', limitPrice: away('0.7'), ...change });
    const fault = <K extends keyof VenueFaults>(what: K): NonNullable<VenueFaults[K]> => {
      const made = subject.faults?.[what];
      if (!made) throw new Error(`the venue cannot be made to ${what}: it is to be named among what it lacks`);
      return made;
    };
    const again = () => subject.again?.() ?? broker;
    /** Buys, and answers when all of it is filled. */
    const bought = async (change: Partial<ApprovedOrder> = {}) => {
      const taken = await accepted(order(change));
      await updates.until((u) => u.order.brokerOrderId === taken.brokerOrderId && u.order.status === 'filled');
      return taken;
    };
    const exit = (change: Partial<ApprovedOrder>) => order({ intent: 'exit', side: 'sell', ...change });
    const statusOf = async (id: string) => (await broker.findOrder(id))?.status;

    const accepted = async (order: Parameters<Broker['submit']>[0]) => {
      const outcome = await broker.submit(order);
      if (outcome.kind !== 'accepted') throw new Error(`${outcome.kind}: ${JSON.stringify(outcome)}`);
      return outcome.order;
    };

    const replaced = async (old: BrokerOrder, change: Parameters<Broker['replace']>[1]) => {
      const outcome = await broker.replace(old.brokerOrderId, change);
      if (outcome.kind !== 'accepted') throw new Error(`${outcome.kind}: ${JSON.stringify(outcome)}`);
      return outcome.order;
    };

    it('B01 takes a market order and answers with it', async () => {
      const asked = order();
      const taken = await accepted(asked);
      expect(taken).toMatchObject({
        clientOrderId: asked.clientOrderId,
        symbol: subject.symbol,
        side: 'buy',
        type: 'market',
        orderClass: 'simple',
        timeInForce: 'day',
      });
      expect(text(taken.quantity)).toBe(shares());
      expect(taken.brokerOrderId).not.toBe('');
      expect(taken.submittedAt).toBeInstanceOf(Date);
    });

    it('B02 takes a limit order, which rests and is listed as open', async () => {
      const asked = resting();
      const { brokerOrderId } = await accepted(asked);
      const open = await broker.listOrders({ status: 'open' });
      const [listed] = open.filter((one) => one.brokerOrderId === brokerOrderId);
      expect(listed).toMatchObject({ status: 'accepted', type: 'limit', clientOrderId: asked.clientOrderId });
      expect(text(listed!.limitPrice!)).toBe(text(asked.limitPrice!));
    });

    it('B03 takes an entry with stop and take-profit as a bracket with two held legs', async () => {
      const asked = order({
        type: 'limit',
        limitPrice: away('0.7'),
        takeProfit: away('0.8'),
        stopLoss: away('0.6'),
      });
      const taken = await accepted(asked);
      expect(taken.orderClass).toBe('bracket');
      expect(taken.legs).toHaveLength(2);
      const stop = taken.legs.find((leg) => leg.type === 'stop')!;
      const profit = taken.legs.find((leg) => leg.type === 'limit')!;
      expect([text(stop.stopPrice!), text(profit.limitPrice!)]).toEqual([
        text(asked.stopLoss!),
        text(asked.takeProfit!),
      ]);
      expect([stop.side, profit.side, stop.status]).toEqual(['sell', 'sell', 'held']);
      const nested = await broker.findOrder(taken.brokerOrderId);
      expect(nested?.legs.map((leg) => leg.brokerOrderId).sort()).toEqual(
        [stop.brokerOrderId, profit.brokerOrderId].sort(),
      );
    });

    it('B04 takes an entry with a stop alone, with one leg', async () => {
      const taken = await accepted(order({ type: 'limit', limitPrice: away('0.7'), stopLoss: away('0.6') }));
      expect(taken.orderClass).toBe('oto');
      expect(taken.legs.map((leg) => leg.type)).toEqual(['stop']);
    });

    it('B05 refuses an order it cannot take, with a code and a sentence, and keeps nothing of it', async () => {
      const asked = order({ symbol: 'NOSUCHX' });
      const outcome = await broker.submit(asked);
      expect(outcome).toMatchObject({ kind: 'refused', code: expect.stringMatching(/\d{3,}/) });
      expect(outcome.kind === 'refused' && outcome.message).toContain('NOSUCHX');
      expect(await broker.findByClientOrderId(asked.clientOrderId)).toBeNull();
    });

    it('B06 calls a spent client order id a duplicate, resting or final, and takes nothing', async () => {
      const asked = resting();
      const { brokerOrderId } = await accepted(asked);
      expect(await broker.submit(asked)).toEqual({ kind: 'duplicate' });
      await broker.cancel(brokerOrderId);
      await updates.until(
        (update) => update.order.brokerOrderId === brokerOrderId && update.order.status === 'canceled',
      );
      expect(await broker.submit(asked)).toEqual({ kind: 'duplicate' });
      const all = await broker.listOrders({ status: 'all' });
      expect(all.filter((one) => one.clientOrderId === asked.clientOrderId)).toHaveLength(1);
    });

    it('B07 cancels a resting order and tells of it', async () => {
      const { brokerOrderId } = await accepted(resting());
      expect(await broker.cancel(brokerOrderId)).toEqual({ kind: 'requested' });
      await updates.until(
        (update) => update.order.brokerOrderId === brokerOrderId && update.order.status === 'canceled',
      );
      expect(await broker.findOrder(brokerOrderId)).toMatchObject({ status: 'canceled' });
      expect((await broker.listOrders({ status: 'open' })).map((one) => one.brokerOrderId)).not.toContain(
        brokerOrderId,
      );
    });

    it('B08 says of a final order that it is final, and of an unknown one that it is unknown', async () => {
      const { brokerOrderId } = await accepted(resting());
      await broker.cancel(brokerOrderId);
      await updates.until(
        (update) => update.order.brokerOrderId === brokerOrderId && update.order.status === 'canceled',
      );
      expect(await broker.cancel(brokerOrderId)).toMatchObject({ kind: 'final' });
      expect(await broker.cancel('61e69015-8549-4bfd-b9c3-01e75843f47d')).toEqual({ kind: 'not_found' });
    });

    it('B09 finds an order by its client order id, and is sure of one it never got', async () => {
      const asked = resting();
      const { brokerOrderId } = await accepted(asked);
      expect(await broker.findByClientOrderId(asked.clientOrderId)).toMatchObject({ brokerOrderId });
      expect(await broker.findByClientOrderId('sbx-never-sent')).toBeNull();
      expect(await broker.findOrder('61e69015-8549-4bfd-b9c3-01e75843f47d')).toBeNull();
    });

    it('B10 tells of a fill by stream and by list, with the same cumulative quantity', async () => {
      const asked = order();
      const { brokerOrderId, submittedAt } = await accepted(asked);
      const ended = await updates.until((u) => u.order.brokerOrderId === brokerOrderId && u.order.status === 'filled');
      expect(text(ended.order.filledQuantity)).toBe(shares());
      const streamed = updates.seen
        .filter((u) => u.order.brokerOrderId === brokerOrderId && u.fill)
        .map((u) => u.fill!);
      const listed = (await broker.listFills(submittedAt!)).filter((fill) => fill.brokerOrderId === brokerOrderId);
      const facts = (fills: typeof listed) =>
        fills.map((f) => [text(f.cumulativeQuantity), text(f.quantity), text(f.price), f.side, f.symbol]);
      expect(facts(listed)).toEqual(facts(streamed));
      expect(text(listed.at(-1)!.cumulativeQuantity)).toBe(shares());
    });

    it('B11 shows the position and the money of what was filled', async () => {
      const before = await broker.account();
      expect(await broker.positions()).toEqual([]);
      const { brokerOrderId } = await accepted(order());
      await updates.until((u) => u.order.brokerOrderId === brokerOrderId && u.order.status === 'filled');
      const [position] = await broker.positions();
      expect([position?.symbol, text(position!.quantity)]).toEqual([subject.symbol, shares()]);
      const trades = updates.seen.flatMap((u) => (u.fill?.brokerOrderId === brokerOrderId ? [u.fill] : []));
      const paid = trades.reduce((sum, f) => sum.plus(f.price.times(f.quantity)), quantity('0').plus('0'));
      const after = await broker.account();
      expect(after.cash.toFixed(2)).toBe(before.cash.minus(paid).toFixed(2));
      expect(after.tradingBlocked).toBe(false);
    });

    it('B12 lists orders since a time, legs nested, final ones too', async () => {
      const first = await accepted(resting());
      await broker.cancel(first.brokerOrderId);
      const all = await broker.listOrders({ status: 'all', since: first.submittedAt! });
      expect(all.map((one) => one.brokerOrderId)).toContain(first.brokerOrderId);
      const later = new Date(first.submittedAt!.getTime() + 60_000);
      expect(await broker.listOrders({ status: 'all', since: later })).toEqual([]);
    });

    it('B13 activates the legs of a bracket when its entry is filled, and ends both when one is cancelled', async () => {
      const entry = await accepted(order({ takeProfit: away('1.5'), stopLoss: away('0.5') }));
      const profit = entry.legs.find((leg) => leg.type === 'limit')!.brokerOrderId;
      const stop = entry.legs.find((leg) => leg.type === 'stop')!.brokerOrderId;
      await updates.until((u) => u.order.brokerOrderId === entry.brokerOrderId && u.order.status === 'filled');
      await updates.until((u) => u.order.brokerOrderId === profit && u.order.status === 'accepted');
      expect(await broker.cancel(profit)).toEqual({ kind: 'requested' });
      await updates.until((u) => u.order.brokerOrderId === stop && u.order.status === 'canceled');
    });

    it('B14 takes a stop, a stop limit and a trailing stop that close a position', async () => {
      await bought();
      const kinds = [
        exit({ type: 'stop', stopPrice: away('0.7') }),
        exit({ type: 'stop_limit', stopPrice: away('0.7'), limitPrice: away('0.69') }),
        exit({ type: 'trailing_stop', trail: { percent: price('20') } }),
        exit({ type: 'trailing_stop', trail: { price: away('0.2') } }),
      ];
      for (const asked of kinds) {
        const taken = await accepted(asked);
        expect([taken.type, taken.side, taken.orderClass]).toEqual([asked.type, 'sell', 'simple']);
        if (asked.stopPrice) expect(text(taken.stopPrice!)).toBe(text(asked.stopPrice));
        if (asked.limitPrice) expect(text(taken.limitPrice!)).toBe(text(asked.limitPrice));
        if (asked.trail) expect(JSON.stringify(taken.trail)).toBe(JSON.stringify(asked.trail));
        expect(await broker.cancel(taken.brokerOrderId)).toEqual({ kind: 'requested' });
        await updates.until((u) => u.order.brokerOrderId === taken.brokerOrderId && u.order.status === 'canceled');
      }
    });

    it('B15 takes an exit with both as one-cancels-other: one ends the other', async () => {
      await bought();
      const taken = await accepted(exit({ takeProfit: away('1.3'), stopLoss: away('0.7') }));
      expect([taken.orderClass, taken.type]).toEqual(['oco', 'limit']);
      const stop = taken.legs.find((leg) => leg.type === 'stop')!;
      expect(text(stop.stopPrice!)).toBe(text(away('0.7')));
      expect(await broker.cancel(taken.brokerOrderId)).toEqual({ kind: 'requested' });
      await expect.poll(() => statusOf(stop.brokerOrderId)).toBe('canceled');
    });

    it('B16 puts another order in the place of a resting one, under a client order id of ours', async () => {
      const old = await accepted(resting());
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('accepted');
      const clientOrderId = `sbx-r-${old.clientOrderId}`.slice(0, 48);
      const outcome = await replaced(old, { limitPrice: away('0.65'), clientOrderId });
      expect(outcome).toMatchObject({ clientOrderId, replaces: old.brokerOrderId, side: 'buy' });
      expect(text(outcome.limitPrice!)).toBe(text(away('0.65')));
      expect(text(outcome.quantity)).toBe(shares());
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('replaced');
      expect((await broker.findOrder(old.brokerOrderId))?.replacedBy).toBe(outcome.brokerOrderId);
      expect((await broker.findByClientOrderId(clientOrderId))?.brokerOrderId).toBe(outcome.brokerOrderId);
      await expect
        .poll(async () => (await broker.listOrders({ status: 'open' })).map((one) => one.brokerOrderId))
        .toEqual([outcome.brokerOrderId]);
    });

    it('B17 refuses a replacement it cannot take, and the old order stands', async () => {
      const old = await accepted(resting());
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('accepted');
      const outcome = await broker.replace(old.brokerOrderId, { quantity: quantity('0'), clientOrderId: 'sbx-r-none' });
      expect(outcome).toMatchObject({ kind: 'refused', code: expect.stringMatching(/\d{3,}/) });
      expect(await statusOf(old.brokerOrderId)).toBe('accepted');
      expect(await broker.findByClientOrderId('sbx-r-none')).toBeNull();
    });

    it('B18 says of a final order that it cannot be replaced any more, and of an unknown one that it is unknown', async () => {
      const old = await accepted(resting());
      await broker.cancel(old.brokerOrderId);
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('canceled');
      const change = { limitPrice: away('0.65'), clientOrderId: 'sbx-r-late' };
      expect(await broker.replace(old.brokerOrderId, change)).toMatchObject({ kind: 'final' });
      const unknown = await broker.replace('61e69015-8549-4bfd-b9c3-01e75843f47d', change);
      expect(unknown).toEqual({ kind: 'not_found' });
    });

    it('B19 takes a change once: asked again it is a duplicate, or its order has ended', async () => {
      const old = await accepted(resting());
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('accepted');
      const change = { limitPrice: away('0.65'), clientOrderId: `sbx-r-${old.clientOrderId}`.slice(0, 48) };
      await replaced(old, change);
      await expect.poll(() => statusOf(old.brokerOrderId)).toBe('replaced');
      expect(['duplicate', 'final']).toContain((await broker.replace(old.brokerOrderId, change)).kind);
      expect(await broker.listOrders({ status: 'open' })).toHaveLength(1);
    });

    it('B20 tells of a fill in part, by stream, by list and in the order, and counts on in a replacement', async () => {
      const fillPart = fault('fillPart');
      const old = await accepted(resting());
      await fillPart(old, '4');
      const first = await updates.until((u) => u.order.brokerOrderId === old.brokerOrderId && u.fill !== null);
      expect([first.event, text(first.fill!.quantity), first.order.status]).toEqual([
        'partial_fill',
        '4',
        'partially_filled',
      ]);
      const next = await replaced(old, {
        limitPrice: away('0.65'),
        clientOrderId: `sbx-r-${old.clientOrderId}`.slice(0, 48),
      });
      expect([text(next.quantity), text(next.filledQuantity)]).toEqual([shares(), '4']);
    });

    it('B21 calls an order whose answer was lost unknown, and knows it by its client order id if it was taken', async () => {
      const loseNext = fault('loseNext');
      for (const how of ['before', 'after', 'timeout'] as const) {
        const asked = resting();
        await loseNext('order', how);
        expect(await broker.submit(asked)).toMatchObject({ kind: 'unknown' });
        await expect
          .poll(async () => (await broker.findByClientOrderId(asked.clientOrderId)) !== null)
          .toBe(how !== 'before');
        const second = await broker.submit(asked);
        expect(second.kind).toBe(how === 'before' ? 'accepted' : 'duplicate');
      }
      expect(await broker.listOrders({ status: 'open' })).toHaveLength(3);
    });

    it('B22 calls a replacement whose answer was lost unknown, and knows it by its client order id if it was taken', async () => {
      const loseNext = fault('loseNext');
      for (const how of ['before', 'after'] as const) {
        const old = await accepted(resting());
        const change = { limitPrice: away('0.65'), clientOrderId: `sbx-r-${old.clientOrderId}`.slice(0, 48) };
        await loseNext('replacement', how);
        expect(await broker.replace(old.brokerOrderId, change)).toMatchObject({ kind: 'unknown' });
        const found = await broker.findByClientOrderId(change.clientOrderId);
        expect(found?.replaces ?? null).toBe(how === 'after' ? old.brokerOrderId : null);
        expect(await statusOf(old.brokerOrderId)).toBe(how === 'after' ? 'replaced' : 'accepted');
      }
    });

    it('B23 says of an order that met the rate limit that it was not sent, and when to come back', async () => {
      const limitNext = fault('limitNext');
      await limitNext(2);
      const asked = resting();
      expect(await broker.submit(asked)).toMatchObject({ kind: 'not_sent', retryAfterMs: 2000 });
      expect(await broker.findByClientOrderId(asked.clientOrderId)).toBeNull();
    });

    it('B24 comes back after its stream was lost, and lists what was not told meanwhile', async () => {
      const dropStream = fault('dropStream');
      const old = await accepted(resting());
      const before = updates.connections();
      await dropStream(async () => {
        await broker.cancel(old.brokerOrderId);
      });
      await expect.poll(updates.connections).toBeGreaterThan(before);
      expect(await statusOf(old.brokerOrderId)).toBe('canceled');
      const next = await accepted(resting());
      await updates.until((u) => u.order.brokerOrderId === next.brokerOrderId);
    });

    it('B25 says after a restart how each order stands', async () => {
      const rest = await accepted(resting());
      const ended = await accepted(resting());
      await broker.cancel(ended.brokerOrderId);
      const old = await accepted(resting());
      const next = await replaced(old, {
        limitPrice: away('0.65'),
        clientOrderId: `sbx-r-${old.clientOrderId}`.slice(0, 48),
      });
      const entry = await accepted(resting({ takeProfit: away('0.8'), stopLoss: away('0.6') }));
      const stands = async (id: string) => (await again().findOrder(id))?.status;
      await expect.poll(() => stands(rest.brokerOrderId)).toBe('accepted');
      await expect.poll(() => stands(ended.brokerOrderId)).toBe('canceled');
      await expect.poll(() => stands(old.brokerOrderId)).toBe('replaced');
      await expect.poll(() => stands(next.brokerOrderId)).toBe('accepted');
      for (const leg of entry.legs) expect(await stands(leg.brokerOrderId)).toBe('held');
      const open = (await again().listOrders({ status: 'open' })).map((one) => one.clientOrderId);
      expect(open.sort()).toEqual([rest.clientOrderId, next.clientOrderId, entry.clientOrderId].sort());
      if (lacks.includes('fills')) return;
      const full = await bought();
      expect(await stands(full.brokerOrderId)).toBe('filled');
    });

    it('B26 tells of a trade that is taken back, by stream and by list, as the word on that trade', async () => {
      const bust = fault('bust');
      const { brokerOrderId, submittedAt } = await bought();
      const trade = updates.seen.find((u) => u.order.brokerOrderId === brokerOrderId && u.fill)!.fill!;
      await bust(trade.executionId);
      const told = await updates.until((u) => u.fill?.corrects !== undefined);
      expect(told.fill!.corrects).toEqual({ kind: 'bust', executionId: trade.executionId });
      expect(told.fill!.executionId).not.toBe(trade.executionId);
      const listed = await broker.listFills(submittedAt!);
      expect(listed.map((fill) => fill.corrects?.executionId ?? null)).toEqual([null, trade.executionId]);
      expect(await broker.positions()).toEqual([]);
    });

    it('B27 takes every order type and class that it says it takes, and refuses what it does not', async () => {
      await bought();
      const { orderTypes, orderClasses } = broker.capabilities(subject.symbol);
      const samples: Record<OrderType, ApprovedOrder> = {
        market: order(),
        limit: resting(),
        stop: exit({ type: 'stop', stopPrice: away('0.7') }),
        stop_limit: exit({ type: 'stop_limit', stopPrice: away('0.7'), limitPrice: away('0.69') }),
        trailing_stop: exit({ type: 'trailing_stop', trail: { percent: price('20') } }),
      };
      const classes: Record<OrderClass, ApprovedOrder> = {
        simple: resting(),
        oto: resting({ stopLoss: away('0.6') }),
        bracket: resting({ stopLoss: away('0.6'), takeProfit: away('0.8') }),
        oco: exit({ stopLoss: away('0.7'), takeProfit: away('1.3') }),
      };
      const asked = [
        ...Object.entries(samples).map(([type, one]) => [orderTypes.includes(type as OrderType), one] as const),
        ...Object.entries(classes).map(([kind, one]) => [orderClasses.includes(kind as OrderClass), one] as const),
      ];
      for (const [able, one] of asked) {
        const outcome = await broker.submit(one);
        expect([one.type, outcome.kind]).toEqual([one.type, able ? 'accepted' : 'refused']);
        if (outcome.kind !== 'accepted' || one.type === 'market') continue;
        await broker.cancel(outcome.order.brokerOrderId);
        await expect.poll(() => statusOf(outcome.order.brokerOrderId)).toBe('canceled');
      }
    });

    it('B28 takes of a pair of coins what it says it takes, and refuses the rest', async () => {
      const { symbol, market } = subject.pair!;
      const { orderTypes, orderClasses, shortable } = broker.capabilities(symbol);
      const far = (factor: string) => price(market.times(factor).round(2));
      const coins = (change: Partial<ApprovedOrder>) =>
        order({ symbol, quantity: quantity('0.01'), timeInForce: 'gtc', ...change });
      const half = (change: Partial<ApprovedOrder>) =>
        coins({ intent: 'exit', side: 'sell', quantity: quantity('0.005'), ...change });
      const entry = await accepted(coins({}));
      await updates.until((u) => u.order.brokerOrderId === entry.brokerOrderId && u.order.status === 'filled');
      const asked: [boolean, ApprovedOrder][] = [
        [orderTypes.includes('stop'), half({ type: 'stop', stopPrice: far('0.7') })],
        [
          orderTypes.includes('stop_limit'),
          half({ type: 'stop_limit', stopPrice: far('0.7'), limitPrice: far('0.69') }),
        ],
        [orderTypes.includes('trailing_stop'), half({ type: 'trailing_stop', trail: { percent: price('20') } })],
        [orderClasses.includes('bracket'), coins({ stopLoss: far('0.6'), takeProfit: far('1.4') })],
        [orderClasses.includes('oco'), half({ stopLoss: far('0.6'), takeProfit: far('1.4') })],
        [shortable, coins({ side: 'sell', quantity: quantity('0.5') })],
      ];
      for (const [able, one] of asked) {
        const outcome = await broker.submit(one);
        expect([one.type, outcome.kind]).toEqual([one.type, able ? 'accepted' : 'refused']);
      }
    });
  });
  return leftOut;
}
