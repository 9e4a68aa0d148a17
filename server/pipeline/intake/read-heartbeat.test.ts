import { describe, expect, it } from 'vitest';
import { aliveOf, readHeartbeat } from './read-heartbeat.ts';

const read = (text: string) => readHeartbeat({ text, problem: null });

describe('a heartbeat', () => {
  it.each([
    ['{"heartbeat": true, "strategy": "trend"}', 'trend'],
    [
      '{"heartbeat":true,"strategy":"trend","timestamp":"2026-11-20T15:00:00Z","ticker":"AAPL","timeframe":"5"}',
      'trend',
    ],
    ['{"heartbeat":true}', null],
    ['heartbeat trend', 'trend'],
    ['  Heartbeat trend of the week \n', 'trend of the week'],
    ['HEARTBEAT', null],
  ])('is %s', (text, strategy) => {
    expect(read(text)).toEqual({ ok: true, value: { strategy } });
  });

  it('is of the strategy it names, else of its source’s, else of the one of alerts that name none', () => {
    expect(aliveOf({ strategy: 'trend' }, 'other')).toBe('trend');
    expect(aliveOf({ strategy: null }, 'other')).toBe('other');
    expect(aliveOf({ strategy: null }, null)).toBe('default');
  });
});

describe('no heartbeat', () => {
  it.each([
    '{"signal":"BUY","ticker":"AAPL","risk":100}',
    '{"signal":"BUY","ticker":"AAPL","risk":100,"strategy":"heartbeat"}',
    '{"signal":"BUY","ticker":"AAPL","risk":100,"heartbeat":false}',
    '{"signal":"BUY","ticker":"AAPL","risk":100,"heartbeat":"true"}',
    'heartbeats: order buy @ 10 filled on AAPL. New strategy position is 10',
    'buy AAPL heartbeat trend',
    'heartbeat trend\nbuy AAPL',
    '[{"heartbeat":true}]',
    '',
  ])('is %s', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('a heartbeat with an order in it is neither', () => {
  it.each([
    ['{"heartbeat":true,"signal":"BUY","ticker":"AAPL","risk":100}', ['signal', 'risk']],
    ['{"heartbeat":true,"strategy":"trend","action":"sell"}', ['action']],
    ['{"heartbeat":true,"strategy":"{{strategy}}"}', ['strategy']],
    ['{"heartbeat":true,"strategy":"a","strategy":"b"}', ['strategy']],
  ])('%s', (text, fields) => {
    const found = read(text);
    expect(found !== null && !found.ok && found.error.map(({ field }) => field)).toEqual(fields);
  });
});
