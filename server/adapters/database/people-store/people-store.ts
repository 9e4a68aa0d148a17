import type postgres from 'postgres';
import type { NewEvent } from '../../../core/model/event.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type {
  Actor,
  LinkPurpose,
  NewLink,
  PeopleStore,
  Person,
  PersonSession,
  SignedInBy,
} from '../../../core/ports/people.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { SecretBox } from '../account-store/secret-box.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { createFactors } from './factors.ts';
import { type PersonRow, selectPeople, toldOf, toPerson } from './rows.ts';

export interface PeopleStoreOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Random;
  readonly secretBox: SecretBox;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** People in PostgreSQL, in better-auth's tables and ours beside them. */
export function createPeopleStore(options: PeopleStoreOptions): PeopleStore {
  const { sql, clock, random, committed } = options;

  const one = async (by: Statements, condition: postgres.PendingQuery<postgres.Row[]>): Promise<Person | null> => {
    const [row] = await by<PersonRow[]>`${selectPeople(by as never, clock.now())} where ${condition}`;
    return row ? toPerson(row) : null;
  };

  /** What is done and told in one transaction; what it answers. */
  async function told<T>(
    work: (tx: postgres.TransactionSql) => Promise<{ answer: T; events: NewEvent[] }>,
  ): Promise<T> {
    const { answer, events } = await sql.begin(async (tx) => {
      const done = await work(tx);
      await appendEvents(tx, done.events);
      return done;
    });
    if (events.length > 0) committed?.();
    return answer as T;
  }

  async function insertLink(
    tx: Statements,
    personId: string,
    { tokenHash, expiresAt }: NewLink,
    purpose: LinkPurpose,
    by: string,
  ): Promise<void> {
    await tx`delete from auth_invitations where user_id = ${personId} and used_at is null`;
    await tx`
      insert into auth_invitations (token_hash, user_id, purpose, made_by, made_at, expires_at)
      values (${tokenHash}, ${personId}, ${purpose}, ${by}, ${clock.now()}, ${expiresAt})`;
  }

  async function insertPassword(tx: Statements, personId: string, hash: string): Promise<void> {
    const now = clock.now();
    await tx`
      insert into auth_credentials (id, account_id, provider_id, user_id, password, created_at, updated_at)
      values (${random.id()}, ${personId}, 'credential', ${personId}, ${hash}, ${now}, ${now})
      on conflict (user_id) where provider_id = 'credential' do update set password = excluded.password, updated_at = excluded.updated_at`;
  }

  return {
    ...createFactors({ ...options, one, told }),

    async list() {
      const rows = await sql<PersonRow[]>`${selectPeople(sql as never, clock.now())} order by person.name, person.id`;
      return rows.map(toPerson);
    },
    find: (id) => one(sql, sql`person.id = ${id}`),
    findByEmail: (email) => one(sql, sql`person.email = ${email.toLowerCase()}`),

    invite: ({ name, email, role }, link, actor) =>
      told<Person | 'email_taken'>(async (tx) => {
        const id = random.id();
        const made = await tx`
          insert into auth_users (id, name, email, email_verified, role)
          values (${id}, ${name}, ${email.toLowerCase()}, true, ${role}) on conflict (email) do nothing`;
        if (made.count === 0) return { answer: 'email_taken', events: [] };
        await insertLink(tx, id, link, 'invitation', actor.name);
        const person = (await one(tx, sql`person.id = ${id}`))!;
        return { answer: person, events: [{ kind: 'person.invited', data: { ...toldOf(person, actor), role } }] };
      }),

    change: (id, { name, email, role, enabled }, actor) =>
      told<Person | 'unknown' | 'email_taken' | 'last_admin'>(async (tx) => {
        // Two who demote each other at the same time must not leave nobody.
        const admins = await tx<{ id: string }[]>`
          select id from auth_users where role = 'admin' and disabled_at is null order by id for update`;
        const before = await one(tx, sql`person.id = ${id}`);
        if (!before) return { answer: 'unknown', events: [] };
        const leaves = enabled === false || (role !== undefined && role !== 'admin');
        if (leaves && admins.every((admin) => admin.id === id) && admins.length > 0) {
          return { answer: 'last_admin', events: [] };
        }
        if (email !== undefined && email.toLowerCase() !== before.email) {
          const [taken] = await tx`select 1 from auth_users where email = ${email.toLowerCase()}`;
          if (taken) return { answer: 'email_taken', events: [] };
        }
        const now = clock.now();
        const disabledAt = enabled === undefined ? before.disabledAt : enabled ? null : (before.disabledAt ?? now);
        await tx`
          update auth_users set name = ${name ?? before.name}, email = ${(email ?? before.email).toLowerCase()},
            role = ${role ?? before.role}, disabled_at = ${disabledAt}, updated_at = ${now}
          where id = ${id}`;
        if (disabledAt !== null) await tx`delete from auth_sessions where user_id = ${id}`;
        const after = (await one(tx, sql`person.id = ${id}`))!;
        const events: NewEvent[] = [];
        const shown = (person: Person) => ({ name: person.name, email: person.email, role: person.role });
        if (JSON.stringify(shown(before)) !== JSON.stringify(shown(after))) {
          const data = { ...toldOf(after, actor), before: shown(before), after: shown(after) };
          events.push({ kind: 'person.changed', data });
        }
        if ((before.disabledAt === null) !== (after.disabledAt === null)) {
          const kind = after.disabledAt ? 'person.disabled' : 'person.enabled';
          events.push({
            kind,
            data: { ...toldOf(after, actor), sessionsEnded: after.disabledAt ? before.sessions : 0 },
          });
        }
        return { answer: after, events };
      }),

    makeLink: (id, link, actor) =>
      told<LinkPurpose | 'unknown'>(async (tx) => {
        const person = await one(tx, sql`person.id = ${id}`);
        if (!person) return { answer: 'unknown', events: [] };
        const purpose: LinkPurpose = person.hasPassword ? 'reset' : 'invitation';
        await insertLink(tx, id, link, purpose, actor.name);
        return { answer: purpose, events: [{ kind: 'person.link_made', data: { ...toldOf(person, actor), purpose } }] };
      }),

    async findLink(tokenHash, now) {
      const [link] = await sql<{ user_id: string; purpose: LinkPurpose }[]>`
        select user_id, purpose from auth_invitations
        where token_hash = ${tokenHash} and used_at is null and expires_at > ${now}`;
      const person = link ? await one(sql, sql`person.id = ${link.user_id}`) : null;
      return link && person && !person.disabledAt ? { person, purpose: link.purpose } : null;
    },

    useLink: (tokenHash, { hash, now }, actor) =>
      told<{ person: Person; purpose: LinkPurpose } | null>(async (tx) => {
        const [link] = await tx<{ user_id: string; purpose: LinkPurpose }[]>`
          update auth_invitations i set used_at = ${now} from auth_users u
          where i.token_hash = ${tokenHash} and i.used_at is null and i.expires_at > ${now}
            and u.id = i.user_id and u.disabled_at is null
          returning i.user_id, i.purpose`;
        if (!link) return { answer: null, events: [] };
        await insertPassword(tx, link.user_id, hash);
        await tx`delete from auth_sessions where user_id = ${link.user_id}`;
        const person = (await one(tx, sql`person.id = ${link.user_id}`))!;
        const self: Actor = { ...actor, id: person.id, name: person.name };
        return {
          answer: { person, purpose: link.purpose },
          events: [{ kind: 'person.password_set', data: { ...toldOf(person, self), way: link.purpose } }],
        };
      }),

    async passwordHash(id) {
      const [row] = await sql<{ password: string | null }[]>`
        select password from auth_credentials where user_id = ${id} and provider_id = 'credential'`;
      return row?.password ?? null;
    },

    setPassword: (id, hash, keepSession, actor) =>
      told<void>(async (tx) => {
        await insertPassword(tx, id, hash);
        await tx`delete from auth_sessions where user_id = ${id} and id is distinct from ${keepSession}`;
        const person = (await one(tx, sql`person.id = ${id}`))!;
        return {
          answer: undefined,
          events: [{ kind: 'person.password_set', data: { ...toldOf(person, actor), way: 'own account' } }],
        };
      }),

    async sessions(id) {
      const rows = await sql<
        {
          id: string;
          created_at: Date;
          updated_at: Date;
          expires_at: Date;
          ip_address: string | null;
          user_agent: string | null;
          signed_in_by: SignedInBy;
        }[]
      >`
        select id, created_at, updated_at, expires_at, ip_address, user_agent, signed_in_by from auth_sessions
        where user_id = ${id} and expires_at > ${clock.now()} order by updated_at desc, id`;
      return rows.map(
        (row): PersonSession => ({
          id: row.id,
          createdAt: row.created_at,
          lastSeenAt: row.updated_at,
          expiresAt: row.expires_at,
          address: row.ip_address || null,
          userAgent: row.user_agent || null,
          signedInBy: row.signed_in_by,
        }),
      );
    },

    endSessions: (id, which, actor) =>
      told<number>(async (tx) => {
        const ended =
          'only' in which
            ? await tx`delete from auth_sessions where user_id = ${id} and id = ${which.only}`
            : await tx`delete from auth_sessions where user_id = ${id} and id is distinct from ${which.but}`;
        const person = ended.count > 0 ? await one(tx, sql`person.id = ${id}`) : null;
        const data = person && { ...toldOf(person, actor), sessionsEnded: ended.count };
        return { answer: ended.count, events: data ? [{ kind: 'person.sessions_ended', data }] : [] };
      }),

    async dropSession(sessionId) {
      await sql`delete from auth_sessions where id = ${sessionId}`;
    },

    noteProof: (sessionId, way, now, actor) =>
      told<void>(async (tx) => {
        await tx`update auth_sessions set proved_at = ${now} where id = ${sessionId}`;
        const person = { id: actor.id!, name: actor.name };
        return { answer: undefined, events: [{ kind: 'person.proved', data: { ...toldOf(person, actor), way } }] };
      }),
  };
}
