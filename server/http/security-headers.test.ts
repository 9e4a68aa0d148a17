import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { readBlock } from '../core/net/address.ts';
import { contentPolicy, inlineScriptHashes, securityHeaders } from './security-headers.ts';

const app = (remote: string) =>
  new Hono()
    .use(
      securityHeaders({
        connectionOf: () => ({ remote: { address: remote } }),
        trustedProxies: [readBlock('10.0.0.0/8')!],
      }),
    )
    .get('/', (c) => c.text('here'));
const hstsOf = async (remote: string, headers: Record<string, string>) =>
  (await app(remote).request('/', { headers })).headers.get('strict-transport-security');

it('has browsers insist on TLS where a trusted proxy says that they came by it, and nowhere else', async () => {
  expect(await hstsOf('10.0.0.7', { 'x-forwarded-proto': 'https' })).toBe('max-age=31536000');
  expect(await hstsOf('10.0.0.7', { 'x-forwarded-proto': 'http' })).toBeNull();
  // What the browser wrote stands left of what the proxy wrote.
  expect(await hstsOf('10.0.0.7', { 'x-forwarded-proto': 'https, http' })).toBeNull();
  expect(await hstsOf('203.0.113.1', { 'x-forwarded-proto': 'https' })).toBeNull();
  expect(await hstsOf('10.0.0.7', {})).toBeNull();
});

it('lets a page run its own scripts by their hashes, and takes no style or script that stands in it otherwise', () => {
  const [hash] = inlineScriptHashes('<script>let a = 1;</script><script src="/x.js"></script>');
  const policy = contentPolicy([hash!]);
  expect(policy).toContain(`script-src 'self' '${hash}'`);
  expect(policy).toMatch(/style-src 'self' 'sha256-[^;]+;/);
  expect(policy).not.toMatch(/unsafe-(inline|eval)/);
});
