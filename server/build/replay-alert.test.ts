// What becomes of an alert that is taken in again: it asks for paper whatever its bytes say, counts as received now, and is another one each time.
import { beforeAll, describe, expect, it } from 'vitest';
import type { NewAlert, StoreAnswer } from '../core/ports/intake-store.ts';
import type { RawAlert } from '../core/ports/raw-alerts.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createAlertReplays, type ReplayAlertParts } from './replay-alert.ts';

let dialects: readonly Dialect[];
beforeAll(async () => {
  dialects = await loadDialects();
});

const first = '00000000-0000-4000-8000-000000000001';
const caller = { name: 'Ada', role: 'trader' } as Parameters<ReturnType<typeof createAlertReplays>['replay']>[1];
const account = (name: string, mode: 'paper' | 'production') =>
  ({ accountId: name, name, mode }) as unknown as Awaited<ReturnType<ReplayAlertParts['accounts']['list']>>[number];

function desk(body: object | string, answer: StoreAnswer = { kind: 'stored' }, readAs: RawAlert['readAs'] = null) {
  const stored: NewAlert[] = [];
  let [ids, kicks] = [0, 0];
  const replays = createAlertReplays({
    raw: {
      find: async (signalId) =>
        signalId === first
          ? {
              ...{ signalId, status: 'approved', contentType: 'application/json', readAs },
              body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
            }
          : null,
    },
    intake: {
      store: async (alert) => {
        stored.push(alert);
        return answer;
      },
    },
    tokens: { find: async () => ({ id: 'own', source: 'dashboard' }) as never },
    accounts: { list: async () => [account('real', 'production'), account('practice', 'paper')] },
    dialects,
    dashboardToken: 'token',
    clock: new ManualClock(),
    random: { id: () => `id ${ids++}` },
    onAccepted: () => kicks++,
  });
  const signalOf = (alert: NewAlert | undefined) =>
    alert?.outcome.kind === 'accepted' ? alert.outcome.signal : expect.fail('it was not accepted');
  return { replays, stored, kicks: () => kicks, signal: () => signalOf(stored.at(-1)) };
}

const alert = {
  ...{ signal: 'BUY', ticker: 'KO', mode: 'Production', quantity: 5, strategy: 'swing' },
  ...{ id: 'theirs', timestamp: '2020-01-02T15:00:00Z' },
};

describe('a replay', () => {
  it('asks for paper though the alert asks for production, and says whose it is', async () => {
    const { replays, stored, signal, kicks } = desk(alert);
    expect(await replays.replay(first, caller)).toEqual({
      id: 'id 0',
      status: 'accepted',
      receiptUrl: '/signals/id 0',
    });
    expect(signal()).toMatchObject({ requestedMode: 'paper', ticker: 'KO', quantity: '5', strategy: 'swing' });
    expect(stored[0]).toMatchObject({ replayOf: first, tokenId: 'own', rawBody: JSON.stringify(alert) });
    expect(stored[0]!.proofs).toEqual({ replayOf: first, replayedBy: 'Ada' });
    expect(kicks()).toBe(1);
  });

  it('counts from now, and leaves out what its script held then', async () => {
    const { replays, signal } = desk({ ...alert, prevMarketPosition: 'long', prevMarketPositionSize: 5 });
    await replays.replay(first, caller);
    expect(signal()).toMatchObject({ firedAt: null, alertId: null, previousPosition: null, previousSize: null });
  });

  it('is another alert each time', async () => {
    const { replays, stored } = desk(alert);
    await replays.replay(first, caller);
    await replays.replay(first, caller);
    const keys = stored.map(({ outcome }) => (outcome.kind === 'accepted' ? outcome.dedupeKey : ''));
    expect(new Set(keys).size).toBe(2);
  });

  it.each([
    ['real', null],
    ['practice', 'practice'],
    ['gone', null],
  ])('of an alert for the account %s is for %s', async (name, kept) => {
    const { replays, signal } = desk({ ...alert, account: name });
    await replays.replay(first, caller);
    expect(signal().account).toBe(kept);
  });

  it('is read as its source was set when it came', async () => {
    const { strategy: _, ...nameless } = alert;
    const { replays, signal, stored } = desk(nameless, undefined, { dialect: null, strategy: 'night', reading: null });
    await replays.replay(first, caller);
    expect(signal().strategy).toBe('night');
    expect(stored[0]!.readAs).toEqual({ dialect: null, strategy: 'night', reading: null });
  });
});

describe('what cannot be replayed', () => {
  it('is an alert that nobody could read, and one that is not there: nothing is stored', async () => {
    const { replays, stored } = desk('{"signal":"BUY"}');
    await expect(replays.replay(first, caller)).rejects.toMatchObject({ status: 409, code: 'REPLAY_UNREADABLE' });
    await expect(replays.replay('another', caller)).rejects.toMatchObject({ status: 404 });
    expect(stored).toEqual([]);
  });
  it('is said so when it could not be stored, and no job is looked for', async () => {
    const { replays, kicks } = desk(alert, { kind: 'unavailable' });
    await expect(replays.replay(first, caller)).rejects.toMatchObject({ status: 503 });
    expect(kicks()).toBe(0);
  });
});
