// A market that is said: nothing happens but what was said, at its time and size, and the past is exactly that.
import { expect, it } from 'vitest';
import { newYork, wallTime } from '../calendar/civil-day.ts';
import { cryptoPairs, instruments } from './instruments.ts';
import { ScriptedMarket } from './scripted.ts';

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`);
const { day } = wallTime(at('15:00:00').getTime(), newYork);
const opened = (): ScriptedMarket => new ScriptedMarket([...instruments, ...cryptoPairs]);

it('has no price before somebody says one, and moves for nothing else', () => {
  const market = opened();
  expect([market.quote('AAPL'), market.lastTrade('AAPL')]).toEqual([null, null]);
  expect(market.advance()).toEqual([]);
  expect(market.history.dayBar('AAPL', day, at('15:00:00'))).toBeNull();
  market.script('AAPL', 149.99, 150.01, at('15:00:00'), 300);
  const quote = { bid: 1_499_900, ask: 1_500_100, bidSize: 300, askSize: 300, at: at('15:00:00') };
  expect(market.quote('AAPL')).toEqual(quote);
  expect(market.lastTrade('AAPL')).toMatchObject({ price: 1_500_000, at: at('15:00:00') });
  expect(market.advance()).toEqual([]);
  expect(market.quote('MSFT')).toBeNull();
});

it('prints at the quote that holds, on the side that traded', () => {
  const market = opened();
  expect(() => market.print('AAPL', 150, 5, at('15:00:00'))).toThrow('AAPL has no quote yet');
  market.script('AAPL', 149.99, 150.01, at('15:00:00'));
  market.print('AAPL', 150.01, 70, at('15:00:10'));
  expect(market.lastTrade('AAPL')).toEqual({ price: 1_500_100, size: 70, at: at('15:00:10'), taker: 'buy' });
  market.print('AAPL', 149.5, 30, at('15:00:20'));
  expect(market.lastTrade('AAPL')).toMatchObject({ price: 1_495_000, size: 30, taker: 'sell' });
  expect(market.quote('AAPL')).toMatchObject({ bid: 1_499_900, ask: 1_500_100 });
});

it('counts coins in ten-thousandths', () => {
  const market = opened();
  market.script('BTC/USD', 59_999.5, 60_000.5, at('15:00:00'), 0.25);
  expect(market.quote('BTC/USD')).toMatchObject({ bid: 599_995_000, bidSize: 2500 });
  market.print('BTC/USD', 60_000.5, 0.0001, at('15:00:01'));
  expect(market.lastTrade('BTC/USD')!.size).toBe(1);
});

it('looks back on what was said: moments, minutes that have ended, and the day', () => {
  const market = opened();
  market.script('F', 9.99, 10.01, at('15:00:00'));
  market.print('F', 10.01, 200, at('15:00:30'));
  market.print('F', 9.9, 100, at('15:01:00'));
  const { history } = market;
  const minute = { open: 100_000, high: 100_100, low: 100_000, close: 100_100, volume: 300, trades: 2 };
  expect(history.minuteBars('F', day, at('15:00:59'))).toEqual([]);
  expect(history.minuteBars('F', day, at('15:01:30'))).toMatchObject([{ at: at('15:00:00'), ...minute }]);
  expect(history.dayBar('F', day, at('15:01:30'))).toMatchObject({
    open: 100_000,
    low: 99_000,
    close: 99_000,
    volume: 400,
    trades: 3,
  });
  expect(history.ticks('F', at('15:00:00').getTime(), at('15:02:00'))).toHaveLength(2);
  expect(history.ticks('F', at('15:02:00').getTime(), at('15:03:00'))).toEqual([]);
  expect(history.minuteBars('F', day - 1, at('15:03:00'))).toEqual([]);
});

it('does not take a symbol that is not listed', () => {
  expect(() => opened().script('NOSUCH', 1, 2, at('15:00:00'))).toThrow(RangeError);
});
