// Invariant: a file is read whole or not at all, and every fault is named with its line and its column.
import { describe, expect, it } from 'vitest';
import { mostInstruments, readInstruments } from './read-instruments.ts';

const head = 'symbol,name,sector,industry\n';
const faults = (csv: string) => {
  const read = readInstruments(csv);
  return read.kind === 'faults' ? read.faults.map(({ line, column, code }) => [line, column, code]) : null;
};
const rows = (csv: string, options?: Parameters<typeof readInstruments>[1]) => {
  const read = readInstruments(csv, options);
  if (read.kind === 'faults') throw new Error(JSON.stringify(read.faults));
  return read.rows.map(({ symbol, name, sector, industry }) => [symbol, name, sector, industry].join('|'));
};

describe('a file of instruments', () => {
  it('is read, symbols and sectors in their one spelling', () => {
    const csv = `${head}brk-b,"Berkshire, ""B""",financials,Multi-Sector Holdings\nbtcusd,Bitcoin,CRYPTO,Coin\nDX,Dynex,technology, Own  thing \n`;
    expect(rows(csv)).toEqual([
      'BRK.B|Berkshire, "B"|Financials|Multi-Sector Holdings',
      'BTC/USD|Bitcoin|Crypto|Coin',
      'DX|Dynex|Information Technology|Own thing',
    ]);
  });

  it('may have its columns in another order, and others beside', () => {
    expect(rows('Industry,exchange,Symbol,Sector,Name\nWind,XNYS,NEW,Energy,New Wind Co.\n')).toEqual([
      'NEW|New Wind Co.|Energy|Wind',
    ]);
  });

  it('takes another spelling of a known industry for it, and of one of its own', () => {
    const csv = `${head}A,A,Energy,oil & GAS drilling\nB,B,Energy,Wind\nC,C,Energy,wind\n`;
    expect(rows(csv, { industries: ['Oil & Gas Drilling'] })).toEqual([
      'A|A|Energy|Oil & Gas Drilling',
      'B|B|Energy|Wind',
      'C|C|Energy|Wind',
    ]);
  });

  it('may say that something is not known', () => {
    expect(rows(`${head}A,A,unknown,UNKNOWN\nB,B,Energy,unknown\n`)).toEqual([
      'A|A|Unknown|Unknown',
      'B|B|Energy|Unknown',
    ]);
  });

  it.each([
    [
      'no header',
      'AAPL,Apple,Information Technology,Phones\n',
      [
        [1, 'symbol', 'COLUMNS'],
        [1, 'name', 'COLUMNS'],
        [1, 'sector', 'COLUMNS'],
        [1, 'industry', 'COLUMNS'],
      ],
    ],
    ['a column missing', 'symbol,name,sector\nA,A,Energy\n', [[1, 'industry', 'COLUMNS']]],
    ['a column twice', 'symbol,name,sector,industry,Sector\nA,A,Energy,Wind,Energy\n', [[1, 'sector', 'COLUMNS']]],
    ['semicolons', 'symbol;name;sector;industry\nA;A;Energy;Wind\n', [[1, null, 'COLUMNS']]],
    [
      'nothing',
      '',
      [
        [1, 'symbol', 'COLUMNS'],
        [1, 'name', 'COLUMNS'],
        [1, 'sector', 'COLUMNS'],
        [1, 'industry', 'COLUMNS'],
      ],
    ],
    ['a header only', head, [[2, null, 'MISSING']]],
    ['a field too many', `${head}A,A, Inc.,Energy,Wind\n`, [[2, null, 'COLUMNS']]],
    ['a field too few', `${head}A,A,Energy\n`, [[2, null, 'COLUMNS']]],
    ['an open quote', `${head}A,"A,Energy,Wind\nB,B,Energy,Wind\n`, [[2, null, 'QUOTES']]],
    ['no name', `${head}A,,Energy,Wind\n`, [[2, 'name', 'MISSING']]],
    ['no industry', `${head}A,A,Energy,  \n`, [[2, 'industry', 'MISSING']]],
    ['a sector that is none', `${head}A,A,Enrgy,Wind\n`, [[2, 'sector', 'NOT_A_SECTOR']]],
    ['an industry where nobody knows the sector', `${head}A,A,Unknown,Wind\n`, [[2, 'industry', 'NOT_KNOWN']]],
    ['a symbol that is none', `${head}A B C D,A,Energy,Wind\n`, [[2, 'symbol', 'NOT_A_SYMBOL']]],
    ['a symbol twice', `${head}BRK.B,A,Energy,Wind\nX,X,Energy,Wind\nBRK/B,A,Energy,Wind\n`, [[4, 'symbol', 'TWICE']]],
    ['a formula', `${head}A,"=HYPERLINK(""http://x"")",Energy,Wind\n`, [[2, 'name', 'FORMULA']]],
    ['a formula in the industry', `${head}A,A,Energy,@SUM(A1)\n`, [[2, 'industry', 'FORMULA']]],
    ['a NUL', `${head}A,A\u0000B,Energy,Wind\n`, [[2, 'name', 'CHARACTERS']]],
    ['text that turns around', `${head}A,A\u202EB,Energy,Wind\n`, [[2, 'name', 'CHARACTERS']]],
    ['too long a name', `${head}A,${'n'.repeat(121)},Energy,Wind\n`, [[2, 'name', 'TOO_LONG']]],
    [
      'several faults',
      `${head}A,,Enrgy,Wind\nok,Ok,Energy,Wind\n=1,B,Energy,\n`,
      [
        [2, 'name', 'MISSING'],
        [2, 'sector', 'NOT_A_SECTOR'],
        [4, 'symbol', 'FORMULA'],
        [4, 'industry', 'MISSING'],
      ],
    ],
  ])('with %s is refused by line and column', (_name, csv, expected) => {
    expect(faults(csv)).toEqual(expected);
  });

  it('may be as long as can be, and no longer', () => {
    const lines = (count: number) => head + Array.from({ length: count }, (_, i) => `S${i},N,Energy,Wind`).join('\n');
    expect(rows(lines(mostInstruments))).toHaveLength(mostInstruments);
    expect(faults(lines(mostInstruments + 1))).toEqual([[mostInstruments + 2, null, 'TOO_LONG']]);
  });
});
