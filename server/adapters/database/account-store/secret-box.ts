import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts short secrets for the database. */
export interface SecretBox {
  /** `owner` is bound into the result: what was sealed for one row cannot be opened as another's. */
  seal(secret: string, owner: string): string;
  /** Throws an `Error` that tells a person what to do when the key is another one, or the text was changed. */
  open(sealed: string, owner: string): string;
}

/** AES-256-GCM takes a 256-bit key; a 96-bit nonce, random for each secret, and a 128-bit tag are what NIST SP 800-38D recommends. */
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';

/** @param key 32 bytes as base64: SIGNALBOX_KEY, or the one generated in the data directory */
export function createSecretBox(key: string): SecretBox {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== keyBytes) {
    throw new Error(
      `The key that encrypts broker keys must be ${keyBytes} bytes as base64, not ${bytes.length}. Make one with: openssl rand -base64 ${keyBytes}`,
    );
  }
  return {
    seal: (secret, owner) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${sealed.toString('base64url')}`;
    },
    open: (text, owner) => {
      try {
        const [said, sealed] = text.split('.');
        const all = Buffer.from(sealed ?? '', 'base64url');
        if (said !== version || all.length < nonceBytes + tagBytes) throw new RangeError('not a sealed secret');
        const decipher = createDecipheriv('aes-256-gcm', bytes, all.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(owner));
        decipher.setAuthTag(all.subarray(-tagBytes));
        return decipher.update(all.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        // The cause is dropped: it says nothing a person can use, and an error that carries bytes may be logged.
        throw new Error(
          'The broker keys in the database cannot be read: they were encrypted with another key. Start with the SIGNALBOX_KEY ' +
            '(or the secrets.json of the data directory) they were saved under, or enter the broker keys again.',
        );
      }
    },
  };
}
