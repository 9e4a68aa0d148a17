import { expect, it } from 'vitest';
import type { EventKind, StoredEvent } from '../../core/model/event.ts';
import { createOrderClock, mostTimed } from './order-clock.ts';

const event = (kind: EventKind, atMs: number, signalId: string | null, orderId: string | null = null): StoredEvent => ({
  seq: '1',
  id: 'x',
  at: new Date(atMs),
  kind,
  signalId,
  orderId,
  data: {},
});

function timing() {
  const seen: [string, number][] = [];
  const clock = createOrderClock((step, seconds) => seen.push([step, seconds]));
  return {
    seen,
    tell: (...events: StoredEvent[]) => {
      for (const one of events) clock(one);
    },
  };
}

it('times each step from the one before it', () => {
  const { seen, tell } = timing();
  tell(
    event('signal.accepted', 0, 's'),
    event('decision.approved', 20, 's', 'o'),
    event('order.submitting', 25, 's', 'o'),
    event('order.accepted', 125, 's', 'o'),
    event('order.partially_filled', 300, 's', 'o'),
    event('order.filled', 1125, 's', 'o'),
  );
  expect(seen).toEqual([
    ['decide', 0.02],
    ['queue', 0.005],
    ['acknowledge', 0.1],
    ['fill', 1],
  ]);
});

it('takes a fill for the first word of a broker that says nothing else, and times no step after it', () => {
  const { seen, tell } = timing();
  tell(
    event('decision.approved', 0, 's', 'o'),
    event('order.submitting', 10, 's', 'o'),
    event('order.filled', 40, 's', 'o'),
  );
  expect(seen).toEqual([
    ['queue', 0.01],
    ['acknowledge', 0.03],
  ]);
});

it('times an unclear order until the broker’s word, though it was submitted again in between', () => {
  const { seen, tell } = timing();
  tell(
    event('decision.approved', 0, 's', 'o'),
    event('order.submitting', 10, 's', 'o'),
    event('order.submit_unknown', 8010, 's', 'o'),
    event('order.submitting', 20_000, 's', 'o'),
    event('order.rejected', 20_010, 's', 'o'),
    event('order.filled', 30_000, 's', 'o'),
  );
  expect(seen).toEqual([
    ['queue', 0.01],
    ['acknowledge', 20],
  ]);
});

it('leaves out what began before it was listening, what is denied early, and legs', () => {
  const { seen, tell } = timing();
  tell(
    event('order.submitting', 0, 's', 'o'),
    event('order.filled', 10, 's', 'o'),
    event('signal.accepted', 0, 't'),
    event('decision.denied', 5, 't'),
    event('order.held', 7, 's', 'leg'),
    event('order.accepted', 9, 's', 'leg'),
  );
  expect(seen).toEqual([['decide', 0.005]]);
});

it('never tells of less than nothing, when two processes’ clocks are apart', () => {
  const { seen, tell } = timing();
  tell(event('signal.accepted', 10, 's'), event('decision.denied', 8, 's'));
  expect(seen).toEqual([['decide', 0]]);
});

it('forgets the oldest when more wait than it keeps', () => {
  const { seen, tell } = timing();
  for (let i = 0; i <= mostTimed; i++) tell(event('signal.accepted', 0, `s${i}`));
  tell(event('decision.denied', 5, 's0'), event('decision.denied', 5, 's1'));
  expect(seen).toHaveLength(1);
});
