// Invariants: the secret of a JSON body is found by its name however it is escaped and laid out, and nothing of it is left; what else the
// body says stays; a field of that name further within is not the secret.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeBodySecret } from './body-secret.ts';

const secretText = fc.string({ unit: fc.constantFrom(...'abcXYZ0189-_"\\/é'), minLength: 8, maxLength: 40 });
const key = fc.constantFrom('ticker', 'action', 'a:b', 'x{y', 'se"cret', '__proto__');
const rest = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

/** Writes some letters as \uXXXX. */
const escapeSome = (text: string, every: number): string =>
  JSON.stringify(text).replace(/[a-zA-Z]/g, (letter, at: number, all: string) =>
    at % every === 0 && all[at - 1] !== '\\' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );

test('the secret is found and gone, the rest stays', () => {
  fc.assert(
    fc.property(
      secretText,
      rest,
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', ' ', '\n\t'),
      (secret, others, every, gap) => {
        const fields = Object.entries(others).map(
          ([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value)}`,
        );
        const own = `${escapeSome('secret', every)}${gap}:${gap}${escapeSome(secret, every)}`;
        fields.splice(every % (fields.length + 1), 0, own);
        const taken = takeBodySecret(`{${gap}${fields.join(`,${gap}`)}}`, 'secret');
        expect(taken.secret).toBe(secret);
        expect(taken.text).not.toContain(secret);
        const read = JSON.parse(taken.text) as Record<string, unknown>;
        expect(read.secret).toBe('***');
        for (const name of Object.keys(others))
          if (!JSON.stringify(others[name]).includes(secret)) expect(Object.hasOwn(read, name)).toBe(true);
      },
    ),
  );
});

test('a field within is not the secret', () => {
  fc.assert(
    fc.property(secretText, (secret) => {
      expect(takeBodySecret(JSON.stringify({ a: { secret }, b: [{ secret }] }), 'secret').secret).toBeNull();
    }),
  );
});

test.each<[string, string, string | null, string]>([
  ['{"secret":"s3cret-00","secret":"s3cret-00"}', 'secret', null, '{"secret":"***","secret":"***"}'],
  ['{"secret":12345678,"a":1}', 'secret', '12345678', '{"secret":"***","a":1}'],
  ['{"a":"s3cret-00","secret":"s3cret-00"}', 'secret', 's3cret-00', '{"a":"***","secret":"***"}'],
  ['{"secret":"s3cret-00","price":{{close}}}', 'secret', 's3cret-00', '{"secret":"***","price":{{close}}}'],
  [
    '{"x":"\\"secret\\":\\"aaaaaaaa\\"","secret":"s3cret-00"}',
    'secret',
    's3cret-00',
    '{"x":"\\"secret\\":\\"aaaaaaaa\\"","secret":"***"}',
  ],
  ['key=s3cret-00\nsymbol=AAPL', 'key', 's3cret-00', 'key=***\nsymbol=AAPL'],
  ['symbol=AAPL;key=s3cret-00;side=buy', 'key', 's3cret-00', 'symbol=AAPL;key=***;side=buy'],
  ['symbol=AAPL;monkey=s3cret-00', 'key', null, 'symbol=AAPL;monkey=s3cret-00'],
  ['key: "s3cret-00" buy AAPL', 'key', 's3cret-00', 'key: "***" buy AAPL'],
  ['60123456789,buy,EURUSD,risk=1', '1', '60123456789', '***,buy,EURUSD,risk=1'],
  ['buy', '2', null, 'buy'],
  ['', 'key', null, ''],
])('%s by %s', (body, field, secret, kept) => {
  expect(takeBodySecret(body, field)).toEqual({ secret, text: kept });
});
