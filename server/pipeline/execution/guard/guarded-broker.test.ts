import { describe, expect, it } from 'vitest';
import { type Broker, BrokerProblem, type SubmitOutcome } from '../../../core/ports/broker.ts';
import { approvedOrder } from '../../../testing/approved-order.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { seededRandom } from '../../../testing/seeded-random.ts';
import { createBreaker } from './breaker.ts';
import { guardBroker } from './guarded-broker.ts';
import { createTurns } from './turns.ts';

/** A broker that answers what the test says, and notes when it was asked what. */
function scene(options: { perMinute?: number; seed?: number } = {}) {
  const clock = new ManualClock();
  const asked: [what: string, atMs: number][] = [];
  const answers: SubmitOutcome[] = [];
  const reads: (unknown | Error)[] = [];
  let requests = 0;
  const note = (what: string): void => {
    requests++;
    asked.push([what, clock.monotonicMs()]);
  };
  const broker: Partial<Broker> = {
    async submit(order) {
      note(`${order.intent} ${order.orderId}`);
      return answers.shift() ?? { kind: 'duplicate' };
    },
    async cancel() {
      note('cancel');
      return { kind: 'requested' };
    },
    async positions() {
      note('positions');
      const answer = reads.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer as never;
    },
    requests: () => requests,
  };
  const told: string[] = [];
  const breaker = createBreaker({
    clock,
    settings: () => ({ failures: 3, pauseMs: 1000 }),
    opened: () => told.push('opened'),
    stillOpen: () => undefined,
    closed: () => told.push('closed'),
    firstAnswer: () => undefined,
  });
  const turns = createTurns({ clock, perMinute: () => options.perMinute ?? null });
  const random = seededRandom(options.seed ?? 1);
  const guard = guardBroker({ broker: broker as Broker, turns, breaker, clock, random });
  const page = (many: number): void => {
    requests += many;
  };
  return { clock, asked, answers, reads, guard, breaker, turns, told, page };
}

const entry = (orderId: string) => approvedOrder({ orderId, intent: 'entry' });
const exit = (orderId: string) => approvedOrder({ orderId, intent: 'exit', side: 'sell' });
const limited = (retryAfterMs: number | null): SubmitOutcome => ({
  kind: 'not_sent',
  message: 'The broker limits our rate.',
  retryAfterMs,
  limited: true,
});

describe('a refusal for too many requests', () => {
  it('holds entries for as long as was asked, and a little longer than exits, which are still tried', async () => {
    const on = scene();
    on.answers.push(limited(3000));
    const refused = await on.guard.submit(entry('a'));
    expect(refused).toMatchObject({ kind: 'not_sent' });
    const { retryAfterMs } = refused as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(3250);
    await on.clock.advance(2900);
    expect(await on.guard.mayEnter(entry('b'))).toMatchObject({ afterMs: expect.any(Number) });
    expect((await on.guard.submit(exit('c'))).kind).toBe('duplicate');
    await on.clock.advance(200);
    expect(await on.guard.mayEnter(entry('b'))).toBeNull();
    expect(on.asked.map(([what]) => what)).toEqual(['entry a', 'exit c']);
  });

  it('of an exit holds everything, and entries until that exit has come back', async () => {
    const on = scene();
    on.answers.push(limited(1000));
    expect(await on.guard.submit(exit('x'))).toMatchObject({ kind: 'not_sent', retryAfterMs: 1000 });
    const waiting = on.guard.cancel('y');
    await on.clock.advance(999);
    expect(on.asked).toHaveLength(1);
    await on.clock.advance(1);
    expect(await waiting).toEqual({ kind: 'requested' });
    await on.clock.advance(1000);
    expect(await on.guard.mayEnter(entry('a')), 'the exit is not back').not.toBeNull();
    expect((await on.guard.submit(exit('x'))).kind).toBe('duplicate');
    expect(await on.guard.mayEnter(entry('a'))).toBeNull();
  });

  it('for an hour does not keep an exit for an hour', async () => {
    const on = scene();
    on.answers.push(limited(3_600_000));
    expect(await on.guard.submit(exit('x'))).toMatchObject({ retryAfterMs: 60_000 });
    await on.clock.advance(60_000);
    expect((await on.guard.submit(exit('x'))).kind).toBe('duplicate');
    expect((await on.guard.mayEnter(entry('a')))?.afterMs).toBeGreaterThan(3_000_000);
  });

  it('of an exit that never comes back holds entries only for a while', async () => {
    const on = scene();
    on.answers.push(limited(1000));
    await on.guard.submit(exit('x'));
    await on.clock.advance(5000);
    expect(await on.guard.mayEnter(entry('a'))).toBeNull();
  });
});

