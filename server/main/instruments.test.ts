// The table that ships: of one list of sectors, in one notation, without doubles, and with everything that the embedded exchange lists.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readInstruments } from '../core/instruments/read-instruments.ts';
import { sectorNamed, sectorNames, sectors } from '../core/instruments/sectors.ts';
import { instrumentSources } from '../core/model/instrument.ts';
import { cryptoPairs, instruments } from '../exchange/market/instruments.ts';
import { instrumentsFile } from './instruments.ts';

const text = readFileSync(instrumentsFile, 'utf8');
const read = readInstruments(text, { more: ['source'] });
const rows = read.kind === 'read' ? read.rows : [];
const known = new Map(rows.map((row) => [row.symbol, row]));

it('can be read, every line', () => {
  expect(read).toMatchObject({ kind: 'read' });
  expect(rows).toHaveLength(text.trim().split('\n').length - 1);
});

it('has every symbol and sector as it is written there, in the order of symbols', () => {
  const written = text.trim().split('\n').slice(1);
  for (const [i, row] of rows.entries()) {
    expect(written[i]!.startsWith(`${row.symbol},`), written[i]).toBe(true);
    expect(sectorNames.filter((name) => name === row.sector)).toHaveLength(1);
    expect(written[i]).toContain(`,${row.sector},`);
    expect(row.sector).not.toBe('Unknown');
  }
  expect(rows.map((row) => row.symbol)).toEqual(rows.map((row) => row.symbol).sort());
});

it('names the source of each line, one that the documentation knows', () => {
  const documented = readFileSync(new URL('../data/README.md', import.meta.url), 'utf8');
  const counted = Map.groupBy(rows, (row) => row.more.source!);
  expect([...counted.keys()].sort()).toEqual(instrumentSources.filter((source) => source !== 'import').toSorted());
  for (const source of counted.keys()) expect(documented).toContain(`| \`${source}\` |`);
  expect(counted.get('s-and-p-500-companies')).toHaveLength(503);
});

it('has each of the eleven sectors, and each industry in one sector only', () => {
  for (const sector of sectors) expect(rows.filter((row) => row.sector === sector).length, sector).toBeGreaterThan(20);
  const homes = Map.groupBy(rows, (row) => row.industry);
  for (const [industry, members] of homes) expect(new Set(members.map((row) => row.sector)).size, industry).toBe(1);
});

it('knows whatever the embedded exchange lists, in the same sector', () => {
  for (const listed of [...instruments, ...cryptoPairs]) {
    const row = known.get(listed.symbol);
    expect(row, listed.symbol).toBeDefined();
    expect(row!.sector, listed.symbol).toBe(
      listed.sector === 'Index' ? 'Broad market fund' : sectorNamed(listed.sector),
    );
  }
});
