import { access, api } from './client.ts';
import type { PasskeyQuestionJson } from './contract.ts';

/** A passkey is bound to a name: at an address of numbers alone there is none. */
const numbersOnly = (host: string): boolean => /^[\d.]+$|:/.test(host);

/** Why passkeys cannot be used in this browser, at this address. */
export type NoPasskeys = 'browser' | 'insecure' | 'numbers';

export function noPasskeys(): NoPasskeys | null {
  if (numbersOnly(location.hostname.replace(/^\[|\]$/g, ''))) return 'numbers';
  if (!window.isSecureContext) return 'insecure';
  return 'PublicKeyCredential' in window ? null : 'browser';
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};
const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

type Described = { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] };
const described = (list: Described[] | undefined) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

/** The device's own answer to what it is asked to sign, as JSON. Throws what the browser throws when the person stops it. */
async function sign(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const asked = options as { challenge: string; allowCredentials?: Described[] };
  const found = (await navigator.credentials.get({
    publicKey: {
      ...(options as object),
      challenge: bytes(asked.challenge),
      allowCredentials: described(asked.allowCredentials),
      userVerification: 'required',
    },
  })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
    },
  };
}

async function make(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const asked = options as unknown as Omit<
    PublicKeyCredentialCreationOptions,
    'challenge' | 'user' | 'excludeCredentials'
  > & {
    challenge: string;
    user: { id: string; name: string; displayName: string };
    excludeCredentials?: Described[];
  };
  const made = (await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: described(asked.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      attestationObject: text(response.attestationObject),
      clientDataJSON: text(response.clientDataJSON),
      transports: response.getTransports(),
    },
  };
}

export async function signInByPasskey(): Promise<void> {
  const { options } = await access.post<PasskeyQuestionJson>('/passkey/question');
  await access.post('/passkey/sign-in', { response: await sign(options) });
}

export async function proveByPasskey(): Promise<void> {
  const { options } = await api.post<PasskeyQuestionJson>('/me/proof/question');
  await api.post('/me/proof/passkey', { response: await sign(options) });
}

export async function addPasskey(name: string): Promise<void> {
  const { options } = await api.post<PasskeyQuestionJson>('/me/passkeys/question', { name });
  await api.post('/me/passkeys', { name, response: await make(options) });
}

/** Whether the person has stopped it, or let its time pass: nothing to be told of. */
export const wasStopped = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
