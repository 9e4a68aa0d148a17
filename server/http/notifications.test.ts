// Who may set what of notifications, what is refused and in which words, that no secret comes back, and answers from a device.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  NotificationDeliveryJson,
  NotificationDestinationJson,
  NotificationsJson,
  NotificationTemplateJson,
  Problem,
} from '../contract/index.ts';
import { openApi } from '../testing/api.ts';
import { browserKeys, listenForPosts } from '../testing/push-service.ts';

let api: Awaited<ReturnType<typeof openApi>>;
let listener: Awaited<ReturnType<typeof listenForPosts>>;
const browser = browserKeys();

beforeAll(async () => {
  listener = await listenForPosts();
  api = await openApi({}, { pushServices: [listener.origin] });
}, 60_000);
afterAll(async () => {
  await api?.close();
  await listener?.close();
});

type Role = Parameters<typeof api.as>[0];
async function ask<T>(role: Role, method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const answer = await api.as(role, `/api/v1${path}`, { method, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: (await answer.json()) as T };
}
const wish = () => ({
  ...{ name: 'Desk', channel: 'webhook', kinds: ['alarm.page'] },
  settings: { url: `${listener.origin}/hook/s3cret-part`, secret: 'sixteen letters!' },
});

describe('destinations', () => {
  it('are an admin’s to set; their secrets never come back', async () => {
    for (const role of ['viewer', 'analyst', 'trader'] as const)
      expect((await ask(role, 'POST', '/notifications/destinations', wish())).status).toBe(403);
    const { status, body } = await ask<NotificationDestinationJson>(
      'admin',
      'POST',
      '/notifications/destinations',
      wish(),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'Desk',
      channel: 'webhook',
      settings: {},
      place: new URL(listener.origin).host,
    });
    const all = await ask<NotificationsJson>('viewer', 'GET', '/notifications');
    expect(all.body.destinations.map(({ id }) => id)).toEqual([body.id]);
    expect(all.body.pushKey).toMatch(/^[\w-]{80,}$/);
    expect(JSON.stringify(all.body)).not.toMatch(/s3cret|sixteen/);
    const changed = await ask<NotificationDestinationJson>('admin', 'PATCH', `/notifications/destinations/${body.id}`, {
      kinds: ['alarm.page', 'order.filled'],
      settings: { url: `${listener.origin}/another` },
      quiet: { from: '22:00', to: '07:00', zone: 'Europe/Berlin', breaksThrough: ['alarm.page'], others: 'later' },
    });
    expect(changed.body).toMatchObject({ kinds: ['alarm.page', 'order.filled'], quiet: { zone: 'Europe/Berlin' } });
    // The secret that was not given again has stayed.
    expect(await api.notifications.store.settings(body.id)).toEqual({
      url: `${listener.origin}/another`,
      secret: 'sixteen letters!',
    });
  });

  it('are tested now, and the log says what came of it', async () => {
    const { body } = await ask<NotificationsJson>('admin', 'GET', '/notifications');
    const [{ id } = { id: '' }] = body.destinations;
    listener.answerWith({ status: 500 });
    expect((await ask('admin', 'POST', `/notifications/destinations/${id}/test`)).body).toMatchObject({
      ok: false,
      answer: expect.stringContaining('answered 500'),
    });
    listener.answerWith({ status: 200 });
    expect((await ask('admin', 'POST', `/notifications/destinations/${id}/test`)).body).toMatchObject({ ok: true });
    const log = await ask<{ items: NotificationDeliveryJson[]; next: string | null }>(
      'viewer',
      'GET',
      '/notifications/log?limit=1',
    );
    expect(log.body.items).toMatchObject([{ destination: 'Desk', kind: 'test', state: 'delivered', tries: 1 }]);
    const rest = await ask<{ items: NotificationDeliveryJson[] }>(
      'viewer',
      'GET',
      `/notifications/log?cursor=${log.body.next}`,
    );
    expect(rest.body.items).toMatchObject([{ state: 'failed' }]);
    const some = await ask<{ items: unknown[] }>('viewer', 'GET', '/notifications/log?state=failed&kind=order.filled');
    expect(some.body.items).toEqual([]);
    // A test is asked for anew, not sent again.
    expect((await ask('admin', 'POST', `/notifications/log/${log.body.items[0]!.id}/again`)).status).toBe(404);
  });

  it.each([
    ['a channel there is not', { channel: 'pigeon' }, 'expected one of discord, email, slack, telegram, webhook'],
    ['a device, which is a person’s own', { channel: 'web-push' }, 'expected one of discord'],
    [
      'an address of nothing',
      { settings: { url: 'ftp://x', secret: 'sixteen letters!' } },
      'expected an address that begins with',
    ],
    ['a short secret', { settings: { url: 'https://x.example', secret: 'short' } }, 'expected 16 characters'],
    [
      'a setting there is not',
      { settings: { ...{ url: 'https://x.example', secret: 'sixteen letters!' }, port: '1' } },
      'there are url, secret',
    ],
    [
      'a zone there is not',
      { quiet: { from: '22:00', to: '07:00', zone: 'Mars', breaksThrough: [], others: 'later' } },
      'Mars is no time zone',
    ],
    ['no kind', { kinds: [] }, 'kinds'],
  ])('are refused with %s', async (_what, change, words) => {
    const { status, body } = await ask<Problem>('admin', 'POST', '/notifications/destinations', {
      ...wish(),
      ...change,
    });
    expect(status).toBe(400);
    expect(body.detail).toContain(words);
    expect(body.detail).toContain('Nothing was changed.');
  });

  it('get a password anew when it would be sent somewhere else', async () => {
    const settings = {
      host: 'mail.example.com',
      user: 'desk',
      password: 'p4ssword',
      from: 'a@example.com',
      to: 'b@example.com',
    };
    const made = await ask<NotificationDestinationJson>('admin', 'POST', '/notifications/destinations', {
      ...{ name: 'Mail', channel: 'email', kinds: ['alarm.page'], settings },
    });
    const path = `/notifications/destinations/${made.body.id}`;
    expect(made.body.settings).toEqual({ ...settings, password: undefined, port: '465', security: 'tls' });
    const elsewhere = { ...made.body.settings, host: 'mail.evil.example' };
    const { status, body } = await ask<Problem>('admin', 'PATCH', path, { settings: elsewhere });
    expect([status, body.fields?.map(({ field }) => field)]).toEqual([400, ['password']]);
    expect(
      (await ask('admin', 'PATCH', path, { settings: { ...made.body.settings, to: 'c@example.com' } })).status,
    ).toBe(200);
    expect(await api.notifications.store.settings(made.body.id)).toMatchObject({
      password: 'p4ssword',
      to: 'c@example.com',
    });
    expect((await ask<NotificationsJson>('admin', 'DELETE', path)).body.destinations.map(({ name }) => name)).toEqual([
      'Desk',
    ]);
    expect((await ask('admin', 'DELETE', path)).status).toBe(404);
  });

  it('that the environment names stay where it says', async () => {
    await api.notifications.store.given('ALARM_WEBHOOK_URL', {
      ...{ name: 'G', channel: 'webhook', personId: null, settings: { url: listener.origin }, secretFields: ['url'] },
      ...{ place: 'here', kinds: ['alarm.page'], quiet: null, enabled: true },
    });
    const { body } = await ask<NotificationsJson>('admin', 'GET', '/notifications');
    const { id } = body.destinations.find(({ given }) => given !== null)!;
    const path = `/notifications/destinations/${id}`;
    expect((await ask<Problem>('admin', 'PATCH', path, { settings: wish().settings })).body).toMatchObject({
      code: 'GIVEN',
    });
    expect((await ask<Problem>('admin', 'DELETE', path)).body.detail).toContain('ALARM_WEBHOOK_URL');
    expect((await ask('admin', 'PATCH', path, { enabled: false })).body).toMatchObject({ enabled: false });
    await api.notifications.store.given('ALARM_WEBHOOK_URL', null);
  });
});

