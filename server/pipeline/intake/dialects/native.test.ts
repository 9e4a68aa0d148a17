import { describe, expect, test } from 'vitest';
import { signalFromJson, signalToJson, type TradeSignalJson } from '../../../core/model/signal.ts';
import { readJson } from '../json-text.ts';
import { dialect } from './native.ts';

const read = (body: string | object) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return dialect.read({ text, json: readJson(text) });
};
const understood = (body: string | object): TradeSignalJson => {
  const result = read(body);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return signalToJson(result.value);
};
/** field:code of each problem. */
const problems = (body: string | object): string[] => {
  const result = read(body);
  return result.ok ? [] : result.error.map((p) => `${p.field}:${p.code}`);
};

const long = {
  signal: 'BUY',
  ticker: 'AAPL',
  tradingMode: 'Paper',
  riskAmount: 100.0,
  entryPrice: 150.25,
  stopLoss: 148.5,
  takeProfit: 155.0,
  timestamp: '2024-01-01T12:00:00Z',
  strategy: 'momentum_breakout',
  timeframe: '5m',
};
/** What an alert does not say. */
const unsaid = {
  account: null,
  quantity: null,
  portion: null,
  takeProfits: [],
  trailAmount: null,
  trailPercent: null,
  breakEvenOffset: null,
  confidence: null,
  targetPosition: null,
  previousPosition: null,
  previousSize: null,
};
const short = { signal: 'BUY', ticker: 'AAPL', mode: 'Paper', risk: 100 };

describe('what is understood', () => {
  test('the long form', () => {
    expect(understood(long)).toEqual({
      ...unsaid,
      action: 'buy',
      side: 'buy',
      ticker: 'AAPL',
      requestedMode: 'paper',
      riskAmount: '100',
      entryPrice: '150.25',
      stopLoss: '148.5',
      takeProfit: '155',
      firedAt: '2024-01-01T12:00:00.000Z',
      alertId: null,
      strategy: 'momentum_breakout',
      timeframe: '5m',
    });
  });

  test('the short form', () => {
    expect(understood(short)).toEqual({
      ...unsaid,
      action: 'buy',
      side: 'buy',
      ticker: 'AAPL',
      requestedMode: 'paper',
      riskAmount: '100',
      entryPrice: null,
      stopLoss: null,
      takeProfit: null,
      firedAt: null,
      alertId: null,
      strategy: 'default',
      timeframe: null,
    });
  });

  test('amounts come from their digits, never through a float', () => {
    const text =
      '{"signal":"BUY","ticker":"X","risk":9007199254.740993001,"entryPrice":"150.250000001","stopLoss":1.5e2}';
    expect(understood(text)).toMatchObject({
      riskAmount: '9007199254.740993001',
      entryPrice: '150.250000001',
      stopLoss: '150',
    });
  });

  test('case, exchange prefixes and spaces do not matter, and no mode is paper', () => {
    expect(understood({ signal: ' sell ', ticker: 'nasdaq:aapl', risk: '50' })).toMatchObject({
      side: 'sell',
      ticker: 'AAPL',
      requestedMode: 'paper',
    });
    expect(understood({ ...short, mode: 'PRODUCTION' }).requestedMode).toBe('production');
    expect(understood({ ...short, ticker: 'BRK.B' }).ticker).toBe('BRK.B');
  });

  test('fields it does not know, and null ones, are as good as not there', () => {
    expect(understood({ ...short, comment: '{{whatever}}', nested: { a: [1] }, stopLoss: null }).stopLoss).toBeNull();
  });

  test('numbers where text stands, as TradingView fills in {{interval}}', () => {
    expect(understood({ ...short, timeframe: 5, id: 42, strategy: 7 })).toMatchObject({
      timeframe: '5',
      alertId: '42',
      strategy: '7',
    });
    expect(understood({ ...short, alertId: 'a-1' }).alertId).toBe('a-1');
  });

  test('a short has its stop above and its target below', () => {
    const sell = { ...long, signal: 'SELL', stopLoss: 152, takeProfit: 140 };
    expect(understood(sell)).toMatchObject({ side: 'sell', stopLoss: '152', takeProfit: '140' });
  });

  test('an entry or a stop alone: the settings know the rest', () => {
    expect(understood({ ...short, entryPrice: 150 }).entryPrice).toBe('150');
    expect(understood({ ...short, stopLoss: 148 }).stopLoss).toBe('148');
  });
});

