import { createHash } from 'node:crypto';
import type { Random } from '../../core/ports/random.ts';

/** As many as fit a slip of paper. */
const howMany = 10;
/** Without what can be taken for something else when it is read from paper: 0 and O, 1, I and L. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
/** 16 letters of 31 are 79 bits: nobody finds one by trying, not even with the hashes. */
const length = 16;

/** New codes, as a person keeps them: `ABCD-EFGH-JKMN-PQRS`. Each is good once. */
export function newRecoveryCodes(random: Pick<Random, 'token'>): string[] {
  return Array.from({ length: howMany }, () => {
    let code = '';
    while (code.length < length) {
      for (const byte of Buffer.from(random.token(32), 'base64url')) {
        // Bytes past the last whole multiple would make some letters more frequent.
        if (byte < 248 && code.length < length) code += letters[byte % letters.length];
      }
    }
    return code.match(/.{4}/g)!.join('-');
  });
}

/** What is kept of a code: SHA-256 of its letters, however it is typed. */
export const recoveryCodeHash = (code: string): string =>
  createHash('sha256')
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest('hex');

/** Whether something typed may be a recovery code; six digits are an app's. */
export const looksLikeRecoveryCode = (code: string): boolean => code.replace(/[^A-Za-z0-9]/g, '').length === length;
