import { describe, expect, it } from 'vitest';
import { passwordProblem } from './passwords.ts';

const about = ['ada@example.org', 'Ada Lovelace'];

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    'tulip-gravel-9-moth',
    'Zx8#kfW!q2Lp',
    'một con chim xanh nhỏ',
    '雨 の 日 は 家 で 本 を 読む',
  ])('%s will do', (password) => {
    expect(passwordProblem(password, about)).toBeNull();
  });

  it.each(['', 'short', 'elevenchars'])('%j is too short', (password) => {
    expect(passwordProblem(password, about)).toContain('at least 12 letters');
  });

  it.each([
    'password1234',
    'P@ssw0rd2026!',
    'passwordpassword',
    'Qwertyuiop123',
    '123456789012',
    '987654321098',
    'abcdefghijkl',
    'aaaaaaaaaaaa',
    'ababababababab',
    'signalbox-2026',
    'tradingview123!',
    'adalovelace1815',
    'letmein-letmein',
    '1qaz2wsx3edc',
  ])('%s is among the obvious', (password) => {
    expect(passwordProblem(password, about)).toContain('anybody would try');
  });

  it('is not longer than can be hashed at any speed', () => {
    expect(passwordProblem('a b c d e f '.repeat(20), about)).toContain('at most 128');
  });
});
