import type postgres from 'postgres';
import { BadCursor, type Page } from '../../../core/ports/paging.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where the page before ended: a moment and an id, since several rows may share a moment. */
export function readCursor(cursor: string | undefined): { at: Date; id: string } | null {
  if (cursor === undefined) return null;
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const moment = new Date(at ?? '');
  if (!(moment.getTime() >= 0) || moment.getUTCFullYear() > 9999 || !uuid.test(id ?? ''))
    throw new BadCursor('the cursor is not one of ours');
  return { at: moment, id: id! };
}

/** Cuts the one row too many that says whether there is a next page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => { at: Date; id: string },
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  const { at, id } = more ? keyOf(last) : { at: null, id: null };
  return {
    items: shown.map(show),
    next: at === null ? null : Buffer.from(`${at.toISOString()} ${id}`).toString('base64url'),
  };
}

/** `and condition` for each condition that is there. */
export const allOf = (sql: postgres.Sql, conditions: readonly (postgres.PendingQuery<postgres.Row[]> | null)[]) =>
  conditions.reduce<postgres.PendingQuery<postgres.Row[]>>(
    (all, condition) => (condition ? sql`${all} and ${condition}` : all),
    sql``,
  );

export const iso = (at: Date): string => at.toISOString();
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