describe('a broker that does not answer', () => {
  const lost: SubmitOutcome = { kind: 'unknown', message: 'socket hang up' };

  it('gets no entry, nor is it stored that one was to be sent; exits are tried on, and one that comes through ends it', async () => {
    const on = scene();
    on.answers.push(lost, lost, lost);
    for (const id of ['a', 'b', 'c']) await on.guard.submit(exit(id));
    expect(on.told).toEqual(['opened']);
    expect(await on.guard.mayEnter(entry('d'))).toMatchObject({ sentence: expect.stringMatching(/does not answer/) });
    expect(await on.guard.submit(entry('d'))).toMatchObject({ kind: 'not_sent' });
    await expect(on.guard.positions()).rejects.toThrow(/is asked again in 1 s/);
    expect(on.asked).toHaveLength(3);
    expect((await on.guard.submit(exit('e'))).kind).toBe('duplicate');
    expect(on.told).toEqual(['opened', 'closed']);
    expect(await on.guard.mayEnter(entry('d'))).toBeNull();
  });

  it('is asked again at the same moments under the same seed, at others under another', async () => {
    const moments = async (seed: number) => {
      const on = scene({ seed });
      on.reads.push(new BrokerProblem('unclear', 'reset'), new BrokerProblem('unclear', 'reset'));
      const answer = on.guard.positions();
      for (let round = 0; round < 100; round++) await on.clock.advance(50);
      expect(await answer).toEqual([]);
      return on.asked.map(([, atMs]) => atMs);
    };
    const first = await moments(5);
    expect(first).toHaveLength(3);
    expect(await moments(5)).toEqual(first);
    expect(await moments(6)).not.toEqual(first);
  });

  it('is not asked again what it has refused', async () => {
    const on = scene();
    on.reads.push(new BrokerProblem('refused', 'the broker answered 401: unauthorized.'));
    await expect(on.guard.positions()).rejects.toThrow('401');
    expect(on.asked).toHaveLength(1);
    expect(on.breaker.state()).toBe('closed');
  });
});

it('counts the pages of a list as requests', async () => {
  const on = scene({ perMinute: 200 });
  await on.guard.positions();
  on.page(60);
  await on.guard.cancel('a');
  expect(await on.turns.take('exit', 0)).toMatchObject({ granted: false });
});

it('keeps entries at the broker to a part of the workers, so that exits find one', async () => {
  const on = scene();
  for (let i = 0; i < 16; i++) expect(await on.guard.mayEnter(entry(`e${i}`))).toBeNull();
  const waiting = Array.from({ length: 8 }, (_, i) => on.guard.mayEnter(entry(`w${i}`)));
  expect(await on.guard.mayEnter(entry('one more'))).toMatchObject({ afterMs: expect.any(Number) });
  expect((await on.guard.submit(exit('x'))).kind).toBe('duplicate');
  // One ends, and the first that waits goes on; the others are told to come back after a while.
  await on.guard.submit(entry('e0'));
  expect(await waiting[0]).toBeNull();
  await on.clock.advance(1000);
  expect((await Promise.all(waiting.slice(1))).every((hold) => hold !== null)).toBe(true);
  // Turns that were given and not used are free again after a while.
  await on.clock.advance(6000);
  expect(await on.guard.mayEnter(entry('one more'))).toBeNull();
});
