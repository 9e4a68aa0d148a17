// Invariants, whatever is asked of the venue, wherever the clock goes and however often it restarts:
//   1. the exits of one group never sell more than was bought: bracket siblings are never both filled;
//   2. no leg is filled before its entry is completely filled;
//   3. quantities are conserved: an order's fills add up to what it says was filled and never to more than its quantity, and the
//      position is the sum of all fills;
//   4. no fill is worse than the order's limit;
//   5. no order is filled outside its hours, but in its auction, and none outlives its end;
//   6. cash is what the fills leave of it;
//   7. the same commands give the same trades.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type OrderWords, ScriptedVenue } from '../../testing/scripted-venue.ts';
import { worstPrice } from './collar.ts';
import { isForAuction } from './hours.ts';
import { isFinal, type VenueOrder } from './model.ts';
import { costOf } from './money.ts';
import { VenueRefusal } from './refusal.ts';

type Step =
  | { readonly kind: 'quote'; readonly cents: number; readonly spread: number; readonly size: number }
  | { readonly kind: 'place'; readonly words: OrderWords }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'replace'; readonly pick: number; readonly field: 'qty' | 'limit' | 'stop'; readonly by: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'restart'; readonly minutes: number };

const one = <T extends string>(...values: T[]) => fc.constantFrom(...values);
const cents = fc.integer({ min: 9500, max: 10_500 });
const dollars = cents.map((value) => value / 100);
const qty = fc.integer({ min: 1, max: 40 });
const side = one('buy', 'sell');
const words: fc.Arbitrary<OrderWords> = fc.oneof(
  fc.record({
    qty,
    side,
    type: one('market', 'limit'),
    tif: one('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
    limit: dollars,
    extended: fc.boolean(),
  }),
  fc.record({
    qty,
    side,
    type: one('stop', 'stop_limit', 'trailing_stop'),
    tif: one('day', 'gtc'),
    stop: dollars,
    limit: dollars,
    trail: fc.integer({ min: 1, max: 40_000 }).map((by) => ({ unit: 'ticks' as const, by })),
  }),
  fc.record({
    qty,
    side,
    type: one('market', 'limit'),
    tif: one('day', 'gtc'),
    orderClass: one('bracket', 'oco', 'bracket'),
    limit: dollars,
    profit: dollars,
    loss: dollars,
  }),
);

/** Only what the type has, and exits on their sides, so that most of it is taken. */
function sensible({ limit, stop, trail, extended, profit, loss, ...rest }: OrderWords): OrderWords {
  const type = rest.type!;
  const longExit = rest.orderClass === 'oco' ? rest.side === 'sell' : rest.side === 'buy';
  const exits =
    profit === undefined || loss === undefined ? null : [Math.min(profit, loss), Math.max(profit, loss) + 0.01];
  return {
    ...rest,
    ...(limit !== undefined && type.endsWith('limit') ? { limit } : {}),
    ...(stop !== undefined && type.startsWith('stop') ? { stop } : {}),
    ...(trail && type === 'trailing_stop' ? { trail } : {}),
    ...(extended && type === 'limit' ? { extended } : {}),
    ...(exits ? { loss: exits[longExit ? 0 : 1]!, profit: exits[longExit ? 1 : 0]! } : {}),
  };
}

// Mostly within a session, now and then into the next.
const minutes = fc.oneof(
  { weight: 5, arbitrary: fc.nat(5) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 1500 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: one('quote'),
      cents,
      spread: fc.integer({ min: 1, max: 30 }),
      size: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: one('place'), words: words.map(sensible) }) },
  { weight: 1, arbitrary: fc.record({ kind: one('cancel'), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one('replace'),
      pick: fc.nat(),
      field: one('qty', 'limit', 'stop'),
      by: fc.integer({ min: -5, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one('wait'), minutes }) },
  { weight: 1, arbitrary: fc.record({ kind: one('restart'), minutes }) },
);

/** Takes the steps; what the venue refuses is left out, anything else that is thrown is a defect. */
async function run(steps: readonly Step[]): Promise<ScriptedVenue> {
  const venue = await ScriptedVenue.open();
  await venue.quote(100, 100.05);
  for (const each of steps) {
    try {
      await take(venue, each);
    } catch (error) {
      if (!(error instanceof VenueRefusal)) throw error;
    }
  }
  return venue;
}

async function take(venue: ScriptedVenue, step: Step): Promise<void> {
  if (step.kind === 'quote') await venue.quote(step.cents / 100, (step.cents + step.spread) / 100, { size: step.size });
  else if (step.kind === 'place') await venue.place(step.words);
  else if (step.kind === 'wait') await venue.clock.advance(step.minutes * 60_000);
  else if (step.kind === 'restart') await venue.restart(step.minutes * 60_000);
  else {
    const open = await venue.venue.command(({ state }) => state.open());
    const order = open[step.pick % Math.max(1, open.length)];
    if (!order) return;
    if (step.kind === 'cancel') return venue.cancel(order.id);
    if (step.field === 'qty') await venue.replace(order.id, { qty: order.qty / 1e9 + step.by });
    else {
      const now = step.field === 'limit' ? order.limitPrice : order.stopPrice;
      await venue.replace(order.id, { [step.field]: (Math.round((now ?? 1e6) / 100) + step.by) / 100 });
    }
  }
}

async function check(venue: ScriptedVenue): Promise<void> {
  const { executions, orders, account, positions } = await venue.venue.command(({ state }) => ({
    executions: [...state.executions],
    orders: new Map(state.orders),
    account: [...state.accounts.values()][0]!,
    positions: state.positions([...state.accounts.keys()][0]!),
  }));
  const filled = new Map<string, number>();
  const groups = Map.groupBy(
    [...orders.values()].filter(({ groupId }) => groupId !== null),
    ({ groupId }) => groupId,
  );
  let cash = 1_000_000n * 10n ** 13n;
  let held = 0;
  for (const { orderId, qty: lots, price, side: way, symbol, at } of executions) {
    const order = orders.get(orderId)!;
    filled.set(orderId, (filled.get(orderId) ?? 0) + lots);
    cash += way === 'buy' ? -costOf(symbol, lots, price) : costOf(symbol, lots, price);
    held += way === 'buy' ? lots : -lots;
    const limit = worstPrice(order);
    if (limit !== null) expect(way === 'buy' ? price <= limit : price >= limit, '4. limit').toBe(true);
    if (!isForAuction(order)) {
      expect(venue.sessions.isOpen(new Date(at), 'us_equity', order.extendedHours), '5. hours').toBe(true);
    }
    const entries = (groups.get(order.groupId) ?? []).filter(({ groupRole }) => groupRole === 'entry');
    if (order.groupRole === 'entry' || entries.length === 0) continue;
    expect(
      entries.some(({ filledAt }) => filledAt !== null && filledAt <= at),
      '2. entry first',
    ).toBe(true);
  }
  const now = venue.clock.now().toISOString();
  // What an exit was for when it was told of first: later it is less by what its sibling filled.
  const ordered = ({ id }: VenueOrder): number => venue.told.find(({ order }) => order.id === id)?.order.qty ?? 0;
  const own = ({ id }: VenueOrder): number => filled.get(id) ?? 0;
  for (const order of orders.values()) {
    // A replacement goes on from what the one before it was filled.
    let before = 0;
    for (let old = order.replaces; old !== null; old = orders.get(old)!.replaces) before += filled.get(old) ?? 0;
    expect(order.filledQty, '3. fills').toBe(before + own(order));
    expect(order.filledQty, '3. quantity').toBeLessThanOrEqual(order.qty);
    if (order.status === 'filled') expect(order.filledQty).toBe(order.qty);
    if (!isFinal(order.status)) expect(order.expiresAt! > now, '5. end').toBe(true);
  }
  for (const group of groups.values()) {
    const exits = group.filter(({ groupRole }) => groupRole !== 'entry');
    const entries = group.filter(({ groupRole }) => groupRole === 'entry');
    const sold = exits.reduce((sum, order) => sum + own(order), 0);
    const bought = entries.reduce((sum, order) => sum + own(order), 0);
    const most = entries.length > 0 ? bought : Math.max(...exits.map(ordered));
    expect(sold, '1. exits').toBeLessThanOrEqual(most);
    expect(exits.filter(({ status }) => status === 'filled').length, '1. siblings').toBeLessThanOrEqual(1);
  }
  expect(
    positions.reduce((sum, position) => sum + position.qty, 0),
    '3. position',
  ).toBe(held);
  expect(account.cash, '6. cash').toBe(cash);
}

const quoteAt = (size: number): Step => ({ kind: 'quote', cents: 9500, spread: 1, size });
const inBracket = (words: OrderWords): Step => ({
  kind: 'place',
  words: { qty: 2, side: 'buy', tif: 'day', orderClass: 'bracket', ...words },
});
/** Once the take-profit began to work, and met the account's own buyer, after the stop had sold all. */
const soldTwice: readonly Step[] = [
  quoteAt(1),
  inBracket({ type: 'limit', limit: 95.02, loss: 95.01, profit: 95.03 }),
  { kind: 'replace', pick: 1, field: 'limit', by: 1 },
  inBracket({ type: 'market', loss: 95, profit: 95.02 }),
  quoteAt(2),
  quoteAt(1),
];
const steps = fc.array(step, { minLength: 10, maxLength: 80, size: 'max' });

it('1. to 6. hold through anything, restarts included', async () => {
  let trades = 0;
  let groups = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const venue = await run(asked);
      await check(venue);
      await venue.restart();
      await check(venue);
      trades += venue.told.filter(({ event }) => event === 'fill').length;
      groups += venue.told.filter(({ event, order }) => event === 'fill' && order.groupRole === 'take_profit').length;
    }),
    { numRuns: 400, examples: [[[...soldTwice]]] },
  );
  // Otherwise nothing was tried.
  expect(trades).toBeGreaterThan(1000);
  expect(groups).toBeGreaterThan(20);
});

it('7. the same commands give the same trades', async () => {
  const trades = async (asked: readonly Step[]) => {
    const venue = await run(asked);
    return venue.venue.command(({ state }) => state.executions.map((e) => [e.orderId, e.side, e.qty, e.price, e.at]));
  };
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      expect(await trades(asked)).toEqual(await trades(asked));
    }),
    { numRuns: 30 },
  );
});
