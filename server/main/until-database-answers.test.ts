// Invariant: a start that fails because the database is away or busy is tried again for a minute; one that fails for any other reason is not.
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { isDatabaseAway, startPatienceMs, untilDatabaseAnswers } from './until-database-answers.ts';

const failure = (code: string, message = 'failed') => Object.assign(new Error(message), { code });

describe('the database is away or busy', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'CONNECT_TIMEOUT',
    'CONNECTION_CLOSED',
    '57014',
    '57P03',
    '53300',
    '55P03',
    '40001',
    '08006',
  ])('by %s', (code) => expect(isDatabaseAway(failure(code))).toBe(true));
  it('by what pg says without a code', () => {
    expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseAway(new Error('Query read timeout'))).toBe(true);
  });
  it('by the cause of what failed', () => {
    const cause = new Error('Failed query: insert', { cause: failure('ECONNRESET') });
    expect(isDatabaseAway(new Error('The database cannot be used', { cause }))).toBe(true);
    expect(isDatabaseAway(new AggregateError([failure('ECONNREFUSED')], ''))).toBe(true);
  });
  it.each(['28P01', '3D000', '42P01', '23505', 'ENOTFOUND', 'EADDRINUSE'])('not by %s', (code) =>
    expect(isDatabaseAway(failure(code))).toBe(false),
  );
});

describe('a start', () => {
  const run = (clock: ManualClock, failures: readonly (Error | null)[]) => {
    const done: string[] = [];
    const warned: string[] = [];
    const before = failures.slice();
    const last = failures.at(-1) ?? null;
    const ended = untilDatabaseAnswers({
      async start() {
        done.push('start');
        const next = before.length > 0 ? before.shift() : last;
        if (next) throw next;
      },
      async undo() {
        done.push('undo');
      },
      clock,
      log: { warn: (_fields, message) => void warned.push(message) },
    });
    return { done, warned, ended };
  };

  it('is taken back and tried again until the database answers', async () => {
    const clock = new ManualClock();
    const { done, warned, ended } = run(clock, [failure('ECONNREFUSED'), failure('57014'), null]);
    await clock.advance(0);
    await clock.advance(2000);
    await ended;
    expect(done).toEqual(['start', 'undo', 'start', 'undo', 'start']);
    expect(warned[0]).toBe('the database does not answer yet; the start is tried again for 60 s');
  });

  it('ends at once for any other reason', async () => {
    const clock = new ManualClock();
    const { done, ended } = run(clock, [failure('28P01', 'password authentication failed')]);
    await expect(ended).rejects.toThrow('password authentication failed');
    expect(done).toEqual(['start']);
  });

  it('ends after a minute', async () => {
    const clock = new ManualClock();
    const { done, ended } = run(clock, [failure('ECONNREFUSED', 'refused')]);
    const caught = ended.catch((error: Error) => error.message);
    await clock.advance(0);
    await clock.advance(startPatienceMs);
    expect(await caught).toBe('refused');
    expect(done.length).toBeGreaterThan(10);
    expect(done.filter((what) => what === 'undo')).toHaveLength(done.length / 2);
  });
});
