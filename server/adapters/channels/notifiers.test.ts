// Every channel of the folder, over real connections of this machine, through one suite; and what each has of its own.
import { createHmac } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import type { Notifier } from '../../core/ports/notifier.ts';
import { makePushKeys } from '../../main/notifications.ts';
import { createTestAuthority } from '../../testing/certificates.ts';
import {
  type NotifierUnderTest,
  notifierConformance,
  type Reply,
  sampleMessage,
} from '../../testing/conformance/notifier.ts';
import { browserKeys, listenForPosts, vapidOf } from '../../testing/push-service.ts';
import { loadChannels } from './load-channels.ts';

const keys = makePushKeys();
const load = async (key: string, pushServices: readonly string[] = []): Promise<Notifier> =>
  (await loadChannels({ vapid: async () => keys, pushContact: 'https://box.example.com', pushServices })).find(
    (one) => one.key === key,
  )!;
const httpReplies: readonly Reply[] = ['take', 'later', 'later in 90 s', 'never', 'echo', 'point elsewhere'];

async function overHttp(about: {
  readonly key: string;
  readonly settings: (origin: string) => Record<string, string>;
  readonly secrets: readonly string[];
  readonly textOf: (body: Buffer) => string;
}): Promise<NotifierUnderTest> {
  const listener = await listenForPosts();
  const nobodyAt = await listenForPosts();
  await nobodyAt.close();
  return {
    notifier: await load(about.key, [listener.origin, nobodyAt.origin]),
    settings: about.settings(listener.origin),
    nobody: about.settings(nobodyAt.origin),
    secrets: about.secrets,
    reply(next) {
      const echo = JSON.stringify({ message: about.secrets.join(' '), description: about.secrets.join(' ') });
      const answers = {
        take: { status: 200, body: '{"ok":true}' },
        later: { status: 503 },
        'later in 90 s': { status: 429, headers: { 'retry-after': '90' } },
        never: { status: 400 },
        echo: { status: 403, body: echo + ' '.repeat(100_000) },
        'point elsewhere': { status: 307, headers: { location: `${listener.origin}/elsewhere` } },
        gone: { status: 410 },
      } as const;
      listener.answerWith(answers[next]);
    },
    heard: () => listener.heard.map(({ body }) => about.textOf(body)),
    close: () => listener.close(),
  };
}

const textIn = (name: string) => (body: Buffer) => (JSON.parse(body.toString()) as Record<string, string>)[name]!;

it('finds its files, each under its name, and refuses one of another', async () => {
  const found = await loadChannels({ vapid: async () => keys, pushContact: 'x', pushServices: [] });
  expect(found.map((one) => one.key)).toEqual(['discord', 'email', 'slack', 'telegram', 'web-push', 'webhook']);
  expect(found.filter((one) => one.personal).map((one) => one.key)).toEqual(['web-push']);
  const other = new URL('../clock/', import.meta.url);
  await expect(loadChannels({ vapid: async () => keys, pushContact: 'x', pushServices: [] }, other)).rejects.toThrow(
    'must export a channel',
  );
});

describe('webhook', () => {
  const secret = 'a secret of thirty characters!';
  const open = () =>
    overHttp({
      key: 'webhook',
      settings: (origin) => ({ url: `${origin}/hook?key=s3cret-in-address`, secret }),
      secrets: ['s3cret-in-address', secret],
      textOf(body) {
        const { subject, text, link } = JSON.parse(body.toString()) as Record<string, string>;
        return `${subject}\n${text}\n${link}`;
      },
    });
  notifierConformance(httpReplies, open);

  it('signs what it sends, so that a receiver can tell', async () => {
    const listener = await listenForPosts();
    const webhook = await load('webhook');
    await webhook.tell({ url: listener.origin, secret }, sampleMessage({ facts: { symbol: 'AAPL', subject: 'x' } }));
    const { headers, body } = listener.heard[0]!;
    const timestamp = String(headers['x-signalbox-timestamp']);
    const mac = createHmac('sha256', secret).update(`${timestamp}.${body.toString()}`).digest('hex');
    expect(headers['x-signalbox-signature']).toBe(`sha256=${mac}`);
    expect(headers['idempotency-key']).toBe(sampleMessage().id);
    expect(JSON.parse(body.toString())).toMatchObject({
      notification: 'order.filled',
      symbol: 'AAPL',
      subject: sampleMessage().subject,
    });
    await webhook.tell({ url: listener.origin, secret: '' }, sampleMessage());
    expect(listener.heard[1]!.headers['x-signalbox-signature']).toBeUndefined();
    await listener.close();
  });

  it('waits ten seconds for an answer, and no longer', async () => {
    const listener = await listenForPosts();
    listener.answerWith('nothing');
    const told = await (await load('webhook')).tell({ url: listener.origin, secret }, sampleMessage());
    expect(told).toMatchObject({ kind: 'failed', final: false, answer: expect.stringContaining('within 10 s') });
    await listener.close();
  }, 60_000);
});

