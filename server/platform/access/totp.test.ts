import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { newTotpSecret, totpCode, totpStepAt, totpStepOf, totpUri } from './totp.ts';

/** The ASCII text 12345678901234567890 of RFC 6238, appendix B. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of an authenticator app', () => {
  // RFC 6238, appendix B: the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(totpCode(secret, totpStepAt(new Date(seconds * 1000)))).toBe(code);
  });

  const now = new Date('2026-11-20T15:00:10Z');
  const here = totpStepAt(now);
  const of = (step: number, lastStep = 0) => totpStepOf(secret, totpCode(secret, step), { now, lastStep });

  it('count one step around the moment, and no further', () => {
    expect([-2, -1, 0, 1, 2].map((away) => of(here + away))).toEqual([null, here - 1, here, here + 1, null]);
  });

  it('count once: neither again nor after a later one', () => {
    expect(of(here, here)).toBeNull();
    expect(of(here - 1, here)).toBeNull();
    expect(of(here + 1, here)).toBe(here + 1);
  });

  it('may be typed with a gap, and are six digits', () => {
    const code = totpCode(secret, here);
    const about = { now, lastStep: 0 };
    expect(totpStepOf(secret, `${code.slice(0, 3)} ${code.slice(3)}`, about)).toBe(here);
    for (const wrong of ['', code.slice(1), `${code}0`, '12345a', '①②③④⑤⑥']) {
      expect(totpStepOf(secret, wrong, about)).toBeNull();
    }
  });

  it('come of a secret of 160 bits that is never the same', () => {
    const made = new Set(Array.from({ length: 20 }, () => newTotpSecret(systemRandom)));
    expect(made.size).toBe(20);
    for (const one of made) expect(one).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('are set up by an address that apps read', () => {
    const uri = new URL(totpUri(secret, 'Signalbox', 'ada@example.org'));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/Signalbox:ada@example.org',
    ]);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      ...{ secret, issuer: 'Signalbox', algorithm: 'SHA1', digits: '6', period: '30' },
    });
  });
});
