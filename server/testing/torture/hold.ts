import postgres from 'postgres';
import type { OrderStatus } from '../../core/model/order.ts';

/** Keeps orders from getting to a status: whoever would write it waits, inside the database. */
export interface Hold {
  /** Rolls back whoever waits, and lets the next ones through. */
  release(): Promise<void>;
}

const key = 0x746f_7274;

/** Holds every order that is about to get this status, until released; past the program, by a lock that its statement runs into. */
export async function holdStatus(url: string, status: OrderStatus): Promise<Hold> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { application_name: 'torture hold' } });
  await sql`select pg_advisory_lock(${key})`;
  await sql.unsafe(`
    create or replace function torture_hold() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(${key});
      return new;
    end $$;
    create or replace trigger torture_hold before update on orders
      for each row when (new.status = '${status}' and old.status <> '${status}') execute function torture_hold();`);
  return {
    async release() {
      // A statement whose client is gone would go on once the lock is free: it belongs to a process that was killed.
      await sql`
        select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and not granted and objid = ${key}::bigint::oid and pid <> pg_backend_pid()`;
      await sql.unsafe('drop trigger torture_hold on orders');
      await sql.end({ timeout: 1 });
    },
  };
}