describe('slack', () => {
  notifierConformance(httpReplies, () =>
    overHttp({
      key: 'slack',
      settings: (origin) => ({ url: `${origin}/services/T000/B000/s3cret` }),
      secrets: ['s3cret'],
      textOf: (body) => textIn('text')(body).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    }),
  );
});

describe('discord', () => {
  notifierConformance(httpReplies, () =>
    overHttp({
      key: 'discord',
      settings: (origin) => ({ url: `${origin}/api/webhooks/1/s3cret` }),
      secrets: ['s3cret'],
      textOf: textIn('content'),
    }),
  );
  it('calls nobody by what stands in an alert', async () => {
    const listener = await listenForPosts();
    await (await load('discord')).tell({ url: listener.origin }, sampleMessage({ text: '@everyone look' }));
    expect(JSON.parse(listener.heard[0]!.body.toString())).toMatchObject({ allowed_mentions: { parse: [] } });
    await listener.close();
  });
});

describe('telegram', () => {
  const token = '123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcd';
  notifierConformance(httpReplies, () =>
    overHttp({
      key: 'telegram',
      settings: (origin) => ({ token, chat: '-1001', server: origin }),
      secrets: [token],
      textOf: textIn('text'),
    }),
  );
  it('asks its bot to say it in the chat, and waits as the answer says', async () => {
    const listener = await listenForPosts();
    const body = '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":17}}';
    listener.answerWith({ status: 429, body });
    const told = await (await load('telegram')).tell(
      { token, chat: '-1001', server: listener.origin },
      sampleMessage(),
    );
    expect(told).toMatchObject({ kind: 'failed', final: false, retryAfterMs: 17_000 });
    expect(listener.heard[0]!.path).toBe(`/bot${token}/sendMessage`);
    expect(JSON.parse(listener.heard[0]!.body.toString())).toMatchObject({
      chat_id: '-1001',
      disable_notification: true,
    });
    await listener.close();
  });
});

describe('web push', () => {
  const browser = browserKeys();
  const open = () =>
    overHttp({
      key: 'web-push',
      settings: (origin) => ({ endpoint: `${origin}/push/s3cret`, p256dh: browser.p256dh, auth: browser.auth }),
      secrets: ['s3cret', browser.auth],
      textOf(body) {
        const { title, body: text, link } = browser.decrypt(body) as Record<string, string>;
        return `${title}\n${text}\n${link}`;
      },
    });
  notifierConformance([...httpReplies, 'gone'], open);

  it('is encrypted for the browser, signed by this server, and kept no longer than the question stands', async () => {
    const listener = await listenForPosts();
    const push = await load('web-push', [listener.origin]);
    const settings = { endpoint: `${listener.origin}/push/1`, p256dh: browser.p256dh, auth: browser.auth };
    const question = { approvalId: 'a', token: 't', mayApprove: true };
    const expiresAt = new Date(Date.now() + 120_000);
    await push.tell(settings, sampleMessage({ kind: 'approval.wanted', urgent: true, question, expiresAt }));
    const { headers, body } = listener.heard[0]!;
    expect(browser.decrypt(body)).toMatchObject({ kind: 'approval.wanted', question });
    const { key, claims } = vapidOf(headers);
    expect(key).toBe(keys.publicKey);
    expect(claims).toMatchObject({ aud: listener.origin, sub: 'https://box.example.com' });
    expect(Number(headers.ttl)).toBeGreaterThan(0);
    expect(Number(headers.ttl)).toBeLessThanOrEqual(120);
    expect(headers.urgency).toBe('high');
    await listener.close();
  });

  it('writes to push services, and to nobody else', async () => {
    const { p256dh, auth } = browser;
    const wrong = async (endpoint: string, services: readonly string[] = []) =>
      (await load('web-push', services)).check({ endpoint, p256dh, auth }).map(({ field }) => field);
    for (const good of [
      'https://fcm.googleapis.com/fcm/send/x',
      'https://updates.push.services.mozilla.com/wpush/v2/x',
      'https://web.push.apple.com/x',
      'https://wns2-par02p.notify.windows.com/w/?token=x',
    ])
      expect(await wrong(good)).toEqual([]);
    for (const bad of [
      'https://169.254.169.254/latest',
      'http://fcm.googleapis.com/fcm/send/x',
      'https://fcm.googleapis.com.evil.example/x',
      'https://evilnotify.windows.com/x',
      'https://fcm.googleapis.com:8443/x',
      'https://user@fcm.googleapis.com/x',
      'http://127.0.0.1:1/x',
      'not an address',
    ]) {
      expect(await wrong(bad)).toEqual(['endpoint']);
      const told = await (await load('web-push')).tell({ endpoint: bad, p256dh, auth }, sampleMessage());
      expect(told).toMatchObject({ kind: 'failed', final: true, answer: expect.stringContaining('PUSH_SERVICES') });
    }
    expect(await wrong('https://push.example.com/x', ['push.example.com'])).toEqual([]);
    expect(await wrong('https://a.push.example.com/x', ['.push.example.com'])).toEqual([]);
  });

  it('says what to do when its keys cannot be read', async () => {
    const made = await loadChannels({
      vapid: async () => {
        throw new Error('The key of web push was encrypted with another key.');
      },
      pushContact: 'https://box.example.com',
      pushServices: [],
    });
    const push = made.find((one) => one.key === 'web-push')!;
    const { p256dh, auth } = browser;
    expect(await push.tell({ endpoint: 'https://fcm.googleapis.com/x', p256dh, auth }, sampleMessage())).toMatchObject({
      kind: 'failed',
      answer: 'The key of web push was encrypted with another key.',
    });
  });
});

