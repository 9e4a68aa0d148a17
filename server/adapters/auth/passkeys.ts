import { passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import type { From } from './auth.ts';

export const basePath = '/api/auth';

/** Where better-auth's passkey plugin listens; only from here. */
export const passkeyPaths = {
  registerOptions: '/passkey/generate-register-options',
  register: '/passkey/verify-registration',
  options: '/passkey/generate-authenticate-options',
  verify: '/passkey/verify-authentication',
} as const;

/** What a browser is asked to prove, with the cookie that goes with it. */
export interface PasskeyQuestion {
  readonly options: Record<string, unknown>;
  readonly cookies: readonly string[];
}

export interface PasskeySession {
  readonly personId: string;
  readonly sessionId: string;
  readonly cookies: readonly string[];
}

/** Passkeys, by better-auth's plugin. Null: the browser's answer was not good enough, or the passkey is not known. */
export interface Passkeys {
  registerQuestion(name: string, from: From): Promise<PasskeyQuestion | null>;
  register(name: string, response: unknown, from: From): Promise<boolean>;
  question(from: From): Promise<PasskeyQuestion | null>;
  /** Opens a session for whose passkey it is. */
  answer(response: unknown, from: From): Promise<PasskeySession | null>;
}

/**
 * The plugin, with one thing more: the device must have asked for a finger, a face or a PIN. A passkey stands for a password and a code
 * together, so that having the device must not be enough.
 */
export const verifiedPasskeys = ({ rpID, origins }: { readonly rpID: string; readonly origins: readonly string[] }) =>
  passkey({
    rpID,
    rpName: 'Signalbox',
    origin: [...origins],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    advanced: { webAuthnChallengeCookie: 'passkey' },
    registration: {
      afterVerification({ verification }) {
        if (!verification.registrationInfo?.userVerified) throw unverified();
      },
    },
    authentication: {
      afterVerification({ verification }) {
        if (!verification.authenticationInfo.userVerified) throw unverified();
      },
    },
  });

const unverified = (): APIError => new APIError('BAD_REQUEST', { message: 'the device did not verify the person' });

interface PasskeyParts {
  readonly baseUrl: string;
  handler(request: Request): Promise<Response>;
  headersOf(from: From): Headers;
}

export function createPasskeys({ baseUrl, handler, headersOf }: PasskeyParts): Passkeys {
  async function ask(path: string, from: From, body?: unknown): Promise<Response> {
    const headers = headersOf(from);
    headers.delete('content-length');
    if (body !== undefined) headers.set('content-type', 'application/json');
    return handler(
      new Request(new URL(`${basePath}${path}`, baseUrl), {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }

  const question = async (path: string, from: From): Promise<PasskeyQuestion | null> => {
    const answer = await ask(path, from);
    if (!answer.ok) return null;
    return { options: (await answer.json()) as Record<string, unknown>, cookies: answer.headers.getSetCookie() };
  };

  return {
    registerQuestion: (name, from) =>
      question(`${passkeyPaths.registerOptions}?${new URLSearchParams({ name })}`, from),
    register: async (name, response, from) => (await ask(passkeyPaths.register, from, { name, response })).ok,
    question: (from) => question(passkeyPaths.options, from),
    async answer(response, from) {
      const answer = await ask(passkeyPaths.verify, from, { response });
      if (!answer.ok) return null;
      const { session } = (await answer.json()) as { session: { id: string; userId: string } };
      return { personId: session.userId, sessionId: session.id, cookies: answer.headers.getSetCookie() };
    },
  };
}
