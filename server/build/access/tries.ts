import type { Person } from '../../core/ports/people.ts';
import { HttpProblem } from '../../http/problems.ts';
import { addressTerms, personTerms } from '../../platform/access/lock-out.ts';
import { looksLikeRecoveryCode, recoveryCodeHash } from '../../platform/access/recovery-codes.ts';
import { totpStepOf } from '../../platform/access/totp.ts';
import { type AccessParts, nobody } from './parts.ts';

/** A try at a password or a code that was counted as wrong, until it is found to be right. */
export interface Try {
  /** When the next try may be made, should this one be wrong; null: at once. */
  readonly until: Date | null;
  /** It was right, and all that was asked for: earlier wrong ones are forgotten. */
  right(): Promise<void>;
  /** It was right, but not enough: it does not count, and nothing else is forgotten. */
  takeBack(): Promise<void>;
  /** It was wrong: what is told, and written down. `what` is the sentence that says what was wrong. */
  wrong(status: 401 | 422, code: string, what: string): Promise<HttpProblem>;
}

/** The subject of a person's count, as the list of people reads it. */
export const subjectOf = (personId: string): string => `person:${personId}`;

/** Tries at passwords and codes: counted by person and by address before they are looked at. */
export function createTries({
  people,
  lockOuts,
  events,
  clock,
}: Pick<AccessParts, 'people' | 'lockOuts' | 'events' | 'clock'>) {
  const locked = (until: Date): HttpProblem =>
    new HttpProblem(
      429,
      'LOCKED_OUT',
      'Too many wrong tries',
      `There were too many wrong tries: passwords and codes are not looked at until ${until.toISOString().slice(0, 19).replace('T', ' ')} UTC. Wait, use a passkey, or ask an administrator to unlock you. Orders and stops are not affected.`,
      undefined,
      until,
    );

  async function tell(
    kind: 'person.sign_in_failed' | 'person.locked_out',
    about: TryAbout,
    more: object,
  ): Promise<void> {
    const { person, address } = about;
    await events.append([
      {
        kind,
        data: {
          ...{ personId: person?.id ?? null, person: person?.name ?? null },
          ...{ by: person?.name ?? nobody(address).name, byId: null, through: 'nobody', address },
          ...more,
        },
      },
    ]);
  }

  return {
    /** Throws LOCKED_OUT, with until when. `subject` is what is counted for somebody whom nobody knows. */
    async begin(about: TryAbout): Promise<Try> {
      const now = clock.now();
      const from = `address:${about.address ?? 'unknown'}`;
      const who = about.person ? subjectOf(about.person.id) : about.subject;
      const byAddress = await lockOuts.count(from, addressTerms, now);
      if (!byAddress.open) throw locked(byAddress.until!);
      const byPerson = await lockOuts.count(who, personTerms, now);
      if (!byPerson.open) {
        await lockOuts.takeBack(from);
        throw locked(byPerson.until!);
      }
      const until = [byAddress.until, byPerson.until].reduce((a, b) => (a && b ? (a > b ? a : b) : (a ?? b)), null);
      return {
        until,
        async right() {
          await Promise.all([lockOuts.takeBack(from), lockOuts.forget(who)]);
        },
        async takeBack() {
          await Promise.all([lockOuts.takeBack(from), lockOuts.takeBack(who)]);
        },
        async wrong(status, code, what) {
          await tell('person.sign_in_failed', about, { way: about.way, code });
          if (until === null)
            return new HttpProblem(status, code, status === 401 ? 'Not signed in' : 'Not proved', what);
          await tell('person.locked_out', about, { way: about.way, until: until.toISOString() });
          return locked(until);
        },
      };
    },

    /** Whether a code of the person's app, or a recovery code, is right; it is used up then. */
    async useCode(person: Person, code: string, address: string | null): Promise<boolean> {
      const actor = { ...nobody(address), id: person.id, name: person.name };
      const now = clock.now();
      if (looksLikeRecoveryCode(code)) return people.useRecoveryCode(person.id, recoveryCodeHash(code), now, actor);
      const known = await people.codeSecret(person.id);
      if (!known?.confirmed) return false;
      const step = totpStepOf(known.secret, code, { now, lastStep: known.lastStep });
      return step !== null && people.useStep(person.id, step);
    },
  };
}

interface TryAbout {
  readonly person: Person | null;
  readonly subject: string;
  readonly address: string | null;
  readonly way: 'password' | 'code';
}

export type Tries = ReturnType<typeof createTries>;
