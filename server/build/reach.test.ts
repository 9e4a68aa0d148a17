import { expect, it } from 'vitest';
import { reachOf } from './reach.ts';

it.each([
  ['http://127.0.0.1:8080/hooks/tradingview/x', 'machine', false],
  ['http://localhost:8080/hooks/tradingview/x', 'machine', false],
  ['http://[::1]:8080/hooks/tradingview/x', 'machine', false],
  ['https://signalbox.localhost/hooks', 'machine', true],
  ['http://192.168.1.20:8080/hooks', 'network', false],
  ['http://172.31.0.4/hooks', 'network', false],
  ['https://100.101.102.103/hooks', 'network', true],
  ['http://[fd12:3456::1]/hooks', 'network', false],
  ['http://box.local/hooks', 'network', false],
  ['http://box:8080/hooks', 'network', false],
  ['http://172.32.0.4/hooks', 'internet', false],
  ['https://52.89.214.238/hooks', 'internet', true],
  ['https://signalbox.example.com/hooks', 'internet', true],
  ['https://local.example.com/hooks', 'internet', true],
])('%s can be reached from the %s', (url, where, https) => {
  expect(reachOf(url)).toEqual({ base: new URL(url).origin, https, where });
});
