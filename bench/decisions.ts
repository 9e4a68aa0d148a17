import { connectDatabase, type Sql } from '../server/adapters/database/connect.ts';
import { money } from '../server/core/decimal.ts';
import { openDecisionDesk } from '../server/testing/decision-desk.ts';
import { at, median, ms, type Round, rate, table } from './measure.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;

/** Decided at once, as a worker does. */
const callers = 8;
const accountsBeside = 4;

/** All of the work by so many at once, in order. */
async function timed(count: number, one: (index: number) => Promise<unknown>): Promise<Round> {
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const caller = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const from = performance.now();
      await one(index);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const tookMs = performance.now() - started;
  return { latenciesMs: Float64Array.from(latencies).sort(), perSecond: (count * 1000) / tookMs };
}

/** Entries in tickers of their own, to new accounts in turn: each is sized, asked of every rule that is on, and becomes an order. */
async function decisions(desk: Desk, accounts: number, count: number): Promise<Round> {
  const names = Array.from({ length: accounts }, (_, i) => `bench ${desk.clock.monotonicMs()} ${i} of ${accounts}`);
  const ids = await Promise.all(names.map((name) => desk.account('paper', name)));
  await desk.clock.advance(1);
  const signals: string[] = [];
  for (let i = 0; i < count; i += 1)
    signals.push(await desk.signal({ ticker: `B${i}`, riskAmount: money('2'), account: names[i % accounts]! }));
  const round = await timed(count, async (index) => {
    const outcome = await desk.process(signals[index]!);
    if (outcome.kind !== 'done') throw new Error(`an alert was not decided: ${JSON.stringify(outcome)}`);
  });
  const found = await desk.sql<{ accountId: string; count: number }[]>`
    select account_id as "accountId", count(*)::int as count from orders where account_id in ${desk.sql(ids)} group by 1`;
  const approved = found.reduce((sum, row) => sum + row.count, 0);
  if (found.length !== accounts || approved !== count)
    throw new Error(`of ${count} entries to ${accounts} accounts, ${approved} were approved in ${found.length}`);
  await desk.sql`update accounts set enabled = false where id in ${desk.sql(ids)}`;
  return round;
}

/**
 * As many round trips as a decision has, with next to nothing in them: a read, and a transaction that locks one row of so many, reads, writes
 * and commits.
 */
async function bare(sql: Sql, rows: number, count: number): Promise<Round> {
  const text = 'x'.repeat(2000);
  return timed(count, async (index) => {
    const row = index % rows;
    await sql`select id from bench_locks where id = ${row}`;
    await sql.begin(async (tx) => {
      await tx`select id from bench_locks where id = ${row} for no key update`;
      await tx`insert into bench_written (row, what) values (${row}, ${text})`;
    });
  });
}

/** Decisions a second through PostgreSQL, fsync on, for one account and for several, beside a bare transaction with the same round trips. */
export async function runDecisionsBench(url: string, quick: boolean): Promise<void> {
  const count = quick ? 80 : 240;
  const rounds = quick ? 2 : 5;
  const sql = connectDatabase(url, { max: callers, applicationName: 'bench' });
  const drop = () => sql.end({ timeout: 1 });
  await sql`create table bench_locks as select generate_series(0, ${accountsBeside}) as id`;
  await sql`create table bench_written (row integer, what text)`;
  const desk = await openDecisionDesk({ url, sql, drop, [Symbol.asyncDispose]: drop });
  try {
    await desk.limit('max-open-orders', { maxOrders: 100_000 });
    const subjects = {
      one: () => decisions(desk, 1, count),
      bareOne: () => bare(sql, 1, count),
      several: () => decisions(desk, accountsBeside, count),
      bareSeveral: () => bare(sql, accountsBeside, count),
    };
    const results: Record<keyof typeof subjects, Round[]> = { one: [], bareOne: [], several: [], bareSeveral: [] };
    for (const run of Object.values(subjects)) await run();
    // In turns, so that what else the machine does falls on all alike.
    for (let round = 0; round < rounds; round += 1)
      for (const name of Object.keys(subjects) as (keyof typeof subjects)[]) results[name].push(await subjects[name]());
    const perSecond = (name: keyof typeof results): number => median(results[name].map((round) => round.perSecond));
    const latency = (name: keyof typeof results, share: number): number =>
      median(results[name].map(({ latenciesMs }) => at(latenciesMs, share)));
    const row = (label: string, name: keyof typeof results, beside: keyof typeof results): string[] => [
      label,
      rate(perSecond(name)),
      ms(latency(name, 0.5)),
      ms(latency(name, 0.99)),
      `${(perSecond(name) / perSecond(beside)).toFixed(2)}x`,
    ];
    console.log(
      `\nDecisions: ${count} entries by ${callers} callers in one process, each in a ticker of its own; ${rounds} rounds in turns, medians`,
    );
    console.log(
      table([
        ['', 'a second', 'p50', 'p99', 'of the bare one'],
        row('one account', 'one', 'bareOne'),
        row('a bare transaction on one row', 'bareOne', 'bareOne'),
        row(`${accountsBeside} accounts side by side`, 'several', 'bareSeveral'),
        row(`a bare transaction on ${accountsBeside} rows`, 'bareSeveral', 'bareSeveral'),
      ]),
    );
    console.log(
      `${accountsBeside} accounts together are ${(perSecond('several') / perSecond('one')).toFixed(2)} times one. p50 and p99 include the wait for the account's lock.`,
    );
  } finally {
    await desk.close();
  }
}
