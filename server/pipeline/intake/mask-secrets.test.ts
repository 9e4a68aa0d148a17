// No secret of a sender is left in what is kept of its body, whatever dialect it is and however broken; everything else is as it came.
import { expect, test } from 'vitest';
import { corpusDialects, readCorpus, textOf } from './corpus/read-corpus.ts';
import { maskSecrets } from './mask-secrets.ts';

test.each([
  ['{"secret":"abc","action":"buy"}', '{"secret":"***","action":"buy"}'],
  ['{ "Secret" : "a\\"bc" , "a":1}', '{ "Secret" : "***" , "a":1}'],
  ['{"apikey":12345,"symbol":"AAPL"}', '{"apikey":"***","symbol":"AAPL"}'],
  ['{"symbol":"AAPL","secret":"abc', '{"symbol":"AAPL","secret":"***"'],
  ['60123456789,buy,AAPL,secret=abc,vol_dollar=10', '***,buy,AAPL,secret=***,vol_dollar=10'],
  ['SYMBOL=AAPL;TOKEN=abc;SIGNAL=BUY', 'SYMBOL=AAPL;TOKEN=***;SIGNAL=BUY'],
  ['TOKEN=abc\nSYMBOL=AAPL', 'TOKEN=***\nSYMBOL=AAPL'],
])('%s', (body, shown) => {
  expect(maskSecrets(body)).toBe(shown);
});

test('what has none is as it came', () => {
  const body = '{"signal":"BUY","ticker":"AAPL","risk":100,"comment":"no secret: here"}';
  expect(maskSecrets(body)).toBe(body);
});

test('no corpus keeps one', async () => {
  for (const key of await corpusDialects()) {
    for (const alert of await readCorpus(key)) {
      expect(maskSecrets(textOf(alert))).not.toMatch(/never-shown|60123456789/);
    }
  }
});

test('a body made to be slow is not', () => {
  const body = `"secret":"${'\\\\'.repeat(32 * 1024)}`;
  expect(maskSecrets(body)).toBe('"secret":"***"');
});
