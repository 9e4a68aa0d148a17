import { createHash } from 'node:crypto';
import { HttpProblem } from '../../http/problems.ts';
import type { SignInDesk } from '../../http/sign-in-desk.ts';
import { passwordProblem } from '../../platform/access/passwords.ts';
import { type AccessParts, nobody } from './parts.ts';
import type { Tries } from './tries.ts';

/** What is kept of a link's token. */
export const linkHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Throws unless a password may be used; `about` is what anybody knows of the person. */
export function checkPassword(password: string, about: readonly string[]): void {
  const problem = passwordProblem(password, about);
  if (problem === null) return;
  throw new HttpProblem(400, 'WEAK_PASSWORD', 'Not that password', `${problem} Nothing was changed.`, [
    { field: 'password', code: 'WEAK_PASSWORD', message: problem },
  ]);
}

const notSignedIn = (code: string, detail: string): HttpProblem => new HttpProblem(401, code, 'Not signed in', detail);

/** The ways in. What is wrong is told in the same words whether somebody is known or not. */
export function createSignInDesk(parts: AccessParts & { readonly tries: Tries }): SignInDesk {
  const { people, credentials, tries, clock } = parts;
  const gone = (): HttpProblem =>
    new HttpProblem(
      404,
      'LINK_GONE',
      'The link is no good any more',
      'It was used, has expired, or a newer one was made. Ask an administrator for another. Nothing was changed.',
    );

  return {
    async byPassword({ email, password, code }, from) {
      const person = await people.findByEmail(email);
      const way = code === undefined ? 'password' : 'code';
      const subject = `email:${linkHash(email.toLowerCase())}`;
      const attempt = await tries.begin({ person, subject, address: from.address, way });
      const hash = person && (await people.passwordHash(person.id));
      if (!(await credentials.passwords.verify(password, hash)) || !person) {
        throw await attempt.wrong(
          401,
          'SIGN_IN_FAILED',
          'The e-mail address or the password is wrong. If you have forgotten it, ask an administrator for a link to set a new one.',
        );
      }
      if (person.disabledAt) {
        await attempt.takeBack();
        throw notSignedIn('DISABLED', 'Your account is switched off. Ask an administrator to switch it on again.');
      }
      if (person.codesSince) {
        if (code === undefined) {
          await attempt.takeBack();
          throw notSignedIn(
            'CODE_NEEDED',
            'The password is right. Now the code of your authenticator app, or a recovery code.',
          );
        }
        if (!(await tries.useCode(person, code, from.address))) {
          throw await attempt.wrong(
            401,
            'CODE_WRONG',
            'The code is wrong, or was used already. Your app shows a new one every 30 seconds; look at its clock if that does not help either.',
          );
        }
      }
      await attempt.right();
      return { cookies: await credentials.openSession(person.id, 'password', from) };
    },

    async passkeyQuestion(from) {
      const question = await credentials.passkeys.question(from);
      if (question) return question;
      throw new HttpProblem(
        429,
        'TOO_MANY_ATTEMPTS',
        'Too many tries',
        'Too many passkeys were asked for from here. Wait a minute, and try again.',
      );
    },

    async byPasskey(response, from) {
      const session = await credentials.passkeys.answer(response, from);
      if (session) return session;
      throw notSignedIn(
        'PASSKEY_REFUSED',
        'This passkey is not known here, did not verify you, or its owner’s account is switched off. Sign in with your password, or with the link that the server prints.',
      );
    },

    async lookAtLink(token) {
      const found = await people.findLink(linkHash(token), clock.now());
      if (!found) throw gone();
      return { name: found.person.name, email: found.person.email, purpose: found.purpose };
    },

    async useLink(token, password, from) {
      const now = clock.now();
      const found = await people.findLink(linkHash(token), now);
      if (!found) throw gone();
      checkPassword(password, [found.person.email, found.person.name]);
      const hash = await credentials.passwords.hash(password);
      const used = await people.useLink(linkHash(token), { hash, now }, nobody(from.address));
      if (!used) throw gone();
      // A link stands for the password alone: whoever reads somebody's mail does not have the second factor.
      if (used.person.codesSince || used.person.passkeys > 0) return { cookies: [], signedIn: false };
      return { cookies: await credentials.openSession(used.person.id, 'invitation', from), signedIn: true };
    },
  };
}
