// Every template, version and kind is Pine to a grammar that is not ours: the Python package pynescript, which needs minutes for them.
// testing/grammar/record.ts has it parse them and writes down what it has read; a script that is another one since has not been read.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import parsed from './testing/grammar/parsed.json' with { type: 'json' };
import { scriptsToParse } from './testing/grammar/scripts.ts';

it('was parsed by pynescript as it stands; after a change: node pine/testing/grammar/record.ts', () => {
  const digests = [...scriptsToParse()].map(([file, source]) => [
    file,
    createHash('sha256').update(source).digest('hex'),
  ]);
  expect(digests).toHaveLength(7 * 2 * 2);
  expect(Object.fromEntries(digests)).toEqual(parsed.sha256);
});
