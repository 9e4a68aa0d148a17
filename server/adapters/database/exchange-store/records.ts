import type postgres from 'postgres';
import type { RecordStore } from '../../../exchange/history/store.ts';
import type { VenueUpdate } from '../../../exchange/venue/model.ts';
import type { Watchlist } from '../../../exchange/watchlists/watchlist.ts';
import { updateOf } from './documents.ts';

/** What the exchange keeps beside its books, in PostgreSQL. */
export function createRecordStore(sql: postgres.Sql): RecordStore {
  return {
    async updates({ accountId, after, since, limit }) {
      const rows = await sql<{ data: VenueUpdate }[]>`
        select data from exchange.updates
        where account_id = ${accountId} and sequence > ${after} ${since ? sql`and at >= ${since.toISOString()}` : sql``}
        order by sequence limit ${limit}`;
      return rows.map((row) => updateOf(row.data));
    },

    async equity(accountId, from, to) {
      const rows = await sql<{ at: Date; equity: string; margin: string }[]>`
        select at, equity, maintenance_margin as margin from exchange.equity
        where account_id = ${accountId} and at <= ${to.toISOString()} and at >= coalesce(
          (select max(at) from exchange.equity where account_id = ${accountId} and at <= ${from.toISOString()}),
          ${from.toISOString()})
        order by at`;
      return rows.map((row) => ({
        accountId,
        at: new Date(row.at),
        equity: BigInt(row.equity),
        maintenanceMargin: BigInt(row.margin),
      }));
    },

    async saveEquity(samples) {
      if (samples.length === 0) return;
      const rows = samples.map((sample) => ({
        account_id: sample.accountId,
        at: sample.at.toISOString(),
        equity: sample.equity.toString(),
        maintenance_margin: sample.maintenanceMargin.toString(),
      }));
      await sql`insert into exchange.equity ${sql(rows)} on conflict do nothing`;
    },

    async thinEquity(before, minutes) {
      await sql`
        delete from exchange.equity old
        where at < ${before.toISOString()} and exists (
          select 1 from exchange.equity later
          where later.account_id = old.account_id and later.at > old.at
            and date_bin(make_interval(mins => ${minutes}), later.at, 'epoch')
              = date_bin(make_interval(mins => ${minutes}), old.at, 'epoch'))`;
    },

    async closingPrices(before) {
      const rows = await sql<{ symbol: string; day: string; price: string }[]>`
        select distinct on (symbol) symbol, day::text as day, price from exchange.closing_prices
        where day < ${before} order by symbol, day desc`;
      return rows.map((row) => ({ ...row, price: Number(row.price) }));
    },

    async saveClosingPrices(prices) {
      if (prices.length === 0) return;
      await sql`insert into exchange.closing_prices ${sql([...prices])} on conflict do nothing`;
    },

    async watchlists(accountId) {
      const rows = await sql<(Omit<Watchlist, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date })[]>`
        select id, account_id as "accountId", name, symbols, created_at as "createdAt", updated_at as "updatedAt"
        from exchange.watchlists where account_id = ${accountId} order by created_at, id`;
      return rows.map((row) => ({
        ...row,
        createdAt: new Date(row.createdAt).toISOString(),
        updatedAt: new Date(row.updatedAt).toISOString(),
      }));
    },

    async saveWatchlist({ id, accountId, name, symbols, createdAt, updatedAt }) {
      // The name belongs to whoever came first: a conflict on it answers no row, one on the id is a change of the list itself.
      const rows = await sql`
        insert into exchange.watchlists (id, account_id, name, symbols, created_at, updated_at)
        select ${id}::uuid, ${accountId}::uuid, ${name}, ${[...symbols]}::text[], ${createdAt}::timestamptz, ${updatedAt}::timestamptz
        where not exists (
          select 1 from exchange.watchlists where account_id = ${accountId} and name = ${name} and id <> ${id})
        on conflict (id) do update set name = excluded.name, symbols = excluded.symbols, updated_at = excluded.updated_at
        returning id`.catch((error: postgres.PostgresError) => {
        if (error.code === uniqueViolation) return [];
        throw error;
      });
      return rows.length > 0 ? 'saved' : 'name taken';
    },

    async removeWatchlist(accountId, id) {
      await sql`delete from exchange.watchlists where account_id = ${accountId} and id = ${id}`;
    },
  };
}

const uniqueViolation = '23505';
