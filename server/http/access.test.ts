// The ways in, people, second factors, fresh proofs and lock-outs, by HTTP.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { OneTimeLinkJson, OwnAccountJson, PersonJson, Problem } from '../contract/index.ts';
import { type Api, openApi } from '../testing/api.ts';
import { codesOf, enrolSecondFactor } from '../testing/authenticator.ts';

/** The machine's clock, ahead by what a test says. */
let aheadMs = 0;
const now = () => new Date(systemClock.now().getTime() + aheadMs);
let api: Api;
beforeAll(async () => {
  api = await openApi({}, { accessClock: { ...systemClock, now } });
});
afterAll(() => api.close());

const password = 'tulip gravel nine moth';
let peer = 0;
/** Each test comes from an address of its own: wrong tries are counted by it. */
let from = '';
beforeEach(() => {
  peer += 1;
  from = `203.0.113.${peer}`;
});

interface Answer<T> {
  status: number;
  body: T & Problem;
  cookies: string;
}

async function ask<T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await api.request(path, {
    method,
    headers: {
      origin: api.url,
      'x-test-peer': from,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const cookies = response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  return { status: response.status, body: (await response.json()) as T & Problem, cookies };
}

/** The API as whoever a cookie belongs to. */
const as = (cookie: string) => ({
  ask: <T>(method: string, path: string, body?: unknown) => ask<T>(method, `/api/v1${path}`, body, { cookie }),
  async done<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await ask<T>(method, `/api/v1${path}`, body, { cookie });
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  },
});
const tokenOf = ({ url }: OneTimeLinkJson) => url.split('#')[1]!;
const signIn = (email: string, more: object = {}) =>
  ask<{ done: true }>('POST', '/api/auth/sign-in', { email, password, ...more });
const events = async (kind: string) =>
  (await api.sql`select data from events where kind = ${kind} order by seq`).map(
    (row) => row.data as Record<string, unknown>,
  );

/** An administrator who has just proved who it is. */
let admin: ReturnType<typeof as>;
beforeAll(async () => {
  admin = as(await api.signIn());
  await enrolSecondFactor(admin.done, now);
});
/** Tests set the clock ahead; the administrator's proof is not what they try. */
beforeEach(async () => {
  const { id } = await admin.done<{ id: string }>('GET', '/me');
  await api.sql`update auth_sessions set proved_at = ${now()} where user_id = ${id}`;
});

let count = 0;
/** Somebody who was invited and has set a password. */
async function newcomer(role = 'trader'): Promise<{ person: PersonJson; email: string; cookie: string }> {
  count += 1;
  const email = `person${count}@example.org`;
  const invited = await admin.done<{ person: PersonJson; link: OneTimeLinkJson }>('POST', '/users', {
    ...{ name: `Person ${count}`, email, role },
  });
  const used = await ask('POST', '/api/auth/link/use', { token: tokenOf(invited.link), password });
  expect(used.body).toEqual({ signedIn: true });
  return { person: invited.person, email, cookie: used.cookies };
}

describe('an invitation', () => {
  it('names who it is for, sets a password once, signs in, and is kept as a hash', async () => {
    const { person, link } = await admin.done<{ person: PersonJson; link: OneTimeLinkJson }>('POST', '/users', {
      ...{ name: 'Ada', email: 'Ada@Example.org', role: 'analyst' },
    });
    expect(person).toMatchObject({
      email: 'ada@example.org',
      role: 'analyst',
      hasPassword: false,
      linkUntil: link.expiresAt,
    });
    const token = tokenOf(link);
    expect(JSON.stringify(await api.sql`select * from auth_invitations`)).not.toContain(token);
    const about = await ask('POST', '/api/auth/link', { token });
    expect(about.body).toEqual({ name: 'Ada', email: 'ada@example.org', purpose: 'invitation' });

    const weak = await ask('POST', '/api/auth/link/use', { token, password: 'password1234' });
    expect([weak.status, weak.body.code]).toEqual([400, 'WEAK_PASSWORD']);
    const used = await ask('POST', '/api/auth/link/use', { token, password });
    expect([used.status, used.body]).toEqual([200, { signedIn: true }]);
    expect(await as(used.cookies).done('GET', '/me')).toMatchObject({ name: 'Ada', role: 'analyst' });
    const again = await ask('POST', '/api/auth/link/use', { token, password });
    expect([again.status, again.body.code]).toEqual([404, 'LINK_GONE']);
    expect((await signIn('ADA@example.org')).status).toBe(200);
    const [stored] = await api.sql`select password from auth_credentials where user_id = ${person.id}`;
    expect(stored!.password).not.toContain(password);
  });

  it('is refused for an address that somebody has, and ends with a newer one or with its time', async () => {
    const { email, person } = await newcomer();
    const taken = await admin.ask('POST', '/users', { name: 'Twice', email, role: 'viewer' });
    expect([taken.status, taken.body.code]).toEqual([409, 'EMAIL_TAKEN']);
    const first = await admin.done<OneTimeLinkJson>('POST', `/users/${person.id}/link`);
    const second = await admin.done<OneTimeLinkJson>('POST', `/users/${person.id}/link`);
    expect(second.purpose).toBe('reset');
    expect((await ask('POST', '/api/auth/link', { token: tokenOf(first) })).body.code).toBe('LINK_GONE');
    await api.sql`update auth_invitations set expires_at = now() - interval '1 second' where used_at is null`;
    expect((await ask('POST', '/api/auth/link/use', { token: tokenOf(second), password })).body.code).toBe('LINK_GONE');
  });

  it('to set a new password ends every session, and does not stand for a second factor', async () => {
    const { person, email, cookie } = await newcomer();
    const app = await enrolSecondFactor(as(cookie).done, now);
    const link = await admin.done<OneTimeLinkJson>('POST', `/users/${person.id}/link`);
    const used = await ask('POST', '/api/auth/link/use', {
      token: tokenOf(link),
      password: 'another gravel for moths',
    });
    expect([used.status, used.body, used.cookies]).toEqual([200, { signedIn: false }, '']);
    expect((await as(cookie).ask('GET', '/me')).status).toBe(401);
    const half = await ask('POST', '/api/auth/sign-in', { email, password: 'another gravel for moths' });
    expect([half.status, half.body.code, half.cookies]).toEqual([401, 'CODE_NEEDED', '']);
    const whole = await ask('POST', '/api/auth/sign-in', {
      ...{ email, password: 'another gravel for moths', code: await app.code() },
    });
    expect(whole.status).toBe(200);
  });
});

describe('signing in with a password', () => {
  it('is told of, by whom and from where; as is what fails', async () => {
    const { person, email } = await newcomer();
    await signIn(email);
    expect((await events('person.signed_in')).at(-1)).toMatchObject({
      personId: person.id,
      way: 'password',
      address: from,
    });
    await ask('POST', '/api/auth/sign-in', { email, password: 'wrong wrong wrong' });
    const failed = (await events('person.sign_in_failed')).at(-1);
    expect(failed).toMatchObject({ personId: person.id, address: from, code: 'SIGN_IN_FAILED' });
    expect(JSON.stringify(await api.sql`select data from events`)).not.toContain('wrong wrong');
  });

  it('says the same of a wrong password and of an address that nobody has', async () => {
    const { email } = await newcomer();
    const wrong = await ask('POST', '/api/auth/sign-in', { email, password: 'wrong wrong wrong' });
    const unknown = await ask('POST', '/api/auth/sign-in', { email: 'nobody@example.org', password });
    expect(wrong).toEqual(unknown);
    expect([wrong.status, wrong.body.code]).toEqual([401, 'SIGN_IN_FAILED']);
  });

  it('is not taken from another site', async () => {
    const { email } = await newcomer();
    const others: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of others) {
      const answer = await ask('POST', '/api/auth/sign-in', { email, password }, headers);
      expect([answer.status, answer.body.code, answer.cookies]).toEqual([403, 'OTHER_ORIGIN', '']);
    }
  });
});

