// Invariant: whatever is wrong with what a decision is made of (a limit, a rule, the market, a number), an entry is refused with its code and a
// sentence, and there is never an order. Each row breaks one thing of a decision that would otherwise approve; the last test says that it would.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { money, price } from '../core/decimal.ts';
import type { Quote } from '../core/model/market.ts';
import type { RefusalCode } from '../core/model/refusals.ts';
import { everything } from '../core/model/risk-limit.ts';
import { createTestDatabase } from '../testing/database.ts';
import { openDecisionDesk } from '../testing/decision-desk.ts';
import { noMarketFacts } from '../testing/risk-context.ts';
import type { SignalProcessorParts } from './process-signal.ts';
import { entryRule, pass, type Rule } from './risk/rule.ts';

type Desk = Awaited<ReturnType<typeof openDecisionDesk>>;
let desk: Desk;
let account: string;

beforeAll(async () => {
  desk = await openDecisionDesk(await createTestDatabase());
});
afterAll(() => desk.close());
beforeEach(async () => {
  account = await desk.account();
});
afterEach(async () => {
  desk.market.down = false;
  desk.market.quotes.clear();
  await desk.sql`update accounts set enabled = false`;
  await desk.sql`update trading_signals set status = 'failed' where status = 'accepted'`;
  await desk.sql`truncate risk_limits`;
  await desk.settings.refresh();
});

type Broken = Promise<Partial<SignalProcessorParts>>;

/** A limit as a hand, and no page, has put it into the table. */
async function byHand(rule: string, parameters: Readonly<Record<string, unknown>>): Broken {
  await desk.sql`
    insert into risk_limits (id, rule, scope_kind, scope_name, version, removed, enabled, severity, parameters, author, reason, at)
    values (gen_random_uuid(), ${rule}, 'everything', '', 1, false, true, 'deny', ${desk.sql.json(parameters as never)}, 'a hand',
            'nonsense', ${desk.clock.now()})`;
  await desk.settings.refresh();
  return {};
}

/** A rule that is off until somebody wants it. */
async function switchedOn(rule: string): Broken {
  await desk.limit(rule, {}, everything);
  return {};
}

/** The market says this of what is bought. */
async function quoted(quote: Quote | null): Broken {
  desk.market.quotes.set('AAPL', quote);
  return {};
}

/** A rule of this version that is as broken as it is said to be. */
const withRule = (evaluate: () => never | ReturnType<typeof pass>): Partial<SignalProcessorParts> => ({
  rules: [
    ...desk.rules,
    entryRule({
      ...{ key: 'broken', order: 9000, name: 'Broken', says: 'It is broken.', parameters: {} },
      ...{ scopes: ['everything'], severities: ['deny'], on: true, evaluate },
    }) as Rule,
  ],
});

interface BadInput {
  readonly what: string;
  readonly code: RefusalCode;
  readonly says: RegExp;
  /** Breaks it, and may change what the decision is made with. */
  readonly broken: () => Broken;
  /** How long the alert has waited by then. */
  readonly waitedMs?: number;
}

