import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../core/ports/random.ts';

/** RFC 6238 with what every authenticator app takes: SHA-1, six digits, 30 s. */
const stepSeconds = 30;
const digits = 6;
/** RFC 4226 section 4 asks for 128 bits at least and recommends 160. */
const secretBytes = 20;
/** RFC 6238 section 5.2: one step for a clock that is off and for fingers that are slow, and no more. */
const toleranceSteps = 1;

/** RFC 4648; what apps take a secret as when it is typed. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret, in base32. */
export function newTotpSecret(random: Pick<Random, 'token'>): string {
  const bytes = Buffer.from(random.token(secretBytes), 'base64url');
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{5}/g)!.reduce((text, five) => text + alphabet[Number.parseInt(five, 2)], '');
}

/** The step that a moment is in. */
export const totpStepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / stepSeconds);

/** The code of a step: RFC 4226 section 5.3 over the step as a counter. Throws a RangeError for a secret that is not base32. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step that a code is of, at the moment or one step around it; null: a wrong code. A step up to `lastStep` counts no more, so that a code
 * that somebody has read over a shoulder is good for nothing.
 */
export function totpStepOf(secret: string, code: string, about: { now: Date; lastStep: number }): number | null {
  const given = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(given)) return null;
  const here = totpStepAt(about.now);
  for (let step = here - toleranceSteps; step <= here + toleranceSteps; step++) {
    if (step > about.lastStep && timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(given))) return step;
  }
  return null;
}

/** What a QR code of the secret holds, as Google's key URI format has it, which apps have settled on. */
export const totpUri = (secret: string, issuer: string, name: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(name)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`;

function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((letter) => {
    const five = alphabet.indexOf(letter);
    if (five < 0) throw new RangeError('not a secret in base32');
    return five.toString(2).padStart(5, '0');
  });
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