describe('email', () => {
  const authority = createTestAuthority();
  const own = authority.issue({ commonName: 'mail', alternativeName: 'IP:127.0.0.1' });
  const password = 'p4ssword of the mail';
  const settingsAt = (port: number) => ({
    ...{ host: '127.0.0.1', port: String(port), security: 'tls', authority: authority.certificate },
    ...{ user: 'desk', password, from: 'signalbox@example.com', to: 'ada@example.com, ben@example.com' },
  });

  async function open(): Promise<NotifierUnderTest> {
    let next: Reply = 'take';
    const mails: string[] = [];
    const refuse = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode });
    const server = new SMTPServer({
      secure: true,
      key: own.key,
      cert: own.certificate,
      authOptional: false,
      logger: false,
      onAuth({ username, password: said }, _session, done) {
        done(username === 'desk' && said === password ? null : refuse(535, 'no'), { user: username });
      },
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          mails.push(Buffer.concat(chunks).toString('utf8'));
          if (next === 'later') done(refuse(451, 'busy'));
          else if (next === 'never') done(refuse(550, 'no'));
          else if (next === 'echo') done(refuse(554, `you said ${password}`));
          else done();
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    const closed = await listenForPosts();
    await closed.close();
    return {
      notifier: await load('email'),
      settings: settingsAt(port),
      nobody: settingsAt(Number(new URL(closed.origin).port)),
      secrets: [password],
      reply(reply) {
        next = reply;
      },
      heard: () => mails.map(readable),
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }
  notifierConformance(['take', 'later', 'never', 'echo'], open);

  it('says that the password is refused, and does not try it again', async () => {
    const under = await open();
    const told = await under.notifier.tell({ ...under.settings, password: 'another one' }, sampleMessage());
    expect(told).toMatchObject({
      kind: 'failed',
      final: true,
      answer: expect.stringContaining('the user or the password'),
    });
    expect(told.answer).not.toContain('another one');
    const distrusted = await under.notifier.tell({ ...under.settings, authority: '' }, sampleMessage());
    expect(distrusted).toMatchObject({ kind: 'failed', answer: expect.stringContaining('certificate') });
    await under.close();
  });

  it('sends no password in the open, nor to several addresses where one is meant', async () => {
    const email = await load('email');
    const wrong = (change: Record<string, string>) =>
      email.check({ ...settingsAt(465), ...change }).map(({ field }) => field);
    expect(wrong({ security: 'none' })).toEqual([]);
    expect(wrong({ security: 'none', host: 'mail.example.com' })).toEqual(['security']);
    expect(wrong({ from: 'a@example.com, b@example.com' })).toEqual(['from']);
    expect(wrong({ to: 'nobody' })).toEqual(['to']);
    expect(wrong({ user: '' })).toEqual(['user']);
  });
});

/** A mail as its reader sees it: quoted-printable and base64 undone. */
function readable(mail: string): string {
  const at = mail.indexOf('\r\n\r\n');
  const head = mail.slice(0, at).replace(/\r\n[ \t]+/g, ' ');
  const body = mail.slice(at + 4);
  const shown = /quoted-printable/i.test(head)
    ? Buffer.from(
        body
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
        'latin1',
      ).toString('utf8')
    : /base64/i.test(head)
      ? Buffer.from(body, 'base64').toString('utf8')
      : body;
  return `${head}\n${shown}`;
}
