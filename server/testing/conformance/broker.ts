import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Price, price, quantity, text } from '../../core/decimal.ts';
import type { BrokerUpdate } from '../../core/model/broker-order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import { approvedOrder } from '../approved-order.ts';

/** A broker with a fresh account that holds cash and nothing else. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** A symbol whose market orders fill soon. */
  readonly symbol: string;
  /** About what it trades at. */
  readonly market: Price;
  close(): Promise<void>;
}

/** What every broker adapter must do, whatever is behind it. */
export function brokerConformance(name: string, start: () => Promise<BrokerUnderTest>): void {
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
    const resting = () => approvedOrder({ symbol: subject.symbol, type: 'limit', limitPrice: away('0.7') });
    const accepted = async (order: Parameters<Broker['submit']>[0]) => {
      const outcome = await broker.submit(order);
      if (outcome.kind !== 'accepted') throw new Error(`${outcome.kind}: ${JSON.stringify(outcome)}`);
      return outcome.order;
    };

    it('1. takes a market order and answers with it', async () => {
      const order = approvedOrder({ symbol: subject.symbol });
      const taken = await accepted(order);
      expect(taken).toMatchObject({
        clientOrderId: order.clientOrderId,
        symbol: subject.symbol,
        side: 'buy',
        type: 'market',
        orderClass: 'simple',
        timeInForce: 'day',
      });
      expect(text(taken.quantity)).toBe('10');
      expect(taken.brokerOrderId).not.toBe('');
      expect(taken.submittedAt).toBeInstanceOf(Date);
    });

    it('2. takes a limit order, which rests and is listed as open', async () => {
      const order = resting();
      const { brokerOrderId } = await accepted(order);
      const open = await broker.listOrders({ status: 'open' });
      const [listed] = open.filter((one) => one.brokerOrderId === brokerOrderId);
      expect(listed).toMatchObject({ status: 'accepted', type: 'limit', clientOrderId: order.clientOrderId });
      expect(text(listed!.limitPrice!)).toBe(text(order.limitPrice!));
    });

    it('3. takes an entry with stop and take-profit as a bracket with two held legs', async () => {
      const order = approvedOrder({
        symbol: subject.symbol,
        type: 'limit',
        limitPrice: away('0.7'),
        takeProfit: away('0.8'),
        stopLoss: away('0.6'),
      });
      const taken = await accepted(order);
      expect(taken.orderClass).toBe('bracket');
      expect(taken.legs).toHaveLength(2);
      const stop = taken.legs.find((leg) => leg.type === 'stop')!;
      const profit = taken.legs.find((leg) => leg.type === 'limit')!;
      expect([text(stop.stopPrice!), text(profit.limitPrice!)]).toEqual([
        text(order.stopLoss!),
        text(order.takeProfit!),
      ]);
      expect([stop.side, profit.side, stop.status]).toEqual(['sell', 'sell', 'held']);
      const nested = await broker.findOrder(taken.brokerOrderId);
      expect(nested?.legs.map((leg) => leg.brokerOrderId).sort()).toEqual(
        [stop.brokerOrderId, profit.brokerOrderId].sort(),
      );
    });

    it('4. takes an entry with a stop alone, with one leg', async () => {
      const taken = await accepted(
        approvedOrder({ symbol: subject.symbol, type: 'limit', limitPrice: away('0.7'), stopLoss: away('0.6') }),
      );
      expect(taken.orderClass).toBe('oto');
      expect(taken.legs.map((leg) => leg.type)).toEqual(['stop']);
    });

    it('5. refuses an order it cannot take, with a code and a sentence, and keeps nothing of it', async () => {
      const order = approvedOrder({ symbol: 'NOSUCHX' });
      const outcome = await broker.submit(order);
      expect(outcome).toMatchObject({ kind: 'refused', code: expect.stringMatching(/\d{3,}/) });
      expect(outcome.kind === 'refused' && outcome.message).toContain('NOSUCHX');
      expect(await broker.findByClientOrderId(order.clientOrderId)).toBeNull();
    });

    it('6. calls a spent client order id a duplicate, resting or final, and takes nothing', async () => {
      const order = resting();
      const { brokerOrderId } = await accepted(order);
      expect(await broker.submit(order)).toEqual({ kind: 'duplicate' });
      await broker.cancel(brokerOrderId);
      await updates.until(
        (update) => update.order.brokerOrderId === brokerOrderId && update.order.status === 'canceled',
      );
      expect(await broker.submit(order)).toEqual({ kind: 'duplicate' });
      const all = await broker.listOrders({ status: 'all' });
      expect(all.filter((one) => one.clientOrderId === order.clientOrderId)).toHaveLength(1);
    });

    it('7. cancels a resting order and tells of it', async () => {
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

    it('8. says of a final order that it is final, and of an unknown one that it is unknown', async () => {
      const { brokerOrderId } = await accepted(resting());
      await broker.cancel(brokerOrderId);
      await updates.until(
        (update) => update.order.brokerOrderId === brokerOrderId && update.order.status === 'canceled',
      );
      expect(await broker.cancel(brokerOrderId)).toMatchObject({ kind: 'final' });
      expect(await broker.cancel('61e69015-8549-4bfd-b9c3-01e75843f47d')).toEqual({ kind: 'not_found' });
    });

    it('9. finds an order by its client order id, and is sure of one it never got', async () => {
      const order = resting();
      const { brokerOrderId } = await accepted(order);
      expect(await broker.findByClientOrderId(order.clientOrderId)).toMatchObject({ brokerOrderId });
      expect(await broker.findByClientOrderId('sbx-never-sent')).toBeNull();
      expect(await broker.findOrder('61e69015-8549-4bfd-b9c3-01e75843f47d')).toBeNull();
    });

    it('10. tells of a fill by stream and by list, with the same cumulative quantity', async () => {
      const order = approvedOrder({ symbol: subject.symbol });
      const { brokerOrderId, submittedAt } = await accepted(order);
      const ended = await updates.until((u) => u.order.brokerOrderId === brokerOrderId && u.order.status === 'filled');
      expect(text(ended.order.filledQuantity)).toBe('10');
      const streamed = updates.seen
        .filter((u) => u.order.brokerOrderId === brokerOrderId && u.fill)
        .map((u) => u.fill!);
      const listed = (await broker.listFills(submittedAt!)).filter((fill) => fill.brokerOrderId === brokerOrderId);
      const facts = (fills: typeof listed) =>
        fills.map((f) => [text(f.cumulativeQuantity), text(f.quantity), text(f.price), f.side, f.symbol]);
      expect(facts(listed)).toEqual(facts(streamed));
      expect(text(listed.at(-1)!.cumulativeQuantity)).toBe('10');
    });

    it('11. shows the position and the money of what was filled', async () => {
      const before = await broker.account();
      expect(await broker.positions()).toEqual([]);
      const { brokerOrderId } = await accepted(approvedOrder({ symbol: subject.symbol }));
      await updates.until((u) => u.order.brokerOrderId === brokerOrderId && u.order.status === 'filled');
      const [position] = await broker.positions();
      expect([position?.symbol, text(position!.quantity)]).toEqual([subject.symbol, '10']);
      const fills = updates.seen.flatMap((u) => (u.fill?.brokerOrderId === brokerOrderId ? [u.fill] : []));
      const paid = fills.reduce((sum, f) => sum.plus(f.price.times(f.quantity)), quantity('0').plus('0'));
      const after = await broker.account();
      expect(after.cash.toFixed(2)).toBe(before.cash.minus(paid).toFixed(2));
      expect(after.tradingBlocked).toBe(false);
    });

    it('12. lists orders since a time, legs nested, final ones too', async () => {
      const first = await accepted(resting());
      await broker.cancel(first.brokerOrderId);
      const all = await broker.listOrders({ status: 'all', since: first.submittedAt! });
      expect(all.map((one) => one.brokerOrderId)).toContain(first.brokerOrderId);
      const later = new Date(first.submittedAt!.getTime() + 60_000);
      expect(await broker.listOrders({ status: 'all', since: later })).toEqual([]);
    });

    it('13. activates the legs of a bracket when its entry is filled, and ends both when one is cancelled', async () => {
      const entry = await accepted(
        approvedOrder({ symbol: subject.symbol, takeProfit: away('1.5'), stopLoss: away('0.5') }),
      );
      const profit = entry.legs.find((leg) => leg.type === 'limit')!.brokerOrderId;
      const stop = entry.legs.find((leg) => leg.type === 'stop')!.brokerOrderId;
      await updates.until((u) => u.order.brokerOrderId === entry.brokerOrderId && u.order.status === 'filled');
      await updates.until((u) => u.order.brokerOrderId === profit && u.order.status === 'accepted');
      expect(await broker.cancel(profit)).toEqual({ kind: 'requested' });
      await updates.until((u) => u.order.brokerOrderId === stop && u.order.status === 'canceled');
    });
  });
}

/** What a broker's stream tells, kept and waited for. */
export function collectUpdates(broker: Broker) {
  const seen: BrokerUpdate[] = [];
  const connected = Promise.withResolvers<void>();
  const waiting = new Set<{ accept(update: BrokerUpdate): boolean; resolve(update: BrokerUpdate): void }>();
  const stream = broker.stream({
    onUpdate(update) {
      seen.push(update);
      for (const one of waiting) {
        if (!one.accept(update)) continue;
        waiting.delete(one);
        one.resolve(update);
      }
    },
    onConnected: () => connected.resolve(),
    onDisconnected: () => undefined,
  });
  return {
    seen,
    connected: connected.promise,
    /** The first update that is accepted, seen already or to come. */
    until(accept: (update: BrokerUpdate) => boolean): Promise<BrokerUpdate> {
      const known = seen.find(accept);
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.add({ accept, resolve }));
    },
    close: () => stream.close(),
  };
}
