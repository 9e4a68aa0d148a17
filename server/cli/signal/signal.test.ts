// Invariants: a wrong command line is told what was expected, before anything is sent; alerts are due at their beat, and no more are under way
// than may be; a stop lets nothing more go; what is wanted is what was said; a secret is where the intake looks for it.
import { expect, test } from 'vitest';
import { takeBodySecret } from '../../pipeline/intake/proofs/body-secret.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { readOptions, UsageProblem } from './options.ts';
import { dueMs, readPace } from './pace.ts';
import type { Plan } from './plan.ts';
import type { Reply } from './post-alert.ts';
import { putSecret } from './put-secret.ts';
import { sendAll } from './send-all.ts';
import { createTally, inWords, isWanted } from './summary.ts';
import { readTarget } from './target.ts';
import { readTickers } from './tickers.ts';

const options = (...words: string[]) => readOptions(words, {});

test.each([
  [[], 'Say what to send'],
  [['hold', 'AAPL'], 'Say buy, sell or mix'],
  [['buy'], 'Say which ticker'],
  [['buy', 'AAPL', 'MSFT'], 'One ticker'],
  [['buy', 'AAPL', '--file', 'a.txt'], 'not both'],
  [['buy', 'AAPL', '--risk', '0'], '--risk: expected a number above 0'],
  [['buy', 'AAPL', '--count', '1e3'], '--count: expected a whole number'],
  [['buy', 'AAPL', '--rate', 'fast'], '--rate: expected'],
  [['buy', 'AAPL', '--mode', 'live'], '--mode: expected paper or production'],
  [['buy', 'AAPL', '--mode', 'production'], 'say --confirm as well'],
  [['buy', 'AAPL', '--body-secret', 'hush'], 'expected FIELD=SECRET'],
  [['buy', 'AAPL', '--sign', '@/nowhere/at/all'], 'cannot be read'],
  [['buy', 'AAPL', '--colour', 'red'], '--colour'],
] as const)('%j is refused', (words, said) => {
  expect(() => options(...words)).toThrow(UsageProblem);
  expect(() => options(...words)).toThrow(said);
});

test('the address: one that was said, another source of it, TradersPost’s own route', () => {
  const url = 'https://box.example.com/base/hooks/tradingview/aaaa';
  const target = (...words: string[]) => readTarget(options('buy', 'AAPL', '--url', url, ...words), {}).url;
  expect(target()).toBe(url);
  expect(target('--dialect', 'traders-post')).toBe('https://box.example.com/base/trading/webhook/tradingview/aaaa');
  expect(target('--route', 'hooks', '--dialect', 'traders-post')).toBe(url);
  expect(target('--source', 'other', '--url-secret', 'bbbb')).toBe('https://box.example.com/base/hooks/other/bbbb');
  expect(() => target('--source', 'other')).toThrow('needs its --url-secret');
  expect(() => readTarget(options('buy', 'AAPL', '--url', 'box'), {})).toThrow('looks like');
  expect(readTarget(options('buy', 'AAPL', '--url', url), {}).shown).not.toContain('aaaa');
});

test('symbols', () => {
  expect(readTickers('AAPL,NYSE:KO')).toEqual([
    { ticker: 'AAPL', exchange: 'NASDAQ' },
    { ticker: 'KO', exchange: 'NYSE' },
  ]);
  expect(() => readTickers(',')).toThrow(UsageProblem);
});

test('a rate and its beats', () => {
  expect([readPace('5/s', 1), readPace('30/m', 2), readPace('2', 1), readPace(null, 3)]).toEqual([
    { beatMs: 200, burst: 1 },
    { beatMs: 2000, burst: 2 },
    { beatMs: 500, burst: 1 },
    { beatMs: null, burst: 3 },
  ]);
  expect(['0', '-1', '5/d', '', '99999'].map((rate) => readPace(rate, 1))).toEqual([null, null, null, null, null]);
  expect([0, 1, 2, 3, 4].map((index) => dueMs({ beatMs: 100, burst: 2 }, index))).toEqual([0, 0, 100, 100, 200]);
});

