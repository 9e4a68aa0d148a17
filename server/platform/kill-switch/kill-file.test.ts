// Invariant: whatever is in the file, something is stopped; and everything is, when a line of it cannot be read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKillFile } from './kill-file.ts';

const all = [{ scope: 'all', key: '', flatten: false }];

describe('the file of the kill switch', () => {
  it.each([
    ['an empty one', ''],
    ['blanks and lines', ' \r\n\n'],
    ['a reason alone', '# the feed is wrong'],
    ['the word', 'ALL\n'],
  ])('stops everything by %s', (_what, content) => {
    expect(readKillFile(content)).toMatchObject({ targets: all, problems: [] });
  });

  it('stops what it names, with its reason, and closes it if it says so', () => {
    const content =
      '\uFEFF# halted,\r\n#  says the exchange\r\nsymbol brk.b\r\nAccount my paper one\r\nFLATTEN strategy Momentum:v2\r\n';
    expect(readKillFile(content)).toEqual({
      targets: [
        { scope: 'symbol', key: 'BRK.B', flatten: false },
        { scope: 'account', key: 'my paper one', flatten: false },
        { scope: 'strategy', key: 'Momentum:v2', flatten: true },
      ],
      reason: 'halted, says the exchange',
      problems: [],
    });
  });

  it('closes all that it names by a line for that alone', () => {
    expect(readKillFile('flatten').targets).toEqual([{ scope: 'all', key: '', flatten: true }]);
    expect(readKillFile('symbol A\nflatten\nsymbol B').targets.map((one) => one.flatten)).toEqual([true, true]);
  });

  it.each(['symbol', 'stop everything please', 'al', 'all of it', 'flatten now', 'symbol A\u0000B', 'x'.repeat(300)])(
    'stops everything as well when a line is %j, and says which',
    (line) => {
      const read = readKillFile(`symbol AAPL\n${line}`);
      expect(read.targets).toEqual([...all, { scope: 'symbol', key: 'AAPL', flatten: false }]);
      expect(read.problems).toEqual([expect.stringMatching(/^line 2: /)]);
    },
  );

  it('stops something, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (content) => {
        const { targets, problems } = readKillFile(content);
        expect(targets.length).toBeGreaterThan(0);
        if (problems.length > 0) expect(targets.map((one) => one.scope)).toContain('all');
      }),
    );
  });
});
