import { readFile } from 'node:fs/promises';
import type postgres from 'postgres';

const header = 'symbol,name,sector,industry';

/**
 * Reads a file of instruments (CSV with the header `symbol,name,sector,industry`, quoted where a comma needs it) into the
 * table, so that it says what the file says. Answers how many there are. Throws naming the line that cannot be read.
 */
export async function loadInstruments(sql: postgres.Sql, file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines[0] !== header) throw new Error(`${file}: the first line must be ${header}`);
  const rows = lines.slice(1).map((line, index) => {
    const [symbol, name, sector, industry, ...rest] = fields(line);
    if (!symbol || !name || !sector || !industry || rest.length > 0) {
      throw new Error(`${file}, line ${index + 2}: expected ${header}, found: ${line}`);
    }
    return { symbol, name, sector, industry };
  });
  await sql.begin(async (tx) => {
    await tx`
      insert into instruments ${tx(rows)}
      on conflict (symbol) do update set name = excluded.name, sector = excluded.sector, industry = excluded.industry
      where (instruments.name, instruments.sector, instruments.industry)
        is distinct from (excluded.name, excluded.sector, excluded.industry)`;
    await tx`delete from instruments where symbol <> all(${rows.map((row) => row.symbol)}::text[])`;
  });
  return rows.length;
}

/** The fields of a line of CSV (RFC 4180, without line breaks inside a field). */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : (plain ?? '').trim(),
  );
}
