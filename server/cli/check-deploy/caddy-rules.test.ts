// Ours is right; a copy that is damaged in any one way is not, and is told so in a sentence that names the damage.
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { caddyfile, caddyProblems } from './caddy-rules.ts';
import { readCaddyfile } from './caddy-syntax.ts';
import { filesOf } from './files.ts';

const ours = filesOf(fileURLToPath(new URL('../../..', import.meta.url)));
const text = ours.read(caddyfile)!;
const problems = (changed: string | null) =>
  caddyProblems({ ...ours, read: (path) => (path === caddyfile ? changed : ours.read(path)) });

test('ours is right', () => expect(problems(text)).toEqual([]));
test('there must be one', () => expect(problems(null)).toEqual([`${caddyfile}: there is none`]));

describe('a Caddyfile in which', () => {
  it.each<[what: string, from: string | RegExp, to: string, says: string]>([
    ['the secret is logged', '/hooks/[^/]+/|', '', 'the log would show /hooks/mine/secret'],
    ['another secret is logged', '|/trading/webhook/[^/]+/', '', 'the log would show /trading/webhook/1/secret'],
    [
      'a sender can say where it is',
      'X-Forwarded-For {remote_host}',
      'X-Forwarded-For {http.request.header.X-Forwarded-For}',
      'X-Forwarded-For is not set',
    ],
    [
      'a sender can show any certificate',
      /\t\theader_up X-Client-Certificate.*\n/,
      '',
      'X-Client-Certificate is not set',
    ],
    ['a sender can say it was verified', /\t\theader_up -X-Client-Verify\n/, '', 'X-Client-Verify is not taken away'],
    ['another machine is asked', '127.0.0.1:8080', '10.0.0.1:8080', 'Signalbox listens on'],
    ['alerts are led on in the clear', 'respond 400', 'respond 200', 'an alert in the clear is not refused'],
    [
      'an address of alerts is forgotten',
      '@alerts path /hooks/* /trading/webhook/*',
      '@alerts path /hooks/*',
      '/trading/webhook/* is not among @alerts',
    ],
    ['large bodies come through', 'max_size 64KiB', 'max_size 64MiB', 'alerts may have 64MiB'],
    [
      'the metrics are shown',
      'handle /metrics {\n\t\trespond 404',
      'handle /metrics {\n\t\timport signalbox',
      '/metrics is shown',
    ],
    ['people need a certificate', 'mode request', 'mode require_and_verify', 'one is insisted on'],
    ['https is no promise', 'max-age=63072000', 'max-age=60', 'Strict-Transport-Security'],
    ['a word is misspelt', 'request_body {', 'request_bodies {', '"request_bodies" is not known'],
    ['a block stays open', /\}\n$/, '', 'is never closed'],
    ['a block is closed twice', /\}\n$/, '}\n}\n', 'expected nothing to close'],
    ['the sites differ', 'http://signalbox.example.com', 'http://example.com', 'different names'],
  ])('%s', (_, from, to, says) => {
    const damaged = text.replace(from, to);
    expect(damaged).not.toBe(text);
    expect(problems(damaged)).toContainEqual(expect.stringContaining(says));
  });
});

test('quotes, comments and blocks are read', () => {
  expect(readCaddyfile('a {\n\tb "c d" # no\n}\n')).toEqual([
    { name: 'a', args: [], line: 1, block: [{ name: 'b', args: ['c d'], line: 2, block: null }] },
  ]);
  expect(() => readCaddyfile('a "b')).toThrow('line 1: the quote is never closed');
});
