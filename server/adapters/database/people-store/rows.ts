import type postgres from 'postgres';
import type { Role } from '../../../contract/primitives.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import type { Actor, Person } from '../../../core/ports/people.ts';

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  created_at: Date;
  disabled_at: Date | null;
  has_password: boolean;
  codes_since: Date | null;
  recovery_codes_left: number;
  passkeys: number;
  sessions: number;
  last_seen_at: Date | null;
  locked_until: Date | null;
  link_until: Date | null;
}

/** Everybody, with what they have set up; to be followed by a `where` on `person`. */
export const selectPeople = (sql: postgres.ISql, now: Date) => sql`
  select person.id, person.name, person.email, person.role, person.created_at, person.disabled_at,
    exists (select 1 from auth_credentials c where c.user_id = person.id and c.provider_id = 'credential' and c.password is not null) as has_password,
    (select f.confirmed_at from auth_second_factors f where f.user_id = person.id) as codes_since,
    (select count(*)::int from auth_recovery_codes r where r.user_id = person.id and r.used_at is null) as recovery_codes_left,
    (select count(*)::int from auth_passkeys p where p.user_id = person.id) as passkeys,
    (select count(*)::int from auth_sessions s where s.user_id = person.id and s.expires_at > ${now}) as sessions,
    (select max(s.updated_at) from auth_sessions s where s.user_id = person.id) as last_seen_at,
    (select l.locked_until from auth_lockouts l where l.subject = 'person:' || person.id and l.locked_until > ${now}) as locked_until,
    (select max(i.expires_at) from auth_invitations i
      where i.user_id = person.id and i.used_at is null and i.expires_at > ${now}) as link_until
  from auth_users person`;

export const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
  hasPassword: row.has_password,
  codesSince: row.codes_since,
  recoveryCodesLeft: row.recovery_codes_left,
  passkeys: row.passkeys,
  sessions: row.sessions,
  lastSeenAt: row.last_seen_at,
  lockedUntil: row.locked_until,
  linkUntil: row.link_until,
});

/** What every event of people says: whom it is about, who did it, and from where. */
export const toldOf = (person: Pick<Person, 'id' | 'name'>, actor: Actor): NewEvent['data'] => ({
  personId: person.id,
  person: person.name,
  by: actor.name,
  byId: actor.id,
  through: actor.by,
  address: actor.address,
});
