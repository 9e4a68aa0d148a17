// Invariants:
// - an alert with a time of its own has the same key however its fields are ordered and spaced;
// - changing any field, or the sender, changes the key;
// - an id of its own outweighs everything else in the body.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signalFromJson, type TradeSignalJson } from '../../core/model/signal.ts';
import { identityOf } from './identity.ts';
import { readJson } from './json-text.ts';

const receivedAt = new Date('2026-11-20T15:00:00Z');
const signal: TradeSignalJson = {
  side: 'buy',
  ticker: 'AAPL',
  requestedMode: 'paper',
  riskAmount: '100',
  entryPrice: null,
  stopLoss: null,
  takeProfit: null,
  firedAt: '2026-11-20T15:00:00.000Z',
  alertId: null,
  strategy: 'default',
  timeframe: null,
};
const keyOf = (text: string, own: Partial<TradeSignalJson> = {}, tokenId = 'token-1') =>
  identityOf(
    { signal: signalFromJson({ ...signal, ...own }), json: readJson(text), body: Buffer.from(text), tokenId },
    receivedAt,
    60,
  );

const fields = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })), {
  selector: ([key]) => key,
  minLength: 1,
  maxLength: 6,
});
const write = (entries: readonly (readonly [string, unknown])[], indent: string) =>
  `{${entries.map(([key, value]) => `${indent}${JSON.stringify(key)}:${indent}${JSON.stringify(value)}`).join(',')}}`;

test('order and spaces do not matter', () => {
  fc.assert(
    fc.property(fields, fc.constantFrom(' ', '\n\t', ''), (entries, space) => {
      const shuffled = [...entries].reverse();
      expect(keyOf(write(shuffled, space))).toEqual(keyOf(write(entries, '')));
    }),
  );
});

test('every field and the sender matter', () => {
  fc.assert(
    fc.property(fields, (entries) => {
      const text = write(entries, '');
      const changed = write([...entries.slice(1), [entries[0]![0], { changed: entries[0]![1] }]], '');
      expect(keyOf(changed).dedupeKey).not.toBe(keyOf(text).dedupeKey);
      expect(keyOf(text, {}, 'token-2').dedupeKey).not.toBe(keyOf(text).dedupeKey);
    }),
  );
});

test('the same number is the same alert, text is not a number', () => {
  expect(keyOf('{"risk":100.00}')).toEqual(keyOf('{"risk":1e2}'));
  expect(keyOf('{"risk":"100"}')).not.toEqual(keyOf('{"risk":100}'));
});

test('its own id is the identity, for ever', () => {
  const one = keyOf('{"risk":1}', { alertId: 'a' });
  expect(one).toEqual(keyOf('{"risk":2}', { alertId: 'a', firedAt: null }));
  expect(one.dedupeUntil).toBeNull();
  expect(one).not.toEqual(keyOf('{"risk":1}', { alertId: 'b' }));
});

test('with neither id nor time it is its bytes, within the window', () => {
  const bytes = (text: string) => keyOf(text, { firedAt: null });
  expect(bytes('{"risk":1}').dedupeUntil).toEqual(new Date('2026-11-20T15:01:00Z'));
  expect(bytes('{"risk":1}')).toEqual(bytes('{"risk":1}'));
  expect(bytes('{"risk":1}')).not.toEqual(bytes('{"risk": 1}'));
  expect(keyOf('{"risk":1}').dedupeUntil).toBeNull();
});
