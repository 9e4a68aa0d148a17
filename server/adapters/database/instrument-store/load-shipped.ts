import { readFile } from 'node:fs/promises';
import type postgres from 'postgres';
import { readInstruments } from '../../../core/instruments/read-instruments.ts';
import { instrumentSources } from '../../../core/model/instrument.ts';

/**
 * Reads a file of instruments (CSV: symbol, name, sector, industry and, if need be, source) into the table, so that whatever no person has
 * imported says what the file says, and what ships under an import is what the file says. Answers how many there are. Throws naming the
 * lines that cannot be read, and changes nothing then.
 */
export async function loadInstruments(sql: postgres.Sql, file: string): Promise<number> {
  const read = readInstruments(await readFile(file, 'utf8'), { more: ['source'] });
  if (read.kind === 'faults') {
    const said = read.faults.map((fault) => `line ${fault.line}, ${fault.column ?? 'the line'}: ${fault.message}`);
    throw new Error(`${file} cannot be used; ${said.join('; ')}`);
  }
  const rows = read.rows.map(({ line, symbol, name, sector, industry, more }) => {
    const source = more.source || 'signalbox';
    if (source === 'import' || !(instrumentSources as readonly string[]).includes(source))
      throw new Error(`${file} cannot be used; line ${line}, source: “${source}” is none`);
    return { symbol, name, sector, industry, source };
  });
  await sql.begin(async (tx) => {
    // Not beside an import, and not beside another process that starts.
    await tx`lock table instruments in share row exclusive mode`;
    const shipped = tx`jsonb_to_recordset(${tx.json(rows)}::jsonb)
      as shipped (symbol text, name text, sector text, industry text, source text)`;
    const asJson = tx`jsonb_build_object('name', shipped.name, 'sector', shipped.sector, 'industry', shipped.industry,
      'source', shipped.source)`;
    await tx`
      insert into instruments (symbol, name, sector, industry, source)
      select symbol, name, sector, industry, source from ${shipped}
      on conflict (symbol) do update set name = excluded.name, sector = excluded.sector, industry = excluded.industry,
        source = excluded.source
      where instruments.source <> 'import' and (instruments.name, instruments.sector, instruments.industry, instruments.source)
        is distinct from (excluded.name, excluded.sector, excluded.industry, excluded.source)`;
    await tx`
      update instruments set shipped = ${asJson} from ${shipped}
      where instruments.symbol = shipped.symbol and instruments.source = 'import'
        and instruments.shipped is distinct from ${asJson}`;
    const symbols = rows.map((row) => row.symbol);
    await tx`delete from instruments where source <> 'import' and symbol <> all(${symbols}::text[])`;
    await tx`update instruments set shipped = null where shipped is not null and symbol <> all(${symbols}::text[])`;
  });
  return rows.length;
}