describe('what is refused', () => {
  test.each<[string, object, string]>([
    ['a negative risk', { ...short, risk: -100 }, 'risk:not_positive'],
    ['a risk of nothing', { ...short, risk: '0.00' }, 'risk:not_positive'],
    ['no risk', { signal: 'BUY', ticker: 'AAPL' }, 'riskAmount:required'],
    ['a risk in words', { ...short, risk: 'ten' }, 'risk:not_a_number'],
    ['a risk that is no scalar', { ...short, risk: [100] }, 'risk:wrong_type'],
    ['a float’s tail', { ...short, risk: 0.30000000000000004 }, 'risk:too_precise'],
    ['a slip of the keyboard', { ...short, risk: '1e13' }, 'risk:too_large'],
    ['a number that would be a megabyte', { ...short, risk: '1e999999' }, 'risk:too_large'],
    ['digits without end', { ...short, risk: '1'.repeat(65) }, 'risk:too_long'],
    ['two risks', { ...short, riskAmount: 200 }, 'risk:conflicting'],
    ['an entry equal to the stop', { ...long, stopLoss: '150.2500' }, 'stopLoss:equal_to_entry'],
    ['a stop above a buy', { ...long, stopLoss: 151 }, 'stopLoss:wrong_side'],
    ['a stop below a sell', { ...long, signal: 'SELL', takeProfit: 140 }, 'stopLoss:wrong_side'],
    ['a target below a buy', { ...long, takeProfit: 149 }, 'takeProfit:wrong_side'],
    ['a target at the entry', { ...long, takeProfit: 150.25 }, 'takeProfit:wrong_side'],
    [
      'a target beyond the stop, without an entry',
      { ...short, stopLoss: 150, takeProfit: 149 },
      'takeProfit:wrong_side',
    ],
    ['an unknown signal', { ...short, signal: 'HOLD' }, 'signal:unknown_value'],
    ['no signal', { ...short, signal: '' }, 'signal:required'],
    ['an unknown mode', { ...short, mode: 'Live' }, 'mode:unknown_value'],
    ['a signal that is true', { ...short, signal: true }, 'signal:wrong_type'],
    ['no ticker', { signal: 'BUY', risk: 1 }, 'ticker:required'],
    ['a ticker that is none', { ...short, ticker: 'AA PL' }, 'ticker:unknown_value'],
    ['an endless ticker', { ...short, ticker: 'A'.repeat(21) }, 'ticker:too_long'],
    ['an endless strategy', { ...short, strategy: 's'.repeat(65) }, 'strategy:too_long'],
    ['NUL in a name', { ...short, strategy: 'a\u0000b' }, 'strategy:bad_characters'],
    ['half a surrogate pair', { ...short, id: 'a\ud800' }, 'id:bad_characters'],
    ['a day that does not exist', { ...short, timestamp: '2024-02-30T12:00:00Z' }, 'timestamp:bad_timestamp'],
    ['a time in words', { ...short, timestamp: 'now' }, 'timestamp:bad_timestamp'],
    ['a placeholder left over', { ...short, ticker: '{{ticker}}' }, 'ticker:placeholder'],
    ['a placeholder for a number', { ...long, entryPrice: '{{close}}' }, 'entryPrice:placeholder'],
    ['a list', [short], '(body):not_an_object'],
  ])('%s', (_, body, expected) => {
    expect(problems(body)).toEqual([expected]);
  });

  test.each([
    ['broken JSON', '{"signal":"BUY",}', '(body):malformed_json'],
    ['NaN, which TradingView writes for na', '{"signal":"BUY","ticker":"A","risk":NaN}', '(body):malformed_json'],
    ['nothing', ' ', '(body):empty'],
    ['a placeholder that broke the JSON', '{"signal":"BUY","risk":{{plot("Risk")}}}', '(body):placeholder'],
    ['a field twice', '{"signal":"BUY","ticker":"A","risk":1,"risk":2}', 'risk:duplicate_key'],
  ])('%s', (_, body, expected) => {
    expect(problems(body)).toEqual([expected]);
  });

  test('everything at once, each with what was expected', () => {
    const result = read({ signal: 'HOLD', mode: 'x', risk: -1, entryPrice: 'y', timestamp: '2024-13-01T00:00:00Z' });
    expect(result.ok ? [] : result.error.map((p) => p.field)).toEqual([
      'signal',
      'ticker',
      'mode',
      'risk',
      'entryPrice',
      'timestamp',
    ]);
    expect(result.ok ? '' : result.error[0]?.message).toBe(
      'expected one of BUY, SELL, EXIT, FLATTEN, REVERSE, ADD, BREAKEVEN, CANCEL, found "HOLD"',
    );
  });

  test('the sentence names the placeholder and the position', () => {
    const placeholder = read({ ...long, stopLoss: '{{plot("Stop")}}' });
    expect(placeholder.ok ? '' : placeholder.error[0]?.message).toContain('{{plot(\\"Stop\\")}}');
    const broken = read('{"signal":"BUY"\n"ticker":"A"}');
    expect(broken.ok ? '' : broken.error[0]?.message).toBe(
      'expected a comma or } at line 2, column 1 (offset 16), found "\\""',
    );
  });
});

