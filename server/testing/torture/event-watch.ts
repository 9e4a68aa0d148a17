import type postgres from 'postgres';
import { type Moments, type Step, steps } from './moments.ts';

const named = new Set<string>(steps);

/** Has the database tell of each kind of event at the moment it is committed; kept by the database over its restarts. */
export async function installEventWatch(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create or replace function torture_told() returns trigger language plpgsql as $$
    begin
      perform pg_notify('torture', (select string_agg(distinct kind, ',') from told));
      return null;
    end $$;
    create or replace trigger torture_told after insert on events
      referencing new table as told for each statement execute function torture_told();`);
}

/** Tells of the events that are committed from now on. To be called again for each new connection. */
export async function watchEvents(sql: postgres.Sql, moments: Moments): Promise<void> {
  await sql.listen('torture', (kinds) => {
    for (const kind of kinds.split(',')) if (named.has(kind)) moments.tell(kind as Step);
  });
}
