import { describe, expect, it } from 'vitest';
import { signalFromJson, signalToJson } from '../../core/model/signal.ts';
import { dialect } from './dialects/native.ts';
import { readJson } from './json-text.ts';

const read = (fields: object) => {
  const text = JSON.stringify({ signal: 'BUY', ticker: 'AAPL', risk: 100, ...fields });
  return dialect.read({ text, json: readJson(text) });
};
const understood = (fields: object) => {
  const result = read(fields);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const json = signalToJson(result.value);
  expect(signalToJson(signalFromJson(json))).toEqual(json);
  return [json.previousPosition, json.previousSize];
};
const problems = (fields: object) => {
  const result = read(fields);
  return result.ok ? [] : result.error.map((one) => `${one.field}:${one.code}`);
};

describe('what a script held before its alert', () => {
  it.each([
    [{}, [null, null]],
    [{ previousPosition: 'long', previousSize: '100' }, ['long', '100']],
    [{ previousPosition: 'Short' }, ['short', null]],
    [{ previousPosition: 'flat' }, ['flat', '0']],
    [{ previousPosition: 'flat', previousSize: 0 }, ['flat', '0']],
    [{ previousPosition: 100 }, ['long', '100']],
    [{ previousPosition: -2.5 }, ['short', '2.5']],
    [{ previousPosition: '-2.5', previousSize: 2.5 }, ['short', '2.5']],
    [{ previousPosition: 0 }, ['flat', '0']],
    [{ previousSize: 7 }, [null, '7']],
    [{ previousSize: 0 }, ['flat', '0']],
  ])('%o is read', (fields, expected) => {
    expect(understood(fields)).toEqual(expected);
  });

  it.each([
    [{ previousPosition: 'sideways' }, ['previousPosition:not_a_number']],
    [{ previousPosition: '1e999999' }, ['previousPosition:too_large']],
    [{ previousSize: '0.1234567891' }, ['previousSize:too_precise']],
    [{ previousPosition: 'long', previousSize: 0 }, ['previousSize:contradictory']],
    [{ previousPosition: 'flat', previousSize: 3 }, ['previousSize:contradictory']],
    [{ previousPosition: -5, previousSize: 6 }, ['previousSize:contradictory']],
    [{ previousSize: -6 }, ['previousSize:out_of_range']],
    [{ previousPosition: true }, ['previousPosition:wrong_type']],
    [{ previousPosition: '{{strategy.prev_market_position}}' }, ['previousPosition:placeholder']],
  ])('%o is refused', (fields, expected) => {
    expect(problems(fields)).toEqual(expected);
  });
});