const reply = (change: Partial<Reply> = {}): Reply => ({
  ...{ outcome: 'accepted', code: null, sentence: null, receiptUrl: null, tookMs: 1 },
  ...change,
});
const plan = (count: number): Plan => ({
  count,
  alert: (number) => ({ number, text: String(number), about: '', expect: 'taken' }),
});

test('alerts go at their beat, however long answers take, and none after a stop', async () => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const answers: ((reply: Reply) => void)[] = [];
  const startedMs = clock.monotonicMs();
  const at: number[] = [];
  let replies = 0;
  const all = sendAll({
    ...{ plan: plan(100), pace: { beatMs: 100, burst: 2 }, clock, stop: stop.signal },
    post: () => {
      at.push(clock.monotonicMs() - startedMs);
      return new Promise((resolve) => answers.push(resolve));
    },
    onReply: () => replies++,
  });
  for (let step = 0; step < 3; step++) await clock.advance(100);
  expect(at).toEqual([0, 0, 100, 100, 200, 200, 300, 300]);
  stop.abort();
  await clock.advance(1000);
  expect([at.length, replies]).toEqual([8, 0]);
  for (const answer of answers) answer(reply());
  await all;
  expect(replies).toBe(8);
});

test('without a rate the next waits for the last', async () => {
  const clock = new ManualClock();
  let underWay = 0;
  let most = 0;
  await sendAll({
    ...{ plan: plan(20), pace: { beatMs: null, burst: 3 }, clock, stop: new AbortController().signal },
    post: async () => {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
      return reply();
    },
    onReply: () => {},
  });
  expect(most).toBe(3);
});

test('what is wanted, and what is said of it', () => {
  expect(isWanted('taken', reply({ outcome: 'repeated' }))).toBe(true);
  expect(isWanted('accepted', reply({ outcome: 'repeated' }))).toBe(false);
  expect(isWanted('INTAKE_INVALID', reply({ outcome: 'refused', code: 'INTAKE_INVALID' }))).toBe(true);
  expect(isWanted('any', reply({ outcome: 'unanswered' }))).toBe(false);
  const tally = createTally();
  for (let tookMs = 1; tookMs <= 200; tookMs++) tally.add(plan(1).alert(1), reply({ tookMs }));
  tally.add(plan(1).alert(1), reply({ outcome: 'refused', code: 'INTAKE_INVALID', sentence: 'no', tookMs: 500 }));
  tally.add(plan(1).alert(1), reply({ outcome: 'unanswered', sentence: 'gone', tookMs: 10_000 }));
  const summary = tally.summary({ planned: 300, stopped: true, seconds: 1.234 });
  expect(summary).toMatchObject({ sent: 202, unwanted: 2, replyMs: { p50: 101, p99: 199, max: 500 }, seconds: 1.2 });
  expect(inWords(summary)).toMatch(
    /^Stopped: 202 of 300[\s\S]*INTAKE_INVALID ×1: no[\s\S]*2 did not come out as wanted/,
  );
});

test.each([
  ['{"a":1}', 'pass'],
  [' { }', 'pass'],
  ['{"list":[{"pass":"no"}]}', 'pass'],
  ['60123456789,buy,AAPL', '1'],
  ['buy,AAPL', '4'],
  ['s=AAPL b=long', 'pass'],
  ['SYMBOL=AAPL;SIGNAL=BUY', 'pass'],
])('in %s the secret is where the intake finds it', (text, field) => {
  const value = 'a "quoted" one';
  const plain = /^\s*\{/.test(text) ? value : 'behind-the-clock';
  expect(takeBodySecret(putSecret(text, { field, value: plain }), field).secret).toBe(plain);
});
