import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantity, text } from '../../../core/decimal.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { seedOrders } from '../../../testing/seeded-orders.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createOrderStore } from './order-store.ts';

let box: Awaited<ReturnType<typeof seedOrders>>;
beforeAll(async () => {
  box = await seedOrders(await createTestDatabase());
});
afterAll(() => box.drop());

describe('the approved order', () => {
  it('is read back as it was approved', async () => {
    const ids = await box.approve('10');
    const found = await box.store.approved(ids.orderId);
    expect(found?.order).toMatchObject({
      decisionId: ids.decisionId,
      signalId: ids.signalId,
      clientOrderId: ids.clientOrderId,
      intent: 'entry',
      type: 'market',
      timeInForce: 'gtc',
      limitPrice: null,
    });
    expect(text(found!.order.quantity)).toBe('10');
    expect(text(found!.order.stopLoss!)).toBe('145');
    expect(found?.record.status).toBe('approved');
  });

  it('is never made of a denied decision', async () => {
    const ids = await box.approve('10', { outcome: 'denied' });
    await expect(box.store.approved(ids.orderId)).rejects.toThrow('denied');
  });

  it('is null when there is none', async () => {
    expect(await box.store.approved(systemRandom.id())).toBeNull();
  });
});

describe('submitting', () => {
  it('is begun by one worker of twenty', async () => {
    const ids = await box.approve();
    const begun = await Promise.all(Array.from({ length: 20 }, () => box.store.beginSubmit(ids.orderId)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await box.kinds(ids.orderId)).toEqual(['order.submitting']);
    expect((await box.store.find(ids.orderId))?.submittingAt).toEqual(box.clock.now());
  });

  it('is not begun after a cancel, and the attempt is on record once', async () => {
    const ids = await box.approve();
    expect(await box.store.markCanceledUnsent(ids.orderId, 'The kill switch stopped it.')).toBe(true);
    expect(await box.store.beginSubmit(ids.orderId)).toBe(false);
    expect(await box.store.beginSubmit(ids.orderId)).toBe(false);
    expect(await box.kinds(ids.orderId)).toEqual(['order.canceled', 'order.transition_refused']);
    const [, refused] = await box.events(ids.orderId);
    expect(refused?.data).toMatchObject({ from: 'canceled', to: 'submitting', symbol: 'AAPL' });
  });

  it('is not canceled as unsent when it may have been sent', async () => {
    const ids = await box.approve();
    await box.store.beginSubmit(ids.orderId);
    expect(await box.store.markCanceledUnsent(ids.orderId, 'Too late.')).toBe(false);
    expect((await box.store.find(ids.orderId))?.status).toBe('submitting');
    expect((await box.kinds(ids.orderId)).at(-1)).toBe('order.transition_refused');
  });

  it('may be unclear, and begun again when the broker is sure', async () => {
    const ids = await box.approve();
    await box.store.beginSubmit(ids.orderId);
    await box.store.markUnknown(ids.orderId, 'No answer within 10 s.');
    expect((await box.events(ids.orderId)).at(-1)?.data).toMatchObject({ problem: 'No answer within 10 s.' });
    expect(await box.store.beginSubmit(ids.orderId)).toBe(true);
    await box.store.markRejected(ids.orderId, 'EXECUTION_BROKER_REFUSED', 'insufficient buying power');
    expect((await box.store.find(ids.orderId))?.status).toBe('rejected');
    expect((await box.events(ids.orderId)).at(-1)).toMatchObject({
      kind: 'order.rejected',
      data: { code: 'EXECUTION_BROKER_REFUSED', problem: 'insufficient buying power' },
    });
    expect((await box.store.open(box.accountId)).map((order) => order.orderId)).not.toContain(ids.orderId);
  });

  it('tells whoever follows the events', async () => {
    let told = 0;
    const store = createOrderStore({ ...box, random: systemRandom, committed: () => told++ });
    const ids = await box.approve();
    await store.beginSubmit(ids.orderId);
    expect(told).toBe(1);
  });
});

describe('an exit', () => {
  it('waits, is lowered to what is left, and is sent', async () => {
    const ids = await box.approve('10', { side: 'sell', intent: 'exit' });
    expect(await box.store.beginWaiting(ids.orderId, 'Protective legs hold the shares.')).toBe(true);
    await box.store.reduceQuantity(ids.orderId, quantity('4'), 'Six were sold by the stop.');
    expect(text((await box.store.find(ids.orderId))!.quantity)).toBe('4');
    expect((await box.events(ids.orderId)).at(-1)).toMatchObject({
      kind: 'order.reduced',
      data: { quantity: '4', previousQuantity: '10' },
    });
    await box.store.beginSubmit(ids.orderId);
    await expect(box.store.reduceQuantity(ids.orderId, quantity('2'), 'too late')).rejects.toThrow('submitting');
  });
});
