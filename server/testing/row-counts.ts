import type postgres from 'postgres';

/** The rows of every table of the database, by its name, and where every sequence stands: what a question must leave as it was. */
export async function rowCounts(sql: postgres.Sql): Promise<Readonly<Record<string, string>>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`;
  const sequences = await sql<{ name: string; last: string | null }[]>`
    select format('%I.%I', schemaname, sequencename) as name, last_value::text as last from pg_sequences order by 1`;
  const counts: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ count: string }[]>(`select count(*)::text as count from ${name}`);
    counts[name] = row!.count;
  }
  for (const { name, last } of sequences) counts[name] = last ?? 'unused';
  return counts;
}
