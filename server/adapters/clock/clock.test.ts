// One set of promises for every clock: the machine's, and the one that tests move.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../core/ports/clock.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { systemClock } from './system-clock.ts';

const manual = new ManualClock();
const clocks: readonly [string, Clock, (ms: number) => Promise<void>][] = [
  // The machine's time passes by itself: nothing to do but wait for the event.
  ['the machine’s clock', systemClock, async () => {}],
  ['a clock moved by hand', manual, (ms) => manual.advance(ms)],
];

describe.each(clocks)('%s', (_, clock, pass) => {
  it('calls back after the delay, and not before', async () => {
    const started = clock.monotonicMs();
    const called = Promise.withResolvers<number>();
    clock.after(20, () => called.resolve(clock.monotonicMs() - started));
    await pass(20);
    // The machine's timers may come up to a millisecond early.
    expect(await called.promise).toBeGreaterThanOrEqual(19);
  });

  it('calls back again and again until it is cancelled', async () => {
    let calls = 0;
    const third = Promise.withResolvers<void>();
    const timer = clock.every(5, () => {
      calls++;
      if (calls === 3) {
        timer.cancel();
        third.resolve();
      }
    });
    const later = Promise.withResolvers<void>();
    await pass(15);
    await third.promise;
    clock.after(20, () => later.resolve());
    await pass(20);
    await later.promise;
    expect(calls).toBe(3);
  });

  it('does not call back what was cancelled', async () => {
    let called = false;
    clock.after(5, () => (called = true)).cancel();
    const later = Promise.withResolvers<void>();
    clock.after(20, () => later.resolve());
    await pass(20);
    await later.promise;
    expect(called).toBe(false);
  });

  it('sleeps', async () => {
    const started = clock.monotonicMs();
    const slept = clock.sleep(20).then(() => clock.monotonicMs() - started);
    await pass(20);
    expect(await slept).toBeGreaterThanOrEqual(19);
  });

  it('is woken by a signal, with its reason', async () => {
    const controller = new AbortController();
    const asleep = clock.sleep(60_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(asleep).rejects.toThrow('enough');
    await expect(clock.sleep(60_000, controller.signal)).rejects.toThrow('enough');
  });

  it('tells wall time and a monotonic time that agree', async () => {
    const [wall, monotonic] = [clock.now().getTime(), clock.monotonicMs()];
    const slept = clock.sleep(20);
    await pass(20);
    await slept;
    expect(clock.monotonicMs() - monotonic).toBeGreaterThanOrEqual(19);
    expect(clock.now().getTime()).toBeGreaterThan(wall);
  });
});

it('a pending timer of the machine’s clock does not keep the process alive', () => {
  const module = fileURLToPath(new URL('./system-clock.ts', import.meta.url));
  const code = `import { systemClock } from ${JSON.stringify(module)};
    systemClock.after(600_000, () => {}); systemClock.every(600_000, () => {});`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 });
  expect(status).toBe(0);
});

describe('a clock moved by hand', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock('2026-11-20T15:00:00.000Z');
    expect(clock.now().toISOString()).toBe('2026-11-20T15:00:00.000Z');
    expect(clock.monotonicMs()).toBe(0);
  });

  it('runs what falls due in the order of time, each at its moment, and what that starts in turn', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const note = (name: string) => seen.push(`${name} ${clock.monotonicMs()}`);
    clock.after(30, () => note('late'));
    clock.after(10, () => {
      note('early');
      void clock.sleep(5).then(() => note('after a sleep'));
    });
    clock.every(20, () => note('every'));
    await clock.advance(40);
    expect(seen).toEqual(['early 10', 'after a sleep 15', 'every 20', 'late 30', 'every 40']);
  });
});
