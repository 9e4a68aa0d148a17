import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTerms } from '../../core/full-text/terms.ts';
import type { SearchEngineQueries, SearchedKind } from '../../core/ports/search-queries.ts';

/** An engine over the rows of `seedSearched`. */
export interface SearchUnderTest {
  readonly engine: SearchEngineQueries;
  close(): Promise<void>;
}

const at = (minute: number): Date => new Date(Date.parse('2026-11-20T14:00:00Z') + minute * 60_000);
const idOf = (prefix: string, n: number): string => `${prefix}-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const signalId = (n: number): string => idOf('019aa2f4', n);
export const eventId = (n: number): string => idOf('029bb3f5', n);
const orderId = idOf('039cc4f6', 1);

interface Row {
  readonly ticker?: string;
  readonly side?: 'buy' | 'sell';
  readonly strategy?: string;
  readonly status: string;
  readonly code?: string;
  readonly sentence?: string;
  readonly body: string;
}

/** By their number, the oldest first. */
const signals: readonly Row[] = [
  {
    ticker: 'AAPL',
    side: 'buy',
    strategy: 'opening range',
    status: 'approved',
    body: '{"ticker":"NASDAQ:AAPL","note":"gap-up"}',
  },
  {
    ticker: 'AAPL',
    side: 'sell',
    strategy: 'mean_reversion',
    status: 'denied',
    code: 'RISK_MAX_POSITION',
    sentence: 'Not sent: AAPL would be 23.4 % of equity, the limit is 20 %.',
    body: '{"ticker":"AAPL","price":"150.25"}',
  },
  {
    ticker: 'MSFT',
    side: 'buy',
    strategy: 'opening range',
    status: 'approved',
    body: '{"ticker":"MSFT","note":"C:\\\\dir 100% sure_thing"}',
  },
  {
    status: 'refused',
    code: 'INTAKE_FIELDS',
    sentence: 'The alert has no side.',
    body: 'BUY? maybe, say NYSE:XOM… Ärger über Größe 日本株',
  },
  {
    ticker: 'KO',
    side: 'buy',
    strategy: 'Überschuss',
    status: 'failed',
    sentence: 'The kill switch is on (news).',
    body: '{"a":"O’Neil said \\"hold\\""}',
  },
];

const events: readonly { kind: string; signal?: number; order?: string; data: postgres.JSONValue }[] = [
  { kind: 'signal.accepted', signal: 0, data: { source: 'tradingview' } },
  {
    kind: 'order.partially_filled',
    signal: 0,
    order: orderId,
    data: { symbol: 'AAPL', quantity: '57', price: '150.25', deep: [{ note: 'first fill' }] },
  },
  { kind: 'kill_switch.engaged', data: { reason: 'news: CPI at 8:30', on: true, count: 3 } },
  { kind: 'equity.recorded', data: { cash: '57', note: 'AAPL tick' } },
  {
    kind: 'decision.denied',
    signal: 1,
    data: { ticker: 'AAPL', sentence: 'AAPL would be 23.4 % of equity, the limit is 20 %.' },
  },
];

/** Signals and events to look for. */
export async function seedSearched(sql: postgres.Sql): Promise<void> {
  for (const [n, row] of signals.entries()) {
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, side, strategy, code, sentence)
      values (${signalId(n)}, 'tradingview', ${at(n)}, ${row.status}, ${row.body}, '{}', ${row.ticker ?? null}, ${row.side ?? null},
        ${row.strategy ?? null}, ${row.code ?? null}, ${row.sentence ?? null})`;
  }
  for (const [n, row] of events.entries()) {
    await sql`
      insert into events (id, kind, signal_id, order_id, data, at)
      values (${eventId(n)}, ${row.kind}, ${row.signal === undefined ? null : signalId(row.signal)}, ${row.order ?? null},
        ${sql.json(row.data)}, ${at(n)})`;
  }
}