describe('a second factor', () => {
  it('is asked for once it is confirmed, and a code is good once', async () => {
    const { email, cookie } = await newcomer();
    const own = as(cookie);
    const { secret } = await own.done<{ secret: string }>('POST', '/me/second-factor');
    expect((await signIn(email)).status).toBe(200);
    const wrong = await own.ask('POST', '/me/second-factor/confirm', { code: '000000' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'CODE_WRONG']);
    const next = codesOf(secret, now);
    const first = await next();
    const { codes } = await own.done<{ codes: string[] }>('POST', '/me/second-factor/confirm', { code: first });
    expect(codes).toHaveLength(10);
    const stored = JSON.stringify([
      await api.sql`select * from auth_second_factors`,
      await api.sql`select * from auth_recovery_codes`,
    ]);
    for (const kept of [secret, ...codes]) expect(stored).not.toContain(kept);

    expect((await signIn(email)).body.code).toBe('CODE_NEEDED');
    expect((await signIn(email, { code: first })).body.code).toBe('CODE_WRONG');
    const second = await next();
    expect((await signIn(email, { code: second })).status).toBe(200);
    expect((await signIn(email, { code: second })).body.code).toBe('CODE_WRONG');
  });

  it('of which a code is used at the same time lets one in', async () => {
    const { email, cookie } = await newcomer();
    const app = await enrolSecondFactor(as(cookie).done, now);
    const code = await app.code();
    const answers = await Promise.all([1, 2, 3].map(() => signIn(email, { code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('has recovery codes, each good once; new ones end the old', async () => {
    const { email, cookie, person } = await newcomer();
    const app = await enrolSecondFactor(as(cookie).done, now);
    const [one, two] = app.recoveryCodes;
    expect((await signIn(email, { code: one!.toLowerCase().replaceAll('-', ' ') })).status).toBe(200);
    expect((await signIn(email, { code: one })).body.code).toBe('CODE_WRONG');
    const { items } = await admin.done<{ items: PersonJson[] }>('GET', '/users');
    expect(items.find(({ id }) => id === person.id)).toMatchObject({
      recoveryCodesLeft: 9,
      codesSince: expect.any(String),
    });
    const { codes } = await as(cookie).done<{ codes: string[] }>('POST', '/me/recovery-codes');
    expect((await signIn(email, { code: two })).body.code).toBe('CODE_WRONG');
    expect((await signIn(email, { code: codes[0] })).status).toBe(200);
  });

  it('is set up once, and taken away by its owner or an admin with a fresh proof', async () => {
    const { email, cookie, person } = await newcomer();
    const own = as(cookie);
    await enrolSecondFactor(own.done, now);
    expect((await own.ask('POST', '/me/second-factor')).body.code).toBe('CODES_ALREADY');
    await api.sql`update auth_sessions set proved_at = null where user_id = ${person.id}`;
    expect((await own.ask('DELETE', '/me/second-factor')).body.code).toBe('STEP_UP_REQUIRED');
    const freed = await admin.done<PersonJson>('DELETE', `/users/${person.id}/second-factor`);
    expect(freed).toMatchObject({ codesSince: null, recoveryCodesLeft: 0 });
    expect((await signIn(email)).status).toBe(200);
  });
});

describe('a lock-out', () => {
  const wrongs = async (email: string, times: number) => {
    const answers = [];
    for (let at = 0; at < times; at += 1) {
      answers.push(await ask('POST', '/api/auth/sign-in', { email, password: 'wrong wrong wrong' }));
    }
    return answers.map(({ body }) => body.code);
  };

  it('comes after five wrong ones, says until when, grows, and passes', async () => {
    const { email } = await newcomer();
    const failed = 'SIGN_IN_FAILED';
    expect(await wrongs(email, 5)).toEqual([failed, failed, failed, failed, 'LOCKED_OUT']);
    const locked = await signIn(email);
    expect([locked.status, locked.body.code]).toEqual([429, 'LOCKED_OUT']);
    const until = new Date(locked.body.until!);
    expect(until.getTime() - now().getTime()).toBeLessThanOrEqual(60_000);
    expect(locked.body.detail).toContain(until.toISOString().slice(11, 19));
    expect((await events('person.locked_out')).at(-1)).toMatchObject({ until: until.toISOString(), address: from });
    aheadMs += 61_000;
    expect(await wrongs(email, 1)).toEqual(['LOCKED_OUT']);
    const longer = new Date((await signIn(email)).body.until!).getTime() - now().getTime();
    expect(longer).toBeGreaterThan(90_000);
    aheadMs += 121_000;
    expect((await signIn(email)).status).toBe(200);
    // A right one starts anew.
    expect(await wrongs(email, 4)).toEqual([failed, failed, failed, failed]);
  });

  it('is lifted by an admin, and by nobody else', async () => {
    const { email, person } = await newcomer();
    await wrongs(email, 5);
    const { items } = await admin.done<{ items: PersonJson[] }>('GET', '/users');
    expect(items.find(({ id }) => id === person.id)?.lockedUntil).not.toBeNull();
    expect((await admin.done<PersonJson>('POST', `/users/${person.id}/unlock`)).lockedUntil).toBeNull();
    expect((await events('person.unlocked')).at(-1)).toMatchObject({ personId: person.id, by: 'Administrator' });
    expect((await signIn(email)).status).toBe(200);
  });

  it('leaves the link that the server prints as the way back', async () => {
    await wrongs('admin@signalbox.local', 5);
    expect((await as(await api.signIn()).ask('GET', '/me')).status).toBe(200);
    await admin.done('POST', `/users/${(await admin.done<{ id: string }>('GET', '/me')).id}/unlock`);
  });

  it('counts those that come at the same time, before any is looked at', async () => {
    const { email } = await newcomer();
    const answers = await Promise.all(Array.from({ length: 12 }, () => wrongs(email, 1)));
    expect(answers.flat().filter((code) => code === 'SIGN_IN_FAILED')).toHaveLength(4);
  });

  it('is by address as well, whoever is tried', async () => {
    const codes = [];
    for (let at = 0; at < 21; at += 1) codes.push(...(await wrongs(`stranger${at}@example.org`, 1)));
    expect(codes.slice(0, 19).every((code) => code === 'SIGN_IN_FAILED')).toBe(true);
    expect(codes.slice(19)).toEqual(['LOCKED_OUT', 'LOCKED_OUT']);
    const { email } = await newcomer().catch(() => ({ email: '' }));
    expect(email).not.toBe('');
    expect((await signIn(email)).body.code).toBe('LOCKED_OUT');
    from = '198.51.100.77';
    expect((await signIn(email)).status).toBe(200);
  });

  it('cannot be put off by giving the right password between wrong codes', async () => {
    const { email, cookie } = await newcomer();
    await enrolSecondFactor(as(cookie).done, now);
    const codes = [];
    for (let at = 0; at < 5; at += 1) {
      codes.push((await signIn(email, { code: '000000' })).body.code, (await signIn(email)).body.code);
    }
    expect(codes.slice(0, 8)).toEqual(Array.from({ length: 4 }, () => ['CODE_WRONG', 'CODE_NEEDED']).flat());
    expect(codes.slice(8)).toEqual(['LOCKED_OUT', 'LOCKED_OUT']);
  });
});

describe('people', () => {
  it('who are switched off are out at once, and in again when they are switched on', async () => {
    const { person, email, cookie } = await newcomer();
    expect((await as(cookie).ask('GET', '/me')).status).toBe(200);
    const off = await admin.done<PersonJson>('PATCH', `/users/${person.id}`, { enabled: false });
    expect(off).toMatchObject({ disabledAt: expect.any(String), sessions: 0 });
    expect((await as(cookie).ask('GET', '/me')).status).toBe(401);
    const refused = await signIn(email);
    expect([refused.status, refused.body.code, refused.cookies]).toEqual([401, 'DISABLED', '']);
    expect((await admin.ask('POST', `/users/${person.id}/link`)).body.code).toBe('DISABLED');
    const link = await api.auth.signInLink(email);
    const followed = await api.request(new URL(link!).pathname + new URL(link!).search, {
      headers: { 'x-test-peer': from },
    });
    expect(followed.headers.get('location')).toMatch(/^\/sign-in\?error=/);
    await admin.done('PATCH', `/users/${person.id}`, { enabled: true });
    expect((await signIn(email)).status).toBe(200);
  });

  it('have another role from the next request on, and the change is told with what was before', async () => {
    const { person, cookie } = await newcomer('viewer');
    expect((await as(cookie).ask('GET', '/events')).status).toBe(403);
    await admin.done('PATCH', `/users/${person.id}`, { role: 'analyst' });
    expect((await as(cookie).ask('GET', '/events')).status).toBe(200);
    expect((await events('person.changed')).at(-1)).toMatchObject({
      ...{ personId: person.id, by: 'Administrator', before: { role: 'viewer' }, after: { role: 'analyst' } },
    });
  });

  it('always have an administrator, however many demote each other at once', async () => {
    const { id } = await admin.done<{ id: string }>('GET', '/me');
    for (const change of [{ enabled: false }, { role: 'trader' }]) {
      const refused = await admin.ask('PATCH', `/users/${id}`, change);
      expect([refused.status, refused.body.code]).toEqual([409, 'LAST_ADMIN']);
    }
    const other = await newcomer('admin');
    const both = await Promise.all([
      admin.ask('PATCH', `/users/${id}`, { role: 'viewer' }),
      as(other.cookie).ask('PATCH', `/users/${other.person.id}`, { role: 'viewer' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    await api.sql`update auth_users set role = 'admin' where id = ${id}`;
    await api.sql`update auth_users set role = 'viewer' where id = ${other.person.id}`;
  });

  it('are signed out everywhere, or where they say', async () => {
    const { person, email, cookie } = await newcomer();
    const other = (await signIn(email)).cookies;
    const { sessions } = await as(other).done<OwnAccountJson>('GET', '/me/account');
    expect(sessions.map(({ current, signedInBy }) => [current, signedInBy])).toEqual([
      [true, 'password'],
      [false, 'invitation'],
    ]);
    await as(other).done('DELETE', `/me/sessions/${sessions[1]!.id}`);
    expect((await as(cookie).ask('GET', '/me')).status).toBe(401);
    await admin.done('DELETE', `/users/${person.id}/sessions`);
    expect((await as(other).ask('GET', '/me')).status).toBe(401);
  });

  it('cannot end each other’s sessions or touch each other’s passkeys', async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    const { sessions } = await as(two.cookie).done<OwnAccountJson>('GET', '/me/account');
    expect((await as(one.cookie).ask('DELETE', `/me/sessions/${sessions[0]!.id}`)).status).toBe(404);
    expect((await as(two.cookie).ask('GET', '/me')).status).toBe(200);
  });

  it('change their own name, address and password, and no token does', async () => {
    const { email, cookie } = await newcomer();
    const elsewhere = (await signIn(email)).cookies;
    await as(cookie).done('PATCH', '/me', { name: 'Grace', email: `new.${email}` });
    expect(await as(cookie).done('GET', '/me')).toMatchObject({ name: 'Grace', email: `new.${email}` });
    const weak = await as(cookie).ask('PUT', '/me/password', { password: 'grace-grace-grace' });
    expect(weak.body.code).toBe('WEAK_PASSWORD');
    await as(cookie).done('PUT', '/me/password', { password: 'quarry lantern oboe 7' });
    expect((await as(elsewhere).ask('GET', '/me')).status).toBe(401);
    expect((await as(cookie).ask('GET', '/me')).status).toBe(200);
    const token = await ask('GET', '/api/v1/me/account', undefined, { authorization: `Bearer ${api.tokens.admin}` });
    expect([token.status, token.body.code]).toEqual([403, 'NOT_A_PERSON']);
  });
});

describe('a fresh proof', () => {
  const production = { mode: 'production', confirmation: 'trade real money' };
  const forget = (personId: string) => api.sql`update auth_sessions set proved_at = null where user_id = ${personId}`;

  it('is asked for before real money, given by a code, and is over after five minutes', async () => {
    const { person, email, cookie } = await newcomer();
    const own = as(cookie);
    const app = await enrolSecondFactor(own.done, now);
    await forget(person.id);
    const refused = await own.ask('PUT', '/mode', production);
    expect([refused.status, refused.body.code]).toEqual([403, 'STEP_UP_REQUIRED']);
    expect(await own.done('GET', '/mode')).toMatchObject({ mode: 'paper' });
    expect((await own.ask('POST', '/me/proof', { password })).body.code).toBe('OTHER_PROOF_NEEDED');
    expect((await own.ask('POST', '/me/proof', { code: '000000' })).body.code).toBe('CODE_WRONG');
    await own.done('POST', '/me/proof', { code: await app.code() });
    expect((await events('person.proved')).at(-1)).toMatchObject({ personId: person.id, way: 'code', address: from });
    expect((await own.done<OwnAccountJson>('GET', '/me/account')).provedUntil).not.toBeNull();
    expect((await own.ask('PUT', '/mode', production)).status).toBe(200);
    // Back to paper asks for nothing.
    await forget(person.id);
    expect((await own.ask('PUT', '/mode', { mode: 'paper' })).status).toBe(200);
    const fresh = await signIn(email, { code: await app.code() });
    expect((await as(fresh.cookies).ask('PUT', '/mode', production)).status).toBe(200);
    aheadMs += 5 * 60_000 + 1;
    expect((await as(fresh.cookies).ask('PUT', '/mode', production)).body.code).toBe('STEP_UP_REQUIRED');
    await own.done('PUT', '/mode', { mode: 'paper' });
  });

  it('is the password where there is nothing stronger', async () => {
    const { person, cookie } = await newcomer();
    const own = as(cookie);
    await forget(person.id);
    expect((await own.done<OwnAccountJson>('GET', '/me/account')).proofWays).toEqual(['password']);
    expect((await own.ask('POST', '/me/proof', { password: 'not this one at all' })).body.code).toBe('PASSWORD_WRONG');
    await own.done('POST', '/me/proof', { password });
    expect((await own.ask('PUT', '/mode', production)).status).toBe(200);
    await own.done('PUT', '/mode', { mode: 'paper' });
  });

  it('cannot be given by who came by a link and has set nothing up: that comes first', async () => {
    await api.sql`
      insert into auth_users (id, name, email, email_verified, role) values ('linked', 'Link', 'link@example.org', true, 'admin')`;
    const link = new URL((await api.auth.signInLink('link@example.org'))!);
    const followed = await api.request(link.pathname + link.search, { headers: { 'x-test-peer': from } });
    const own = as(
      followed.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    );
    expect((await own.ask('PUT', '/mode', production)).body.code).toBe('STEP_UP_REQUIRED');
    const refused = await own.ask('POST', '/me/proof', { password });
    expect(refused.body).toMatchObject({
      code: 'OTHER_PROOF_NEEDED',
      detail: expect.stringContaining('Set up an authenticator app'),
    });
    await enrolSecondFactor(own.done, now);
    expect((await own.ask('PUT', '/mode', production)).status).toBe(200);
    await own.done('PUT', '/mode', { mode: 'paper' });
    await api.sql`update auth_users set role = 'viewer' where id = 'linked'`;
  });

  it('is asked for by every route that the table says, before anything else is looked at', async () => {
    const { person, cookie } = await newcomer('admin');
    await forget(person.id);
    const { guardedBy, routePermissions } = await import('./permissions.ts');
    const always = Object.entries(routePermissions).filter(([, one]) => guardedBy(one)?.stepUp === 'always');
    expect(always.length).toBeGreaterThan(7);
    for (const [line] of always) {
      const [method, path] = line.split(' ') as [string, string];
      const answer = await ask(method, path.replace(/:\w+/g, 'x'), {}, { cookie });
      expect([line, answer.status, answer.body.code]).toEqual([line, 403, 'STEP_UP_REQUIRED']);
    }
    await api.sql`update auth_users set role = 'viewer' where id = ${person.id}`;
  });

  it('by wrong codes locks out as signing in does', async () => {
    const { cookie } = await newcomer();
    const own = as(cookie);
    await enrolSecondFactor(own.done, now);
    const codes = [];
    for (let at = 0; at < 5; at += 1) codes.push((await own.ask('POST', '/me/proof', { code: '000000' })).body.code);
    expect(codes.at(-1)).toBe('LOCKED_OUT');
  });
});