describe('words', () => {
  const read = async () =>
    (await ask<{ items: NotificationTemplateJson[] }>('viewer', 'GET', '/notifications/templates')).body.items;
  const one = (items: NotificationTemplateJson[]) =>
    items.find(({ channel, kind }) => channel === 'slack' && kind === 'mode.changed')!;

  it('are shown, tried, changed and set back', async () => {
    const shipped = one(await read());
    expect(shipped).toMatchObject({
      shipped: true,
      placeholders: expect.arrayContaining(['from', 'to', 'by', 'mode']),
    });
    const words = { subject: 'Now {to}', text: '{by} did it' };
    const shown = await ask('viewer', 'POST', '/notifications/templates/preview', { kind: 'mode.changed', ...words });
    expect(shown.body).toEqual({ subject: 'Now production', text: 'Ada did it' });
    const path = '/notifications/templates/slack/mode.changed';
    expect((await ask('trader', 'PUT', path, words)).status).toBe(403);
    const put = await ask<{ items: NotificationTemplateJson[] }>('admin', 'PUT', path, words);
    expect(one(put.body.items)).toMatchObject({ ...words, shipped: false });
    const back = await ask<{ items: NotificationTemplateJson[] }>('admin', 'DELETE', path);
    expect(one(back.body.items)).toEqual(shipped);
    expect((await ask('admin', 'PUT', '/notifications/templates/pigeon/mode.changed', words)).status).toBe(400);
  });

  it('are refused with the list of what there is', async () => {
    const wrong = { subject: 'x', text: '{symbol}' };
    for (const { status, body } of [
      await ask<Problem>('admin', 'PUT', '/notifications/templates/slack/mode.changed', wrong),
      await ask<Problem>('viewer', 'POST', '/notifications/templates/preview', { kind: 'mode.changed', ...wrong }),
    ]) {
      expect(status).toBe(400);
      expect(body.fields).toMatchObject([{ field: 'text', message: expect.stringContaining('{from}, {to}, {by}') }]);
    }
    expect(one(await read()).shipped).toBe(true);
  });
});

describe('devices', () => {
  it('are no script’s', async () => {
    const device = { name: 'Phone', endpoint: `${listener.origin}/push/1`, keys: browser, kinds: ['approval.wanted'] };
    const { keys, ...rest } = device;
    const { status, body } = await ask<Problem>('admin', 'POST', '/push/devices', {
      ...rest,
      keys: { p256dh: keys.p256dh, auth: keys.auth },
    });
    expect([status, body.code]).toEqual([403, 'NOT_A_PERSON']);
    expect((await ask('viewer', 'DELETE', '/push/devices/019aa2f4-0000-7000-8000-000000000001')).status).toBe(404);
  });

  it('answer with a token that was given, and no other', async () => {
    const answer = await api.request('/api/v1/push/answers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: 'x'.repeat(43), verdict: 'approve' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      code: 'ANSWER_VOID',
      detail: expect.stringContaining('was not counted'),
    });
  });
});
