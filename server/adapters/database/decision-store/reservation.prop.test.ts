// Invariants, of every sequence of what may become of entries, told once or twice:
// - from its decision on an entry counts with all its shares: those that are filled as held, those that are not as reserved, and never both;
// - however it ends (refused before or after it was sent, cancelled, expired, filled, partly filled and then cancelled), what is left of it is
//   released, once: the next decision sees what is held, and nothing else of it;
// - other entries keep what they have reserved.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quantity, zeroQuantity } from '../../../core/decimal.ts';
import type { AccountView } from '../../../core/model/account-view.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { tradeSignal } from '../../../testing/risk-context.ts';
import { brokerFill, brokerOrder, seedOrders } from '../../../testing/seeded-orders.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createDecisionStore } from './decision-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

type Box = Awaited<ReturnType<typeof seedOrders>>;
type Ids = Awaited<ReturnType<Box['approve']>>;

const shares = 10;

/** What an entry is to have come to. */
interface Entry {
  readonly ids: Ids;
  sent: boolean;
  filled: number;
  ended: boolean;
}

/** What happens to an entry; `twice`: the venue's word comes by the stream and by a poll. */
type Step =
  | { readonly do: 'submit' | 'accept' | 'refuse unsent' | 'cancel unsent' }
  | { readonly do: 'fill'; readonly shares: number; readonly twice: boolean }
  | { readonly do: 'canceled' | 'expired' | 'rejected'; readonly twice: boolean };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'submit' }, { do: 'accept' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      shares: fc.integer({ min: 1, max: shares }),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('canceled' as const, 'expired' as const, 'rejected' as const),
      twice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'refuse unsent' }, { do: 'cancel unsent' }) },
);

/** What a decision made now would see, by the view that decisions are made on. */
async function seen(box: Box): Promise<AccountView> {
  const decisions = createDecisionStore({ sql: box.sql, jobs: { enqueue: () => [] } as never, clock: box.clock });
  const signalId = systemRandom.id();
  await box.sql`
    insert into trading_signals (id, source, received_at, status, raw_body, proofs)
    values (${signalId}, 'tradingview', ${box.clock.now()}, 'accepted', '{}', '{}')`;
  let account: AccountView | null = null;
  const found = { signalId, signal: tradeSignal(), receivedAt: box.clock.now() };
  const bar = { start: box.clock.now(), end: box.clock.now() };
  await decisions.decide(found as never, box.accountId, bar, (view) => {
    account = view.account;
    return null;
  });
  return account!;
}

async function take(box: Box, entry: Entry, step: Step): Promise<void> {
  const { store, accountId } = box;
  const { ids } = entry;
  const tell = async (
    status: 'accepted' | 'filled' | 'partially_filled' | 'canceled' | 'expired' | 'rejected',
    twice: boolean,
  ) => {
    const word = brokerOrder(ids, {
      ...{ status, quantity: quantity(String(shares)), filledQuantity: quantity(String(entry.filled)) },
    });
    for (const source of twice ? (['stream', 'poll'] as const) : (['poll'] as const))
      await store.applyBrokerOrder(accountId, word, source);
  };
  switch (step.do) {
    case 'submit':
      if (entry.ended || entry.sent) return;
      entry.sent = await store.beginSubmit(ids.orderId);
      return;
    case 'refuse unsent':
      if (entry.sent || entry.ended) return;
      await store.markRejected(ids.orderId, 'RISK_ALERT_AGE', 'It was too late.');
      entry.ended = true;
      return;
    case 'cancel unsent':
      if (entry.sent || entry.ended) return;
      entry.ended = await store.markCanceledUnsent(ids.orderId, 'Nobody wants it.');
      return;
    case 'accept':
      if (entry.sent && !entry.ended) await tell('accepted', false);
      return;
    case 'fill': {
      const more = Math.min(step.shares, shares - entry.filled);
      if (!entry.sent || entry.ended || more === 0) return;
      await tell('accepted', false);
      entry.filled += more;
      const fill = brokerFill(ids.brokerOrderId, String(more), String(entry.filled));
      for (const source of step.twice ? (['stream', 'poll'] as const) : (['stream'] as const))
        await store.recordFill(accountId, fill, source);
      if (entry.filled === shares) entry.ended = true;
      return;
    }
    default:
      // A venue refuses what it has not begun to fill.
      if (!entry.sent || entry.ended || (step.do === 'rejected' && entry.filled > 0)) return;
      await tell('accepted', false);
      await tell(step.do, step.twice);
      entry.ended = true;
  }
}

it('reserves what is decided and not filled, and releases it once', async () => {
  const steps = fc.array(fc.record({ of: fc.integer({ min: 0, max: 2 }), step: anyStep }), {
    minLength: 4,
    maxLength: 14,
  });
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const box = await seedOrders(database);
      const entries: Entry[] = [];
      for (let i = 0; i < 3; i++)
        entries.push({ ids: await box.approve(String(shares)), sent: false, filled: 0, ended: false });
      for (const { of, step } of [...sequence, { of: 0, step: { do: 'submit' as const } }]) {
        const entry = entries[of]!;
        const before = entry.ended;
        await take(box, entry, step);
        if (entry.ended && !before)
          ends.add(`${step.do}${entry.filled > 0 && entry.filled < shares ? ' of a part' : ''}`);
        const { positions, openOrders } = await seen(box);
        const held = positions.find(({ symbol }) => symbol === 'AAPL')?.quantity ?? zeroQuantity;
        const reserved = (ids: Ids) =>
          openOrders.find((order) => order.orderId === ids.orderId && order.role === 'entry')?.remaining ??
          zeroQuantity;
        expect(held.toFixed()).toBe(String(entries.reduce((sum, one) => sum + one.filled, 0)));
        expect(entries.map(({ ids }) => reserved(ids).toFixed())).toEqual(
          entries.map(({ filled, ended }) => String(ended ? 0 : shares - filled)),
        );
      }
    }),
    {
      numRuns: 12,
      // Those that the invariant names, whatever chance draws.
      examples: (['canceled', 'expired'] as const).map((end): [{ of: number; step: Step }[]] => [
        [
          ...[0, 1, 2].map((of) => ({ of, step: { do: 'submit' as const } })),
          { of: 0, step: { do: 'fill' as const, shares: 4, twice: true } },
          { of: 0, step: { do: end, twice: true } },
          { of: 1, step: { do: 'rejected' as const, twice: true } },
          { of: 2, step: { do: 'fill' as const, shares: 10, twice: true } },
        ],
      ]),
    },
  );
  for (const end of ['canceled of a part', 'expired of a part', 'rejected', 'fill']) expect(ends).toContain(end);
}, 120_000);
