// Invariants: a filter finds every decision that is like it and no other, page by page; no filter reads a large table whole; each decision
// is counted once for each rule, by the worst that the rule said, on New York's day.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerdictsToday } from '../../../build/verdicts-today.ts';
import type { RuleVerdict } from '../../../core/model/decision.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { countDecisions, type DecisionQuery, decidedBetween, decisionsPage, listDecisions } from './decisions.ts';

let database: TestDatabase;
let main = '';
let other = '';
beforeAll(async () => {
  database = await createTestDatabase();
  const account = async (name: string) => {
    const id = systemRandom.id();
    await database.sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${id}, ${name}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
    return id;
  };
  main = await account('main');
  other = await account('other');
});
afterAll(() => database.drop());

type Said = Readonly<Record<string, RuleVerdict['verdict'] | readonly RuleVerdict['verdict'][]>>;
interface Wish {
  readonly at: string;
  readonly said: Said;
  readonly ticker?: string;
  readonly strategy?: string;
  readonly accountId?: string;
  readonly mode?: string;
  readonly outcome?: string;
  readonly code?: string;
}

async function decided(wish: Wish): Promise<string> {
  const { sql } = database;
  const [signal, id] = [systemRandom.id(), systemRandom.id()];
  const verdicts = Object.entries(wish.said).flatMap(([rule, said]) =>
    [said].flat().map((verdict) => ({ rule, verdict, code: null, sentence: '', inputs: {}, limit: null })),
  );
  await sql`
    insert into trading_signals (id, source, received_at, status, raw_body, proofs, parsed, ticker, side, strategy)
    values (${signal}, 'tradingview', ${wish.at}, 'denied', '{}', '{}', '{"action":"buy"}', ${wish.ticker ?? 'AAPL'}, 'buy',
      ${wish.strategy ?? 'momentum'})`;
  await sql`
    insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, quantity, verdicts, started_at, decided_at)
    values (${id}, ${signal}, ${wish.accountId ?? main}, ${wish.mode ?? 'paper'}, '[]', 'entry', ${wish.outcome ?? 'approved'},
      ${wish.code ?? null}, 1, ${sql.json(verdicts)}, ${wish.at}, ${wish.at})`;
  return id;
}

const denied = { outcome: 'denied', code: 'RISK_MAX_POSITION' } as const;
const day = '2026-11-20';

describe('decisions', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    const wishes: Wish[] = [
      { at: `${day}T15:00:00Z`, said: { spread: 'pass', 'max-position': 'deny' }, ...denied },
      { at: `${day}T15:01:00Z`, said: { spread: 'warn', 'max-position': 'pass' }, ticker: 'MSFT' },
      { at: `${day}T15:02:00Z`, said: { spread: 'pass', 'max-position': 'reduce' }, strategy: 'swing' },
      { at: `${day}T15:03:00Z`, said: { spread: 'pass' }, accountId: other },
      {
        at: `${day}T15:04:00Z`,
        said: { spread: 'not_applicable', 'max-position': 'ask' },
        mode: 'production',
        outcome: 'held',
      },
    ];
    for (const wish of wishes) ids.push(await decided(wish));
  });
  const found = async (query: Partial<DecisionQuery>): Promise<number[]> => {
    const all: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listDecisions(database.sql, { limit: 2, ...query, ...(cursor && { cursor }) });
      all.push(...page.items.map((one) => one.id));
      if (page.next === null) return all.map((id) => ids.indexOf(id)).sort();
      cursor = page.next;
    }
  };

  it.each<[Partial<DecisionQuery>, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ rule: 'max-position' }, [0, 1, 2, 4]],
    [{ rule: 'max-position', verdict: 'deny' }, [0]],
    [{ rule: 'max-position', verdict: 'breach' }, [0, 2, 4]],
    [{ rule: 'spread', verdict: 'deny' }, []],
    [{ verdict: 'deny' }, [0]],
    [{ verdict: 'breach' }, [0, 1, 2, 4]],
    [{ verdict: 'not_applicable' }, [4]],
    [{ rule: 'no-such' }, []],
    [{ code: 'RISK_MAX_POSITION' }, [0]],
    [{ symbol: 'msft' }, [1]],
    [{ strategy: 'swing' }, [2]],
    [
      {
        get accountId() {
          return other;
        },
      },
      [3],
    ],
    [{ mode: 'production' }, [4]],
    [{ outcome: 'held' }, [4]],
    [{ from: new Date(`${day}T15:01:00Z`), to: new Date(`${day}T15:03:00Z`) }, [1, 2]],
    [{ rule: 'spread', verdict: 'pass', strategy: 'momentum', symbol: 'AAPL' }, [0, 3]],
  ])('are found by %j', async (query, which) => {
    expect(await found(query)).toEqual(which);
  });

  it('have their verdicts followed when those are changed', async () => {
    const id = await decided({ at: `${day}T15:05:00Z`, said: { spread: 'pass' } });
    await database.sql`update decisions set verdicts = ${database.sql.json([{ rule: 'late', verdict: 'deny' }])} where id = ${id}`;
    expect((await listDecisions(database.sql, { limit: 5, rule: 'late', verdict: 'deny' })).items).toHaveLength(1);
    await database.sql`delete from decisions where id = ${id}`;
  });
});