const unreadable = { code: 'RISK_LIMIT_UNREADABLE' as const };
const table: readonly BadInput[] = [
  {
    what: 'a limit over what can be',
    ...unreadable,
    says: /max-position for everything cannot be read: maxShareOfEquity: .* from 0 to 20/,
    broken: () => byHand('max-position', { maxShareOfEquity: '9999' }),
  },
  {
    what: 'a limit under zero',
    ...unreadable,
    says: /maxPositions: .* whole number from 0/,
    broken: () => byHand('max-positions', { maxPositions: -1 }),
  },
  {
    what: 'a limit that is not a number',
    ...unreadable,
    says: /maxShareOfEquity/,
    broken: () => byHand('max-position', { maxShareOfEquity: 'NaN' }),
  },
  {
    what: 'a limit of another kind than the rule wants',
    ...unreadable,
    says: /maxShareOfEquity/,
    broken: () => byHand('max-position', { maxShareOfEquity: ['0.2'] }),
  },
  {
    what: 'a limit with a parameter that the rule has not',
    ...unreadable,
    says: /has no parameter maxShares/,
    broken: () => byHand('max-position', { maxShares: '1' }),
  },
  {
    what: 'a limit with steps that are none',
    ...unreadable,
    says: /steps/,
    broken: () => byHand('drawdown', { steps: ['a lot'] }),
  },
  {
    what: 'a limit of a rule that there is not',
    ...unreadable,
    says: /there is no rule max-happiness/,
    broken: () => byHand('max-happiness', {}),
  },
  {
    what: 'a rule that throws',
    code: 'RISK_RULE_FAILED',
    says: /the rule failed \(it is broken\)/,
    broken: async () =>
      withRule(() => {
        throw new Error('it is broken');
      }),
  },
  {
    what: 'a market that is down, once the alert is too old to wait',
    code: 'RISK_ALERT_AGE',
    says: /301 s old/,
    broken: async () => {
      desk.market.down = true;
      return {};
    },
    waitedMs: 301_000,
  },
  {
    what: 'a quote that is stale',
    code: 'RISK_NO_QUOTE',
    says: /AAPL/,
    broken: () =>
      quoted({
        ...{ symbol: 'AAPL', bid: price('149.99'), ask: price('150.01') },
        at: new Date(desk.clock.now().getTime() - 3_600_000),
      }),
  },
  {
    what: 'no quote',
    code: 'RISK_NO_QUOTE',
    says: /no quote/,
    broken: () => quoted(null),
  },
  {
    what: 'no bars of what is bought',
    code: 'RISK_VALUE_AT_RISK',
    says: /not known: the daily bars of AAPL/,
    broken: () => switchedOn('historical-var'),
  },
  {
    what: 'no calendar of sessions',
    code: 'RISK_MARKET_CLOSED',
    says: /not known: there is no calendar/,
    broken: () => switchedOn('market-day'),
  },
  {
    what: 'no calendar of events',
    code: 'RISK_BLACKOUT',
    says: /not known: there is no calendar/,
    broken: () => switchedOn('blackout'),
  },
  {
    what: 'closes that are not numbers',
    code: 'RISK_VALUE_AT_RISK',
    says: /not known/,
    broken: async () => {
      await switchedOn('historical-var');
      const day = (i: number) => new Date(desk.clock.now().getTime() - (100 - i) * 86_400_000);
      const bad = { toFixed: () => 'NaN', c: [Number.NaN], e: 0, s: 1 } as never;
      const bars = Array.from({ length: 99 }, (_, i) => ({
        at: day(i),
        open: bad,
        high: bad,
        low: bad,
        close: bad,
        volume: bad,
      }));
      return { facts: { ...noMarketFacts, dailyBars: () => bars } };
    },
  },
  {
    what: 'no equity',
    code: 'RISK_MAX_POSITION',
    says: /AAPL would be more than all of equity/,
    broken: async () => {
      await desk.pay(account, '-100000');
      return {};
    },
  },
];

it.each(table)(
  'refuses an entry with $code for $what, and sends nothing',
  async ({ code, says, broken, waitedMs = 0 }) => {
    const change = await broken();
    const id = await desk.signal();
    await desk.clock.advance(waitedMs);
    expect(await desk.process(id, change)).toEqual({ kind: 'done' });
    const { code: said, sentence, status } = (await desk.status(id))!;
    expect({ code: said, status }).toEqual({ code, status: 'denied' });
    expect(sentence).toMatch(says);
    expect(sentence).toMatch(/^Not sent: /);
    expect(await desk.order(id)).toBeUndefined();
    expect(await desk.sql`select 1 from orders where account_id = ${account}`).toEqual([]);
  },
);

it('would approve the same entry with nothing broken, so that each of them was refused for what it says', async () => {
  const id = await desk.signal({ riskAmount: money('100') });
  expect(
    await desk.process(
      id,
      withRule(() => pass('It is fine.', {})),
    ),
  ).toEqual({ kind: 'done' });
  expect(await desk.status(id)).toMatchObject({ status: 'approved' });
  expect(await desk.order(id)).toBeDefined();
});
