import type { OwnAccountJson } from '../../contract/index.ts';
import type { Actor, Person } from '../../core/ports/people.ts';
import type { OwnAccountDesk, OwnAsking } from '../../http/own-account-desk.ts';
import { HttpProblem, notFound } from '../../http/problems.ts';
import { requireStepUp } from '../../http/step-up.ts';
import { newRecoveryCodes, recoveryCodeHash } from '../../platform/access/recovery-codes.ts';
import { type Factors, proofLastsMs, proofWays } from '../../platform/access/step-up.ts';
import { newTotpSecret, totpStepOf, totpUri } from '../../platform/access/totp.ts';
import type { AccessParts } from './parts.ts';
import { actorOf, personJson, refusalOf } from './people-desk.ts';
import { checkPassword } from './sign-in-desk.ts';
import { subjectOf, type Tries } from './tries.ts';

const factorsOf = (person: Person): Factors => ({
  password: person.hasPassword,
  codes: person.codesSince !== null,
  passkeys: person.passkeys,
});

/** What people do with their own account. Changing how they prove who they are takes a fresh proof, once there is something to prove it by. */
export function createOwnAccountDesk(parts: AccessParts & { readonly tries: Tries }): OwnAccountDesk {
  const { people, credentials, tries, clock, random } = parts;

  const self = async ({ caller }: OwnAsking): Promise<Person> => {
    const person = await people.find(caller.id);
    if (!person) throw notFound('such person any more');
    return person;
  };

  /** Who asks, freshly proved where there is anything to prove it by. */
  async function proved(asking: OwnAsking): Promise<{ person: Person; actor: Actor }> {
    const person = await self(asking);
    if (proofWays(factorsOf(person)).length > 0) requireStepUp(asking.caller, clock);
    return { person, actor: actorOf(asking) };
  }

  const noteProof = (asking: OwnAsking, way: string): Promise<void> =>
    people.noteProof(asking.caller.sessionId!, way, clock.now(), actorOf(asking));

  const wrong = (code: string, title: string, detail: string): HttpProblem => new HttpProblem(422, code, title, detail);
  const passkeyRefused = (): HttpProblem =>
    wrong(
      'PASSKEY_REFUSED',
      'The passkey was refused',
      'It is not one of yours, or the device did not verify you by finger, face or PIN. Nothing was changed.',
    );

  return {
    async show(asking): Promise<OwnAccountJson> {
      const person = await self(asking);
      const [sessions, passkeys] = await Promise.all([people.sessions(person.id), people.passkeys(person.id)]);
      const { provedAt, sessionId } = asking.caller;
      const provedUntil = provedAt ? new Date(provedAt.getTime() + proofLastsMs) : null;
      return {
        person: personJson(person),
        sessions: sessions.map((session) => ({
          ...session,
          current: session.id === sessionId,
          createdAt: session.createdAt.toISOString(),
          lastSeenAt: session.lastSeenAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
        })),
        passkeys: passkeys.map((one) => ({ ...one, createdAt: one.createdAt?.toISOString() ?? null })),
        proofWays: proofWays(factorsOf(person)),
        provedUntil: provedUntil && provedUntil > clock.now() ? provedUntil.toISOString() : null,
      };
    },

    async change({ name, email }, asking) {
      // The address is what one signs in with, and where links are sent to.
      const { person, actor } =
        email === undefined ? { person: await self(asking), actor: actorOf(asking) } : await proved(asking);
      const changed = await people.change(
        person.id,
        { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) },
        actor,
      );
      if (changed === 'unknown') throw notFound('such person any more');
      if (typeof changed === 'string') throw refusalOf(changed, email ?? '');
    },

    async setPassword(password, asking) {
      const { person, actor } = await proved(asking);
      checkPassword(password, [person.email, person.name]);
      const hash = await credentials.passwords.hash(password);
      await people.setPassword(person.id, hash, asking.caller.sessionId ?? null, actor);
    },

    async beginCodes(asking) {
      const { person } = await proved(asking);
      const secret = newTotpSecret(random);
      if (!(await people.beginCodes(person.id, secret, clock.now()))) {
        const sentence =
          'An authenticator app is set up already. Remove it first to set up another. Nothing was changed.';
        throw new HttpProblem(409, 'CODES_ALREADY', 'There is one already', sentence);
      }
      return { secret, uri: totpUri(secret, 'Signalbox', person.email) };
    },

    async confirmCodes(code, asking) {
      const { person, actor } = await proved(asking);
      const begun = await people.codeSecret(person.id);
      if (!begun || begun.confirmed) throw notFound('authenticator app that waits to be confirmed');
      const now = clock.now();
      const step = totpStepOf(begun.secret, code, { now, lastStep: begun.lastStep });
      const codes = newRecoveryCodes(random);
      if (step === null || !(await people.confirmCodes(person.id, step, codes.map(recoveryCodeHash), now, actor))) {
        throw wrong(
          'CODE_WRONG',
          'The code is wrong',
          'It is not what the app should show now. Has it read the picture, and is the clock of its device right? The second factor is not set up yet.',
        );
      }
      await noteProof(asking, 'code');
      return { codes };
    },

    async removeCodes(asking) {
      const { person, actor } = await proved(asking);
      if (!(await people.removeFactors(person.id, { passkeys: false }, actor))) throw notFound('authenticator app');
    },

    async newRecoveryCodes(asking) {
      const { person, actor } = await proved(asking);
      if (!person.codesSince) throw notFound('authenticator app that they would stand in for');
      const codes = newRecoveryCodes(random);
      await people.replaceRecoveryCodes(person.id, codes.map(recoveryCodeHash), actor);
      return { codes };
    },

    async passkeyQuestion(name, asking) {
      await proved(asking);
      const question = await credentials.passkeys.registerQuestion(name, asking);
      if (!question) throw passkeyRefused();
      return question;
    },

    async addPasskey({ name, response }, asking) {
      const { person, actor } = await proved(asking);
      if (!(await credentials.passkeys.register(name, response, asking))) throw passkeyRefused();
      await people.notePasskey(person.id, name, actor);
      await noteProof(asking, 'passkey');
    },

    async renamePasskey(id, name, { caller }) {
      if (!(await people.renamePasskey(caller.id, id, name))) throw notFound('such passkey of yours');
    },

    async removePasskey(id, asking) {
      const { person, actor } = await proved(asking);
      if (!(await people.removePasskey(person.id, id, actor))) throw notFound('such passkey of yours');
    },

    async endSession(id, asking) {
      const ended = await people.endSessions(asking.caller.id, { only: id }, actorOf(asking));
      if (ended === 0) throw notFound('such session of yours');
    },

    async endOtherSessions(asking) {
      await people.endSessions(asking.caller.id, { but: asking.caller.sessionId ?? null }, actorOf(asking));
    },

    async prove({ code, password }, asking) {
      const person = await self(asking);
      const { address } = asking;
      const ways = proofWays(factorsOf(person));
      const way = code === undefined ? 'password' : 'code';
      if (!ways.includes(way)) {
        throw wrong(
          'OTHER_PROOF_NEEDED',
          'Another proof is needed',
          ways.length === 0
            ? 'You have nothing set up yet that proves who you are. Set up an authenticator app or a passkey under Your account first. Nothing was changed.'
            : 'Use your second factor: an authenticator app’s code or a passkey. Nothing was changed.',
        );
      }
      const attempt = await tries.begin({ person, subject: subjectOf(person.id), address, way });
      const right =
        code === undefined
          ? await credentials.passwords.verify(password!, await people.passwordHash(person.id))
          : await tries.useCode(person, code, address);
      if (!right) {
        throw await attempt.wrong(
          422,
          way === 'code' ? 'CODE_WRONG' : 'PASSWORD_WRONG',
          way === 'code'
            ? 'The code is wrong, or was used already: the app shows a new one every 30 seconds. Nothing was changed.'
            : 'The password is wrong. Nothing was changed.',
        );
      }
      await attempt.right();
      await noteProof(asking, way);
    },

    async proofQuestion(asking) {
      const question = await credentials.passkeys.question(asking);
      if (!question) throw passkeyRefused();
      return question;
    },

    async proveByPasskey(response, asking) {
      const session = await credentials.passkeys.answer(response, { ...asking, proofOnly: true });
      if (!session) throw passkeyRefused();
      // The proof is for the session that there is; the one that came of it is not needed.
      await people.dropSession(session.sessionId);
      if (session.personId !== asking.caller.id) throw passkeyRefused();
      await noteProof(asking, 'passkey');
    },
  };
}
