export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
}

/**
 * What a request says of who sends it: Alpaca's two headers, or HTTP Basic with the key id for a name, which its data API takes too. Null:
 * nothing at all. A bearer token is somebody whom this venue does not know.
 */
export function credentialsIn(header: (name: string) => string | undefined | null): Credentials | null {
  const [keyId, secret] = [header('apca-api-key-id'), header('apca-api-secret-key')];
  if (keyId || secret) return { keyId: keyId ?? '', secret: secret ?? '' };
  const written = header('authorization');
  if (!written) return null;
  const basic = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(written.trim())?.[1];
  const [name, ...rest] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [''];
  return { keyId: name!, secret: rest.join(':') };
}