describe('a day', () => {
  it('counts each decision once for each rule, by the worst that it said, and names who refused', async () => {
    // New York's day is from 05:00 to 05:00 in winter.
    await decided({ at: '2026-12-02T04:59:59.999Z', said: { spread: 'deny' }, outcome: 'denied', code: 'RISK_SPREAD' });
    await decided({ at: '2026-12-02T05:00:00Z', said: { spread: 'deny', 'max-position': 'deny' }, ...denied });
    await decided({ at: '2026-12-02T20:00:00Z', said: { spread: 'pass', 'max-position': ['reduce', 'pass'] } });
    await decided({
      at: '2026-12-02T21:00:00Z',
      said: { spread: 'not_applicable', 'max-position': 'ask' },
      outcome: 'held',
    });
    await decided({ at: '2026-12-03T05:00:00Z', said: { spread: 'deny' }, outcome: 'denied', code: 'RISK_SPREAD' });
    const today = createVerdictsToday({
      rules: [],
      queries: { countDecisions: (from, to) => countDecisions(database.sql, from, to) },
      clock: { now: () => new Date('2026-12-02T22:00:00Z') },
    });
    const zero = { passed: 0, denied: 0, asked: 0, reduced: 0, warned: 0, notApplicable: 0, refused: 0 };
    expect(await today.shown()).toEqual({
      day: '2026-12-02',
      ...{ from: '2026-12-02T05:00:00.000Z', until: '2026-12-03T05:00:00.000Z' },
      decisions: { approved: 1, denied: 1, held: 1 },
      rules: [
        {
          rule: 'spread',
          title: 'spread',
          ...zero,
          evaluated: 2,
          breached: 1,
          passed: 1,
          denied: 1,
          notApplicable: 1,
          refused: 1,
        },
        {
          rule: 'max-position',
          title: 'max-position',
          ...zero,
          evaluated: 3,
          breached: 3,
          denied: 1,
          reduced: 1,
          asked: 1,
        },
      ],
      codes: [{ code: 'RISK_MAX_POSITION', title: expect.any(String), count: 1 }],
    });
  });
});

describe('among many', () => {
  const many = 20_000;
  beforeAll(async () => {
    const { sql } = database;
    await sql.begin(async (tx) => {
      await tx`
        insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, side, strategy)
        select md5('s' || n)::uuid, 'tradingview', '2026-10-01'::timestamptz + n * interval '1 minute', 'approved', '{}', '{}',
          case when n % 5000 = 0 then 'RARE' else 'T' || n % 20 end, 'buy', case when n % 5000 = 1 then 'rare' else 'S' || n % 10 end
        from generate_series(1, ${many}) n`;
      await tx`
        insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, verdicts, started_at, decided_at)
        select md5('d' || n)::uuid, md5('s' || n)::uuid, ${main}, 'paper', '[]', 'entry', 'approved',
          case when n % 5000 = 2 then 'RISK_SPREAD' end,
          case when n % 5000 = 3 then '[{"rule":"rare","verdict":"deny"}]'::jsonb else '[{"rule":"spread","verdict":"pass"}]' end,
          '2026-10-01'::timestamptz + n * interval '1 minute', '2026-10-01'::timestamptz + n * interval '1 minute'
        from generate_series(1, ${many}) n`;
    });
    // With what its indexes know of which rows are seen by all.
    await sql`vacuum analyze decisions`;
    await sql`analyze trading_signals`;
  });

  /** The rows that the plan goes through, and whether it reads a table whole. */
  async function plan(statement: ReturnType<typeof decisionsPage> | ReturnType<typeof decidedBetween>) {
    const { sql } = database;
    const rows =
      (await sql`explain (analyze, costs off, timing off, summary off, format text) ${statement as never}`) as unknown as {
        'QUERY PLAN': string;
      }[];
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  it.each<[Partial<DecisionQuery>]>([
    [{}],
    [{ rule: 'rare', verdict: 'deny' }],
    [{ rule: 'spread', verdict: 'pass' }],
    [{ code: 'RISK_SPREAD' }],
    [{ symbol: 'RARE' }],
    [{ strategy: 'rare' }],
    [{ mode: 'production' }],
    [{ outcome: 'held' }],
    [{ from: new Date('2026-10-05T00:00:00Z'), to: new Date('2026-10-05T01:00:00Z') }],
  ])('no table is read whole to find %j', async (query) => {
    const { sql } = database;
    const key = `${query.rule}:${query.verdict}`;
    const rows = query.rule
      ? await sql<{ id: string }[]>`select id from verdict_patterns where verdicts && ${[key]}::text[]`
      : null;
    const said = await plan(decisionsPage(sql, { limit: 50, ...query }, rows?.map((row) => row.id) ?? null));
    expect(said).not.toMatch(/Seq Scan on (decisions|trading_signals)/);
  });

  it('a day is counted by an index', async () => {
    const said = await plan(
      decidedBetween(database.sql, new Date('2026-10-05T04:00:00Z'), new Date('2026-10-06T04:00:00Z')),
    );
    expect(said).toMatch(/Index (Only )?Scan \w+ decisions_/);
    expect(said).not.toMatch(/Seq Scan/);
  });
});
