// Invariant: an account with room for so many positions comes to exactly so many, whoever decides: 500 alerts at once, each in a ticker of its own,
// decided by four processes that see nothing of each other but the database. An entry counts from its decision on, though nothing of it is filled.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { money } from '../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import type { FromDecider, ToDecider } from '../testing/decider.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';

const alerts = 500;
const room = 37;
const processes = 4;
let database: TestDatabase;
let desk: Awaited<ReturnType<typeof openDecisionDesk>>;
let deciders: ChildProcess[] = [];

const tell = (decider: ChildProcess, word: ToDecider): void => void decider.send(word);
async function hear(decider: ChildProcess): Promise<FromDecider> {
  const ended = once(decider, 'exit').then(([code]) => {
    throw new Error(`a process that decides ended with ${code}`);
  });
  const [word] = await Promise.race([once(decider, 'message'), ended]);
  return word as FromDecider;
}

beforeAll(async () => {
  database = await createTestDatabase();
  desk = await openDecisionDesk(database);
  const program = fileURLToPath(new URL('../testing/decider.ts', import.meta.url));
  deciders = Array.from({ length: processes }, () => fork(program, { execArgv: [], stdio: 'inherit' }));
  await Promise.all(
    deciders.map(async (decider) => {
      tell(decider, { url: database.url });
      expect(await hear(decider)).toEqual({ says: 'ready' });
    }),
  );
}, 120_000);
afterAll(async () => {
  for (const decider of deciders) decider.kill('SIGKILL');
  await desk.close();
});

it(`comes to ${room} positions of ${alerts} alerts at once, over ${processes} processes, and never to one more`, async () => {
  const account = await desk.account();
  await desk.limit('max-positions', { maxPositions: room }, { kind: 'account', name: account });
  await desk.limit('max-open-orders', { maxOrders: 10_000 });
  const signals = await Promise.all(
    Array.from({ length: alerts }, (_, i) => desk.signal({ ticker: `T${i}`, riskAmount: money('2') })),
  );
  const answers = deciders.map(hear);
  for (const [i, decider] of deciders.entries())
    tell(decider, { decide: signals.filter((_, at) => at % processes === i) });
  for (const answer of await Promise.all(answers)) expect(answer).toEqual({ says: 'decided', failed: [] });

  const { sql } = database;
  const decided = await sql`
    select outcome, code, count(*)::int as count from decisions group by outcome, code order by outcome`;
  expect(decided).toEqual([
    { outcome: 'approved', code: null, count: room },
    { outcome: 'denied', code: 'RISK_MAX_POSITIONS', count: alerts - room },
  ]);
  const orders = await sql`
    select count(*)::int as count, count(distinct symbol)::int as symbols from orders where account_id = ${account}`;
  expect(orders).toEqual([{ count: room, symbols: room }]);
  expect(await sql`select count(*)::int as count from pgboss.job where name = 'order.submit'`).toEqual([
    { count: room },
  ]);
  // By the rule's own figures: the last position was given away at 36, and nobody was turned away before there were 37.
  const seen = await sql`
    select max((verdict->'inputs'->>'open')::int) filter (where outcome = 'approved') as last,
           min((verdict->'inputs'->>'open')::int) filter (where outcome = 'denied') as first
    from decisions, jsonb_array_elements(verdicts) as verdict where verdict->>'rule' = 'max-positions'`;
  expect(seen).toEqual([{ last: room - 1, first: room }]);
}, 280_000);