/** What every engine of the full-text search must find: the same words, the same things. */
export function searchConformance(name: string, start: () => Promise<SearchUnderTest>): void {
  describe(`${name} as a search`, () => {
    let subject: SearchUnderTest;
    beforeAll(async () => {
      subject = await start();
    }, 120_000);
    afterAll(() => subject?.close());

    const find = (typed: string, kinds: SearchedKind[] = ['signal', 'event'], limit = 50) =>
      subject.engine.find({ terms: readTerms(typed), kinds, limit });
    const numbers = async (typed: string, kind: SearchedKind) =>
      (await find(typed, [kind])).items.map((item) => Number(item.id.slice(-12)));

    it.each<[string, number[]]>([
      ['aapl', [1, 0]],
      ['AAP', [1, 0]],
      ['AAPL denied', [1]],
      ['denied aapl limit equity', [1]],
      ['aapl msft', []],
      ['opening range', [2, 0]],
      ['"opening range"', [2, 0]],
      ['"range opening"', []],
      ['"opening rang"', []],
      ['opening-rang', [2, 0]],
      ['max_position', [1]],
      ['position', [1]],
      ['RISK_MAX', [1]],
      ['_mean', [1]],
      ['risk:max', [1]],
      ['reversion sell', []],
      ['reversion', [1]],
      ['150.25', [1]],
      ['150.2', [1]],
      ['"150"', []],
      ['23.4', [1]],
      ['nasdaq:aapl', [0]],
      ['nyse:xom', [3]],
      ['gap-up', [0]],
      ['"gap up"', [0]],
      ['buy', [3]],
      ['ärger', [3]],
      ['GRÖSS', []],
      ['größe', [3]],
      ['überschuss', [4]],
      ['日本', [3]],
      ['o’neil', [4]],
      ['kill switch', [4]],
      ['"kill switch is on"', [4]],
      ['"the limit is 20"', [1]],
      ['100% sure_thing', [2]],
      ['sure', [2]],
      ['thing', []],
      ['c:\\', [2]],
      [signalId(2), [2]],
      [signalId(2).toUpperCase(), [2]],
      [signalId(2).slice(0, 8), []],
      [`${signalId(1)} denied`, [1]],
      ['nothing at all', []],
    ])('finds the signals of %j', async (typed, expected) => {
      expect(await numbers(typed, 'signal')).toEqual(expected);
    });

    it.each<[string, number[]]>([
      ['aapl', [4, 1]],
      ['order.partially', [1]],
      ['filled', [1]],
      ['first fill', [1]],
      ['cpi 8', [2]],
      ['engaged', [2]],
      ['true 3', [2]],
      ['reason', []],
      ['tick', []],
      ['decision limit', [4]],
      [signalId(0), [1, 0]],
      [orderId, [1]],
      [eventId(2), [2]],
    ])('finds the events of %j', async (typed, expected) => {
      expect(await numbers(typed, 'event')).toEqual(expected);
    });

    it('says what it found, and where the words are', async () => {
      const { items, truncated } = await find('aapl limit');
      expect(truncated).toBe(false);
      expect(items.map((item) => item.kind)).toEqual(['event', 'signal']);
      expect(items[1]).toEqual({
        kind: 'signal',
        id: signalId(1),
        at: at(1).toISOString(),
        signalId: signalId(1),
        ticker: 'AAPL',
        title: 'Sell AAPL, mean_reversion',
        snippets: [
          [
            { text: 'Not sent: ', hit: false },
            { text: 'AAPL', hit: true },
            { text: ' would be 23.4 % of equity, the ', hit: false },
            { text: 'limit', hit: true },
            { text: ' is 20 %.', hit: false },
          ],
        ],
        status: 'denied',
        eventKind: null,
      });
      expect(items[0]).toMatchObject({
        id: eventId(4),
        signalId: signalId(1),
        title: 'Decision denied, AAPL',
        status: null,
        eventKind: 'decision.denied',
      });
    });

    it('shows the newest of each kind, and says that there is more', async () => {
      const { items, truncated } = await find('aapl', ['signal', 'event'], 1);
      expect(items.map((item) => item.id)).toEqual([eventId(4), signalId(1)]);
      expect(truncated).toBe(true);
      expect((await find('aapl', ['signal'], 2)).truncated).toBe(false);
    });
  });
}
