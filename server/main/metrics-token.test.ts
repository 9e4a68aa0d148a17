import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, openApi } from '../testing/api.ts';
import { adoptMetricsToken } from './metrics-token.ts';

let api: Api;
let folder: string;
let file: string;
beforeAll(async () => {
  [api, folder] = await Promise.all([openApi(), mkdtemp(join(tmpdir(), 'signalbox-token-'))]);
  file = join(folder, 'token');
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const first = 'f'.repeat(40);
const second = 's'.repeat(40);
const status = async (token: string, path = '/metrics') =>
  (await api.request(path, { headers: { authorization: `Bearer ${token}` } })).status;
async function adopt(content: string): Promise<void> {
  await writeFile(file, content);
  await adoptMetricsToken(file, api.apiTokens);
}

it('lets the token of the file read, and nothing more', async () => {
  expect(await status(first)).toBe(401);
  await adopt(`${first}\n`);
  expect(await status(first)).toBe(200);
  expect(await status(first, '/api/v1/events')).toBe(403);
});

it('revokes the one before it, and takes that again when it comes back', async () => {
  await adopt(second);
  expect([await status(first), await status(second)]).toEqual([401, 200]);
  await adopt(first);
  expect([await status(first), await status(second)]).toEqual([200, 401]);
});

it('leaves other tokens as they are, those of another name and role too', async () => {
  await adopt(first);
  expect(await status(api.tokens.admin)).toBe(200);
  await api.apiTokens.adopt('Prometheus', 'viewer', api.tokens.trader);
  const [row] = await api.sql`select name, role from api_tokens where name = 'trader script'`;
  expect(row).toEqual({ name: 'trader script', role: 'trader' });
});

it.each([
  ['short', /32 characters or more/],
  [`${first} ${second}`, /one word/],
  ['', /one word/],
])('refuses a file with %j', async (content, says) => {
  await expect(adopt(content)).rejects.toThrow(says);
});

it('says which file it cannot read', async () => {
  const nowhere = join(folder, 'nowhere');
  await expect(adoptMetricsToken(nowhere, api.apiTokens)).rejects.toThrow(
    /METRICS_TOKEN_FILE \(.*nowhere\) cannot be read: ENOENT/,
  );
});
