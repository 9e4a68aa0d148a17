import { createHash } from 'node:crypto';
import type postgres from 'postgres';
import type { Clock } from '../../../core/ports/clock.ts';
import type {
  DestinationWish,
  NotificationDestination,
  NotificationStore,
} from '../../../core/ports/notification-store.ts';
import type { ChannelSettings } from '../../../core/ports/notifier.ts';
import type { Random } from '../../../core/ports/random.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { type DestinationRow, destinationColumns, toldOf } from './rows.ts';

export interface NotificationStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id' | 'token'>;
  /** Encrypts what is secret of a destination; bound to its id. */
  readonly secretBox: { seal(secret: string, owner: string): string; open(sealed: string, owner: string): string };
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

type Destinations = Pick<
  NotificationStore,
  'destinations' | 'find' | 'settings' | 'add' | 'change' | 'remove' | 'given'
>;

const ownerOf = (id: string): string => `notification destination ${id}`;

/** Where people are told, in PostgreSQL. */
export function createDestinations(options: NotificationStoreOptions): Destinations {
  const { sql, clock, random, secretBox, committed } = options;
  const json = (value: unknown) => sql.json(value as postgres.JSONValue);

  const select = (tx: postgres.ISql, where: postgres.PendingQuery<postgres.Row[]>) => tx<DestinationRow[]>`
    select ${destinationColumns(tx)} from notification_destinations t where t.removed_at is null and ${where} order by t.name, t.id`;

  const findIn = async (tx: postgres.ISql, id: string): Promise<NotificationDestination | null> =>
    (await select(tx, sql`t.id = ${id}`))[0] ?? null;

  const tell = (
    tx: postgres.ISql,
    about: { id: string; from: NotificationDestination | null; to: NotificationDestination | null; by: string },
  ) => {
    const { id, from, to, by } = about;
    return appendEvents(tx as never, [
      {
        kind: 'notification.destination_changed',
        data: { destinationId: id, from: from && toldOf(from), to: to && toldOf(to), by },
      },
    ]);
  };

  async function settingsIn(tx: postgres.ISql, id: string): Promise<ChannelSettings | null> {
    const [row] = await tx<{ settings: Record<string, string>; sealed: string }[]>`
      select settings, secrets_encrypted as sealed from notification_destinations where id = ${id} and removed_at is null`;
    if (!row) return null;
    let opened: string;
    try {
      opened = secretBox.open(row.sealed, ownerOf(id));
    } catch {
      throw new Error(
        'What is secret of this destination was encrypted with another key (SIGNALBOX_KEY). Enter it again.',
      );
    }
    return { ...row.settings, ...(JSON.parse(opened) as Record<string, string>) };
  }

  async function insert(tx: postgres.ISql, wish: DestinationWish, by: string, given: string | null): Promise<string> {
    const hash = wish.personId === null ? null : addressHash(wish);
    const [known] =
      hash === null
        ? []
        : await tx<{ id: string }[]>`
      select id from notification_destinations where address_hash = ${hash} and removed_at is null for update`;
    const id = known?.id ?? random.id();
    const now = clock.now();
    const [open, secret] = apart(wish.settings, wish.secretFields);
    await tx`
      insert into notification_destinations (id, name, channel, person_id, address_hash, settings, secrets_encrypted, place, kinds, quiet, enabled,
        given, changed_by, changed_at)
      values (${id}, ${wish.name}, ${wish.channel}, ${wish.personId}, ${hash}, ${json(open)},
        ${secretBox.seal(JSON.stringify(secret), ownerOf(id))}, ${wish.place}, ${wish.kinds as string[]}, ${wish.quiet && json(wish.quiet)},
        ${wish.enabled}, ${given}, ${by}, ${now})
      on conflict (id) do update set name = excluded.name, person_id = excluded.person_id, settings = excluded.settings,
        secrets_encrypted = excluded.secrets_encrypted, place = excluded.place, kinds = excluded.kinds, quiet = excluded.quiet,
        enabled = excluded.enabled, problem = null, failing_since = null, changed_by = excluded.changed_by, changed_at = excluded.changed_at`;
    return id;
  }

  async function changeIn(
    tx: postgres.ISql,
    before: NotificationDestination,
    wish: Partial<DestinationWish>,
    by: string,
  ): Promise<void> {
    const { name = before.name, kinds = before.kinds, enabled = before.enabled, place = before.place } = wish;
    const quiet = wish.quiet === undefined ? before.quiet : wish.quiet;
    const { id } = before;
    await tx`
      update notification_destinations set name = ${name}, kinds = ${kinds as string[]}, enabled = ${enabled}, place = ${place},
        quiet = ${quiet && json(quiet)}, changed_by = ${by}, changed_at = ${clock.now()}
      where id = ${id}`;
    if (wish.settings === undefined) return;
    const [open, secret] = apart(wish.settings, wish.secretFields ?? []);
    await tx`
      update notification_destinations set settings = ${json(open)}, problem = null, failing_since = null,
        secrets_encrypted = ${secretBox.seal(JSON.stringify(secret), ownerOf(id))}
      where id = ${id}`;
  }

  async function removeIn(tx: postgres.ISql, id: string): Promise<boolean> {
    // Nothing secret outlives it; the log does.
    const removed = await tx`
      update notification_destinations set removed_at = ${clock.now()}, secrets_encrypted = ${secretBox.seal('{}', ownerOf(id))}
      where id = ${id} and removed_at is null`;
    return removed.count > 0;
  }

  return {
    destinations: (of) =>
      select(sql, of === 'everybody' ? sql`t.person_id is null` : sql`t.person_id = ${of.personId}`),
    find: (id) => findIn(sql, id),
    settings: (id) => settingsIn(sql, id),

    async add(wish, by) {
      const added = await sql.begin(async (tx) => {
        const id = await insert(tx, wish, by, null);
        const to = (await findIn(tx, id))!;
        await tell(tx, { id, from: null, to, by });
        return to;
      });
      committed?.();
      return added;
    },

    async change(id, wish, by) {
      const changed = await sql.begin(async (tx) => {
        await tx`select from notification_destinations where id = ${id} for update`;
        const from = await findIn(tx, id);
        if (!from) return null;
        await changeIn(tx, from, wish, by);
        const to = (await findIn(tx, id))!;
        await tell(tx, { id, from, to, by });
        return to;
      });
      if (changed) committed?.();
      return changed;
    },

    async remove(id, by) {
      const removed = await sql.begin(async (tx) => {
        const from = await findIn(tx, id);
        if (!from || !(await removeIn(tx, id))) return false;
        await tell(tx, { id, from, to: null, by });
        return true;
      });
      if (removed) committed?.();
      return removed;
    },

    async given(variable, wish) {
      const by = 'the environment';
      const changed = await sql.begin(async (tx) => {
        // Several processes may start at once.
        await tx`lock table notification_destinations in share row exclusive mode`;
        const [from = null] = await select(tx, sql`t.given = ${variable}`);
        if (wish === null) {
          if (!from || !(await removeIn(tx, from.id))) return false;
          await tell(tx, { id: from.id, from, to: null, by });
          return true;
        }
        if (from && sameSettings(await settingsIn(tx, from.id).catch(() => null), wish.settings)) return false;
        const { settings, secretFields, place } = wish;
        // What a person has chosen of it stays.
        if (from) await changeIn(tx, from, { settings, secretFields, place }, by);
        const id = from?.id ?? (await insert(tx, wish, by, variable));
        await tell(tx, { id, from, to: await findIn(tx, id), by });
        return true;
      });
      if (changed) committed?.();
    },
  };
}

/** Those that may be shown, and those that may not. */
function apart(settings: ChannelSettings, secretFields: readonly string[]) {
  const entries = Object.entries(settings).filter(([, value]) => value !== '');
  const isSecret = ([key]: [string, string]): boolean => secretFields.includes(key);
  return [
    Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    Object.fromEntries(entries.filter(isSecret)),
  ] as const;
}

const sameSettings = (a: ChannelSettings | null, b: ChannelSettings): boolean =>
  a !== null && JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** A device is known by the address its browser made. */
const addressHash = ({ channel, settings }: DestinationWish): string =>
  createHash('sha256')
    .update(`${channel} ${settings.endpoint ?? ''}`)
    .digest('hex');
