// Invariant: what the permission table says is what happens, for every route of the API's description and everybody who may come. A route that
// is new is walked with the others; one without a rule fails here, and keeps the server from starting.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Role } from '../contract/primitives.ts';
import { mayDo } from '../platform/access/roles.ts';
import { type Api, allRoles, openApi } from '../testing/api.ts';
import { type OpenApiDocument, type SampleRequest, sampleRequests } from '../testing/openapi-document.ts';
import { type Guarded, guardedBy, routePermissions } from './permissions.ts';

let api: Api;
let people: Record<Role, () => Promise<Headers>>;
let document: OpenApiDocument;
let samples: Map<string, SampleRequest>;
beforeAll(async () => {
  api = await openApi();
  document = (await (await api.request('/api/v1/openapi.json')).json()) as OpenApiDocument;
  samples = new Map(sampleRequests(document).map((sample) => [sample.line, sample]));
  people = Object.fromEntries(allRoles.map((role) => [role, person(role)])) as typeof people;
}, 60_000);
afterAll(() => api.close());

let signedIn = 0;
/** Somebody with a session. Some routes end the session of whoever asks: it is looked at first, and made anew. */
function person(role: Role): () => Promise<Headers> {
  const email = `${role}@example.com`;
  let cookie = '';
  return async () => {
    const headers = () => new Headers({ cookie, origin: api.url });
    const there = cookie && (await api.auth.callerOf(headers()).catch(() => null));
    if (there && there.role === role) return headers();
    await api.sql`
      insert into auth_users (id, name, email, email_verified, role)
      values (${`person-${role}`}, ${`A person who is ${role}`}, ${email}, true, ${role})
      on conflict (id) do update set role = excluded.role, email = excluded.email`;
    const link = new URL((await api.auth.signInLink(email))!);
    // The library counts tries by address.
    signedIn += 1;
    const peer = { 'x-test-peer': `203.0.113.${signedIn % 250}` };
    const answer = await api.app.request(link.pathname + link.search, { headers: peer });
    cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    await proved(role, 60);
    return headers();
  };
}

/** Lets the last proof of who somebody is be so many minutes old. */
async function proved(role: Role, minutesAgo: number): Promise<void> {
  const at = new Date(systemClock.now().getTime() - minutesAgo * 60_000);
  await api.sql`update auth_sessions set proved_at = ${at}, created_at = ${at} where user_id = ${`person-${role}`}`;
}

async function ask({ method, path, body }: SampleRequest, as: Headers) {
  const headers = new Headers(as);
  if (body) headers.set('content-type', body.type);
  const answer = await api.app.request(path, { method, headers, ...(body ? { body: body.text } : {}) });
  // Metrics and files are no JSON; a problem is, always.
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  return { status: answer.status, contentType: answer.headers.get('content-type'), ...problem };
}
const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });

/** What a permitted request may not be answered with, whatever is there or not. */
const refusals = [401, 403, 405, 500, 501, 503];

const guarded = Object.entries(routePermissions).flatMap(([line, permission]) => {
  const rule = guardedBy(permission);
  return rule ? [[line, rule] as const] : [];
});
/** A guarded route that has no description is asked as it is written. */
const sampleFor = (line: string): SampleRequest => {
  const [method, path] = line.split(' ') as [string, string];
  return samples.get(line) ?? { line, method, path, body: null };
};

describe('the description', () => {
  it('has no route without a line in the permission table', () => {
    const lines = Object.keys(routePermissions);
    expect([...samples.keys()].filter((line) => !lines.includes(line))).toEqual([]);
    expect(samples.size).toBeGreaterThan(100);
  });

  it('has every route that is guarded, but for the metrics', () => {
    expect(guarded.map(([line]) => line).filter((line) => !samples.has(line))).toEqual(['GET /metrics']);
  });
});

describe.each(guarded)('%s', (line, rule) => {
  it('asks who is there', async () => {
    for (const headers of [
      new Headers(),
      bearer('sbx_nobody'),
      new Headers({ cookie: 'signalbox.session_token=a.b' }),
    ]) {
      const answer = await ask(sampleFor(line), headers);
      expect([answer.status, answer.contentType, answer.code]).toEqual([
        401,
        'application/problem+json',
        'NOT_SIGNED_IN',
      ]);
    }
  });

  it.each(allRoles)('answers a person who is %s as the table says', async (role) => {
    const answer = await ask(sampleFor(line), await people[role]());
    if (!may(role, rule)) return expectRoleRefused(answer, role, rule);
    // Who came by a link alone has proved nothing yet.
    if (rule.stepUp === 'always') expect([answer.status, answer.code]).toEqual([403, 'STEP_UP_REQUIRED']);
    else if (!rule.stepUp || answer.code !== 'STEP_UP_REQUIRED') return expectTaken(answer);
    await proved(role, 0);
    expectTaken(await ask(sampleFor(line), await people[role]()));
    await proved(role, 60);
  });

  if (!line.startsWith('GET '))
    it('is not taken from a page of another site, whoever is signed in', async () => {
      for (const from of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const headers = await people.admin();
        headers.delete('origin');
        for (const [name, value] of Object.entries(from)) headers.set(name, value);
        const answer = await ask(sampleFor(line), headers);
        expect([answer.status, answer.code]).toEqual([403, 'OTHER_ORIGIN']);
      }
    });

  it.each(allRoles)('answers a script with the role %s as the table says', async (role) => {
    const answer = await ask(sampleFor(line), bearer(api.tokens[role]));
    if (!may(role, rule)) expectRoleRefused(answer, role, rule);
    else if (rule.personOnly) {
      expect([answer.status, answer.code]).toEqual([403, 'NOT_A_PERSON']);
    } else expectTaken(answer);
  });
});

const may = (role: Role, { least, only }: Guarded): boolean => (only ?? [role]).includes(role) && mayDo(role, least);

function expectTaken(answer: Awaited<ReturnType<typeof ask>>): void {
  expect(refusals, JSON.stringify(answer)).not.toContain(answer.status);
}

function expectRoleRefused(answer: Awaited<ReturnType<typeof ask>>, role: Role, { least, only }: Guarded): void {
  expect([answer.status, answer.code]).toEqual([403, 'NOT_ALLOWED']);
  expect(answer.detail).toContain(only ? `the roles ${only.join(' and ')}` : `the role ${least}`);
  expect(answer.detail).toContain(`you are ${role}`);
}