describe('actions', () => {
  test.each(['EXIT', 'FLATTEN', 'BREAKEVEN', 'CANCEL'])('%s needs no more than a ticker', (signal) => {
    const action = signal.toLowerCase();
    expect(understood({ signal, ticker: 'AAPL' })).toMatchObject({
      action,
      side: null,
      riskAmount: null,
      portion: null,
    });
  });

  test('what means nothing for an action is ignored: one template serves a whole script', () => {
    expect(understood({ ...long, signal: 'exit' })).toMatchObject({
      riskAmount: null,
      stopLoss: null,
      takeProfit: null,
    });
  });

  test('an exit takes a portion or a quantity', () => {
    expect(understood({ signal: 'EXIT', ticker: 'X', portion: 0.5 })).toMatchObject({ portion: '0.5', quantity: null });
    expect(understood({ signal: 'EXIT', ticker: 'X', quantity: '7' })).toMatchObject({ portion: null, quantity: '7' });
    expect(problems({ signal: 'EXIT', ticker: 'X', portion: 0.5, quantity: 7 })).toEqual(['quantity:contradictory']);
    expect(problems({ signal: 'EXIT', ticker: 'X', portion: 1.01 })).toEqual(['portion:out_of_range']);
    expect(problems({ signal: 'FLATTEN', ticker: 'X', portion: 0.5 })).toEqual(['portion:contradictory']);
    expect(problems({ ...short, portion: 0.5 })).toEqual(['portion:contradictory']);
  });

  test('an entry takes a risk amount or a quantity', () => {
    expect(understood({ signal: 'BUY', ticker: 'X', quantity: 10 })).toMatchObject({
      quantity: '10',
      riskAmount: null,
    });
    expect(problems({ ...short, quantity: 10 })).toEqual(['quantity:contradictory']);
    expect(problems({ signal: 'ADD', ticker: 'X' })).toEqual(['riskAmount:required']);
  });

  test('an entry may leave its size to the strategy, and say how sure it is', () => {
    const left = { signal: 'BUY', ticker: 'X', sizing: 'Strategy' };
    expect(understood({ ...left, confidence: 0.75 })).toMatchObject({ riskAmount: null, confidence: '0.75' });
    expect(understood({ ...short, confidence: '0' })).toMatchObject({ riskAmount: '100', confidence: '0' });
    expect(problems({ ...left, risk: 100 })).toEqual(['risk:contradictory']);
    expect(problems({ ...left, quantity: 1 })).toEqual(['quantity:contradictory']);
    expect(problems({ ...left, sizing: 'kelly' })).toEqual(['sizing:unknown_value']);
    expect(problems({ ...short, confidence: 1.01 })).toEqual(['confidence:out_of_range']);
    expect(problems({ ...short, confidence: -0.1 })).toEqual(['confidence:out_of_range']);
    expect(problems({ ...short, confidence: 'NaN' })).toEqual(['confidence:not_a_number']);
    expect(problems({ signal: 'BUY', ticker: 'X', confidence: 1 })).toEqual(['riskAmount:required']);
  });

  test('an entry may name the position to come to, with its sign', () => {
    const to = (targetPosition: unknown) => ({ signal: 'SELL', ticker: 'X', targetPosition });
    expect(understood(to(-50))).toMatchObject({ side: 'sell', targetPosition: '-50', riskAmount: null });
    expect(understood(to('0'))).toMatchObject({ targetPosition: '0' });
    expect(problems({ ...to(1), risk: 100 })).toEqual(['risk:contradictory']);
    expect(problems({ ...to(1), quantity: 100 })).toEqual(['quantity:contradictory']);
    expect(problems({ ...to(1), signal: 'ADD' })).toEqual(['targetPosition:contradictory']);
    expect(problems(to('1e99'))).toEqual(['targetPosition:too_large']);
    expect(problems(to('many'))).toEqual(['targetPosition:not_a_number']);
    // The stop is held against the side of the position it is for.
    expect(understood({ ...to(-50), entryPrice: 150, stopLoss: 152 })).toMatchObject({ stopLoss: '152' });
    expect(problems({ ...to(50), entryPrice: 150, stopLoss: 152 })).toEqual(['stopLoss:wrong_side']);
  });

  test('add and reverse may name the side they come to', () => {
    expect(understood({ ...short, signal: 'REVERSE', side: 'short' })).toMatchObject({
      action: 'reverse',
      side: 'sell',
    });
    expect(understood({ ...short, signal: 'ADD' })).toMatchObject({ action: 'add', side: null });
    expect(problems({ ...short, signal: 'ADD', side: 'up' })).toEqual(['side:unknown_value']);
    expect(problems({ ...long, signal: 'REVERSE', takeProfit: 140 })).toEqual(['takeProfit:wrong_side']);
  });

  test('several targets have portions that add up to at most one', () => {
    const several = (...takeProfits: object[]) => ({ ...long, takeProfit: undefined, takeProfits });
    expect(understood(several({ price: 152, portion: 0.5 }, { price: '155', portion: '0.25' }))).toMatchObject({
      takeProfits: [
        { price: '152', portion: '0.5' },
        { price: '155', portion: '0.25' },
      ],
    });
    expect(problems(several({ price: 152, portion: 0.7 }, { price: 155, portion: 0.31 }))).toEqual([
      'takeProfits:out_of_range',
    ]);
    expect(problems(several({ price: 152 }, { portion: 0.5 }))).toEqual([
      'takeProfits[0].portion:required',
      'takeProfits[1].price:required',
    ]);
    expect(problems(several({ price: 149, portion: 0.5 }))).toEqual(['takeProfits[0].price:wrong_side']);
    expect(problems(several({ price: 152, portion: 0.5 }, { price: 152, portion: 0.5 }))).toEqual([
      'takeProfits:contradictory',
    ]);
    expect(problems(several())).toEqual(['takeProfits:wrong_type']);
    expect(problems({ ...long, takeProfits: [{ price: 152, portion: 1 }] })).toEqual(['takeProfit:contradictory']);
    expect(problems({ ...long, takeProfit: undefined, takeProfits: 152 })).toEqual(['takeProfits:wrong_type']);
  });

  test('a stop trails by an amount or a percentage, and beside no target that holds all', () => {
    const trailing = { ...long, takeProfit: undefined };
    expect(understood({ ...trailing, trailPercent: 1.5 })).toMatchObject({ trailPercent: '1.5', trailAmount: null });
    expect(problems({ ...trailing, trailPercent: 1.5, trailAmount: 2 })).toEqual(['trailAmount:contradictory']);
    expect(problems({ ...trailing, trailPercent: 100 })).toEqual(['trailPercent:out_of_range']);
    expect(problems({ ...long, trailPercent: 1 })).toEqual(['takeProfit:contradictory']);
    const half = { ...trailing, takeProfits: [{ price: 155, portion: 0.5 }] };
    expect(understood({ ...half, trailAmount: 2 })).toMatchObject({ trailAmount: '2' });
    expect(problems({ ...half, takeProfits: [{ price: 155, portion: 1 }], trailAmount: 2 })).toEqual([
      'takeProfits:contradictory',
    ]);
  });

  test('break-even takes an offset', () => {
    expect(understood({ signal: 'breakeven', ticker: 'X', offset: 0.25 })).toMatchObject({ breakEvenOffset: '0.25' });
    expect(problems({ signal: 'BREAKEVEN', ticker: 'X', offset: 0 })).toEqual(['offset:not_positive']);
  });

  test('what was stored before there were actions is read as its side', () => {
    const { action, takeProfits, ...before } = understood(short);
    expect(signalToJson(signalFromJson(before))).toEqual({ ...before, action, takeProfits });
  });
});
