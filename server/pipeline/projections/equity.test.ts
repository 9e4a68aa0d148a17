import { describe, expect, it, vi } from 'vitest';
import { money, price, quantity, text } from '../../core/decimal.ts';
import type { EquitySnapshot, LedgerSummary } from '../../core/ports/ledger-store.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createEquityRecorder, equityAfterFillMs, equityEveryMs } from './equity.ts';

const opened = new Date('2026-11-20T14:00:00Z');
const summary = (accountId: string, change: Partial<LedgerSummary> = {}): LedgerSummary => ({
  accountId,
  openedAt: opened,
  cash: money('1000'),
  cost: money('0'),
  capital: money('1000'),
  realizedPnl: money('7'),
  fees: money('0'),
  income: money('0'),
  positions: [],
  ...change,
});

function setUp(summaries: Record<string, LedgerSummary>, quotes: Record<string, [bid: string, ask: string]> = {}) {
  const clock = new ManualClock();
  const recorded: EquitySnapshot[] = [];
  const log = { debug() {}, info() {}, warn: vi.fn(), error: vi.fn() };
  const quote = (symbol: string) => {
    const known = quotes[symbol];
    return known ? { symbol, bid: price(known[0]), ask: price(known[1]), at: clock.now() } : null;
  };
  const recorder = createEquityRecorder({
    clock,
    log,
    accounts: { list: async () => Object.keys(summaries).map((accountId) => ({ accountId })) as never },
    ledger: {
      summary: async (accountId) => summaries[accountId]!,
      recordEquity: async (snapshot) => {
        recorded.push(snapshot);
      },
    },
    marketData: { lastQuote: () => null, quote: async (symbol) => quote(symbol) },
  });
  const position = (symbol: string, shares: string, cost: string) => ({
    symbol,
    quantity: quantity(shares),
    cost: money(cost),
    realizedPnl: money('0'),
    openedAt: opened,
  });
  return { clock, recorded, recorder, log, position, summaries };
}

describe('equity', () => {
  it('is recorded at the start and every 15 s, for each account with open books', async () => {
    const { clock, recorded, recorder } = setUp({
      one: summary('one'),
      two: summary('two'),
      unopened: summary('unopened', { openedAt: null }),
    });
    recorder.start();
    await clock.advance(0);
    expect(recorded.map((point) => point.accountId)).toEqual(['one', 'two']);
    await clock.advance(equityEveryMs);
    expect(recorded).toHaveLength(4);
    await recorder.stop();
    await clock.advance(equityEveryMs * 3);
    expect(recorded).toHaveLength(4);
  });

  it('values positions at the middle of the quote, long and short', async () => {
    const box = setUp({ one: summary('one') }, { LONG: ['109', '111'], SHORT: ['90', '90'] });
    box.summaries.one = summary('one', {
      positions: [
        box.position('LONG', '2', '200'),
        box.position('SHORT', '-1', '-100'),
        box.position('GONE', '0', '0'),
      ],
    });
    box.recorder.start();
    await box.clock.advance(0);
    const [point] = box.recorded;
    expect(
      [point!.cash, point!.positionValue, point!.equity, point!.unrealizedPnl, point!.realizedPnl].map(text),
    ).toEqual(['1000', '130', '1130', '30', '7']);
    expect(point!.at).toEqual(box.clock.now());
    await box.recorder.stop();
  });

  it('follows fills shortly after, many with one point', async () => {
    const { clock, recorded, recorder } = setUp({ one: summary('one') });
    for (let i = 0; i < 10; i++) recorder.filled('one');
    await clock.advance(equityAfterFillMs - 1);
    expect(recorded).toHaveLength(0);
    await clock.advance(1);
    expect(recorded).toHaveLength(1);
    recorder.filled('one');
    await clock.advance(equityAfterFillMs);
    expect(recorded).toHaveLength(2);
    await recorder.stop();
  });

  it('has no point while a position has no price', async () => {
    const box = setUp({ one: summary('one') });
    box.summaries.one = summary('one', { positions: [box.position('DARK', '1', '50')] });
    box.recorder.start();
    await box.clock.advance(0);
    await box.recorder.stop();
    expect(box.recorded).toEqual([]);
    expect(box.log.warn).toHaveBeenCalledOnce();
  });
});
