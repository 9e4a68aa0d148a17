import type { OneTimeLinkJson, PersonJson } from '../../contract/index.ts';
import type { Actor, LinkPurpose, NewLink, PeopleRefusal, Person } from '../../core/ports/people.ts';
import type { Asking, PeopleDesk } from '../../http/people-desk.ts';
import { HttpProblem } from '../../http/problems.ts';
import type { AccessParts } from './parts.ts';
import { linkHash } from './sign-in-desk.ts';
import { subjectOf } from './tries.ts';

/** Long enough for a weekend. */
const linkDays = 3;

export const actorOf = ({ caller, address }: Asking): Actor => ({
  id: caller.id,
  name: caller.name,
  by: caller.by,
  address,
});

export const personJson = (person: Person): PersonJson => ({
  ...person,
  createdAt: person.createdAt.toISOString(),
  disabledAt: person.disabledAt?.toISOString() ?? null,
  codesSince: person.codesSince?.toISOString() ?? null,
  lastSeenAt: person.lastSeenAt?.toISOString() ?? null,
  lockedUntil: person.lockedUntil?.toISOString() ?? null,
  linkUntil: person.linkUntil?.toISOString() ?? null,
});

/** What is told of a change of people that was not made. */
export function refusalOf(refusal: Exclude<PeopleRefusal, 'unknown'>, email: string): HttpProblem {
  if (refusal === 'email_taken') {
    const sentence = `Somebody with the address ${email} is there already. Nothing was changed.`;
    return new HttpProblem(409, 'EMAIL_TAKEN', 'The address is taken', sentence, [
      { field: 'email', code: 'EMAIL_TAKEN', message: 'expected an address that nobody here has' },
    ]);
  }
  const sentence =
    'This is the last administrator who may sign in: with nobody left, nobody could look after people, keys and the kill switch. Make somebody else an administrator first. Nothing was changed.';
  return new HttpProblem(409, 'LAST_ADMIN', 'The last administrator', sentence);
}

/** People, as an admin looks after them. */
export function createPeopleDesk(parts: AccessParts): PeopleDesk {
  const { people, lockOuts, events, clock, random, dashboardUrl } = parts;

  function newLink(): { token: string; link: NewLink } {
    const token = random.token(32);
    const expiresAt = new Date(clock.now().getTime() + linkDays * 86_400_000);
    return { token, link: { tokenHash: linkHash(token), expiresAt } };
  }
  // Behind the hash: a browser sends that to no server, so that it is in no log.
  const shownLink = (token: string, purpose: LinkPurpose, expiresAt: Date): OneTimeLinkJson => ({
    url: `${dashboardUrl}/invitation#${token}`,
    purpose,
    expiresAt: expiresAt.toISOString(),
  });
  const found = async (id: string): Promise<PersonJson | null> => {
    const person = await people.find(id);
    return person && personJson(person);
  };

  return {
    list: async () => (await people.list()).map(personJson),

    async invite(wish, asking) {
      const { token, link } = newLink();
      const person = await people.invite(wish, link, actorOf(asking));
      if (person === 'email_taken') throw refusalOf('email_taken', wish.email);
      return { person: personJson(person), link: shownLink(token, 'invitation', link.expiresAt) };
    },

    async change(id, change, asking) {
      const changed = await people.change(id, withoutUndefined(change), actorOf(asking));
      if (changed === 'unknown') return null;
      if (typeof changed === 'string') throw refusalOf(changed, '');
      return personJson(changed);
    },

    async link(id, asking) {
      const person = await people.find(id);
      if (!person) return null;
      if (person.disabledAt) {
        const sentence = `${person.name} is switched off, so that a link would be no good. Switch the account on first. Nothing was changed.`;
        throw new HttpProblem(409, 'DISABLED', 'Switched off', sentence);
      }
      const { token, link } = newLink();
      const purpose = await people.makeLink(id, link, actorOf(asking));
      return purpose === 'unknown' ? null : shownLink(token, purpose, link.expiresAt);
    },

    async signOutEverywhere(id, asking) {
      if (!(await people.find(id))) return null;
      const { caller } = asking;
      // Who signs everybody of theirs out stays where they are.
      await people.endSessions(id, { but: caller.id === id ? (caller.sessionId ?? null) : null }, actorOf(asking));
      return found(id);
    },

    async removeFactors(id, asking) {
      if (!(await people.find(id))) return null;
      await people.removeFactors(id, { passkeys: true }, actorOf(asking));
      return found(id);
    },

    async unlock(id, asking) {
      const person = await people.find(id);
      if (!person) return null;
      const actor = actorOf(asking);
      if (await lockOuts.forget(subjectOf(id))) {
        const about = { personId: id, person: person.name };
        const data = { ...about, by: actor.name, byId: actor.id, through: actor.by, address: actor.address };
        await events.append([{ kind: 'person.unlocked', data }]);
      }
      return found(id);
    },
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
