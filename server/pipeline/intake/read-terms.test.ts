// Invariant: every term that an alert may state is read from the native payload, survives being stored, and is refused by name where it
// contradicts another.
import { describe, expect, it } from 'vitest';
import { signalFromJson, signalToJson } from '../../core/model/signal.ts';
import { noTerms } from '../../core/model/signal-terms.ts';
import { dialect } from './dialects/native.ts';
import { readJson } from './json-text.ts';

const buy = { signal: 'BUY', ticker: 'AAPL', risk: 100 };
const read = (body: object) => {
  const text = JSON.stringify(body);
  return dialect.read({ text, json: readJson(text) });
};
/** What is stored of the terms. */
const terms = (body: object) => {
  const result = read(body);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const json = signalToJson(result.value);
  // What is stored is what was read.
  expect(signalToJson(signalFromJson(JSON.parse(JSON.stringify(json))))).toEqual(json);
  const plain = new Set(Object.keys(signalToJson({ ...result.value, ...noTerms })));
  return Object.fromEntries(Object.entries(json).filter(([name]) => !plain.has(name)));
};
const problems = (body: object): string[] => {
  const result = read(body);
  return result.ok ? [] : result.error.map(({ field, code }) => `${field}:${code}`);
};

describe('terms of an alert', () => {
  it.each([
    [
      { orderType: 'LIMIT', limitPrice: 149 },
      { orderType: 'limit', limitPrice: '149' },
    ],
    [
      { orderType: 'stop_limit', stopPrice: 152, limitPrice: 152.5 },
      { orderType: 'stop_limit', stopPrice: '152', limitPrice: '152.5' },
    ],
    [
      { orderType: 'trailing_stop', entryTrailPercent: 1.5 },
      { orderType: 'trailing_stop', entryTrailPercent: '1.5' },
    ],
    [
      { stopLossPercent: 2, takeProfitRisk: 3, stopLossLimit: 140 },
      { stopLossPercent: '2', takeProfitRisk: '3', stopLossLimit: '140' },
    ],
    [
      { stopLossAmount: 1.5, takeProfitAmount: 3 },
      { stopLossAmount: '1.5', takeProfitAmount: '3' },
    ],
    [
      { timeInForce: 'GTC', extendedHours: true },
      { timeInForce: 'gtc', extendedHours: 'yes' },
    ],
    [
      { opposite: 'reverse', whenHeld: 'reject', cancelFirst: 'true' },
      { opposite: 'reverse', whenHeld: 'reject', cancelFirst: 'yes' },
    ],
    [
      { test: true, delay: 30, expiresAt: '2026-11-20T17:00:00Z', ignoreTradingWindows: true },
      { test: 'yes', delaySeconds: '30', expiresAt: '2026-11-20T17:00:00.000Z', ignoreTradingWindows: 'yes' },
    ],
    [{ test: false, delaySeconds: 0, extendedHours: false }, {}],
  ])('%o', (stated, expected) => {
    expect(terms({ ...buy, ...stated })).toEqual(expected);
  });

  it.each([
    [{ notional: 5000 }, { sizeBy: 'notional', sizeValue: '5000' }],
    [{ percentOfEquity: 5 }, { sizeBy: 'percent_of_equity', sizeValue: '5' }],
    [{ percentRisk: 0.5 }, { sizeBy: 'percent_risk', sizeValue: '0.5' }],
    [{ percentOfPosition: 50 }, { sizeBy: 'percent_of_position', sizeValue: '50' }],
  ])('%o in place of a risk amount', (stated, expected) => {
    expect(terms({ signal: 'BUY', ticker: 'AAPL', ...stated })).toEqual(expected);
  });

  it.each([
    [{ limitPrice: 149 }, ['limitPrice:contradictory']],
    [{ orderType: 'limit' }, ['limitPrice:required']],
    [{ orderType: 'stop' }, ['stopPrice:required']],
    [{ orderType: 'stop_limit', stopPrice: 152 }, ['limitPrice:required']],
    [{ orderType: 'market', stopPrice: 152 }, ['stopPrice:contradictory']],
    [{ orderType: 'trailing_stop' }, ['entryTrailPercent:required']],
    [{ orderType: 'iceberg' }, ['orderType:unknown_value']],
    [{ stopLoss: 148, stopLossPercent: 2 }, ['stopLossPercent:contradictory']],
    [{ stopLossPercent: 100 }, ['stopLossPercent:out_of_range']],
    [{ takeProfitPercent: 2, takeProfitRisk: 2 }, ['takeProfitRisk:contradictory']],
    [{ takeProfitRisk: 2, trailPercent: 1 }, ['takeProfits:contradictory']],
    [{ percentRisk: 1 }, ['risk:contradictory']],
    [{ timeInForce: 'forever' }, ['timeInForce:unknown_value']],
    [{ extendedHours: 'maybe' }, ['extendedHours:wrong_type']],
    [{ opposite: 'flip' }, ['opposite:unknown_value']],
    [{ delay: 601 }, ['delay:out_of_range']],
    [{ delaySeconds: 1.5 }, ['delaySeconds:out_of_range']],
    [{ expiresAt: 'soon' }, ['expiresAt:bad_timestamp']],
    [{ test: '{{plot_0}}' }, ['test:placeholder']],
    [{ orderType: 'limit', limitPrice: 149, stopLoss: 149.5 }, ['stopLoss:wrong_side']],
  ])('%o contradicts', (stated, expected) => {
    expect(problems({ ...buy, ...stated })).toEqual(expected);
  });

  it('of an exit are its limit, its time and its part', () => {
    const exit = { signal: 'EXIT', ticker: 'AAPL' };
    const sent = { orderType: 'limit', limitPrice: '151', timeInForce: 'ioc' };
    expect(terms({ ...exit, ...sent, opposite: 'ignored' })).toEqual(sent);
    const part = read({ ...exit, percentOfPosition: 25 });
    expect(part.ok && signalToJson(part.value).portion).toBe('0.25');
    expect(problems({ ...exit, percentOfPosition: 25, portion: 0.5 })).toEqual(['portion:contradictory']);
    expect(problems({ ...exit, orderType: 'stop', stopPrice: 140 })).toContain('orderType:unknown_value');
  });

  it('that a later version has stored are not half read', () => {
    const result = read(buy);
    const json = result.ok ? { ...signalToJson(result.value), orderType: 'iceberg' as never } : null;
    expect(() => signalFromJson(json!)).toThrow('iceberg is not one of market, limit');
  });
});
