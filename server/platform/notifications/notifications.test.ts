// From an event to whoever is told, on a real database: once for each destination, in quiet hours later, tried again, given up with an alarm that
// tells nobody of itself, and nothing lost over a restart.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createSecretBox } from '../../adapters/database/account-store/secret-box.ts';
import { createAlarmStore } from '../../adapters/database/alarm-store/alarm-store.ts';
import { appendEvents } from '../../adapters/database/event-reader/append-events.ts';
import { createEventReader } from '../../adapters/database/event-reader/event-reader.ts';
import type { NewEvent } from '../../core/model/event.ts';
import type { NotificationKind, QuietHours } from '../../core/model/notification.ts';
import { notificationKinds } from '../../core/model/notification.ts';
import type { DestinationWish } from '../../core/ports/notification-store.ts';
import type { Notifier, NotifierMessage, Told } from '../../core/ports/notifier.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { openNotifications } from '../../testing/notification-desk.ts';
import { quietLog as log } from '../../testing/quiet-log.ts';
import { followForNotifications } from './collector.ts';
import { giveUpAfterMs, tellAfterMs } from './sender.ts';

const patience = { timeout: 30_000 };
let database: TestDatabase;
let clock: ManualClock;
let alarms: ReturnType<typeof createAlarmStore>;
let notifications: Awaited<ReturnType<typeof openNotifications>>;
const stops: (() => Promise<void>)[] = [];
const events = () => createEventReader({ sql: database.sql, clock: realClock, log });
// The reader of events waits by the machine's clock; what is due is a matter of the test's.
const { systemClock: realClock } = await import('../../adapters/clock/system-clock.ts');

/** What was told, and how the next ones end, by the name of the place. */
const told: { place: string; message: NotifierMessage }[] = [];
const endings = new Map<string, Told>();
const channel: Notifier = {
  key: 'test',
  personal: false,
  fields: [{ key: 'place', secret: true, required: true }],
  check: () => [],
  place: ({ place = '' }) => place,
  async tell({ place = '' }, message) {
    told.push({ place, message });
    return endings.get(place) ?? { kind: 'delivered', answer: 'Yes.' };
  },
};
const busy: Told = { kind: 'failed', answer: 'It is busy.', final: false, retryAfterMs: null };

async function open(): Promise<void> {
  const { sql } = database;
  const reader = events();
  const committed = () => reader.kick();
  alarms = createAlarmStore({ sql, clock, random: systemRandom, committed });
  notifications = await openNotifications({
    ...{ sql, clock, random: systemRandom, log, alarms, committed, secretBox: box },
    channels: [channel, { ...channel, key: 'web-push', personal: true }],
    approvals: { approve: async () => null, reject: async () => null },
    queries: { findApproval: async () => null },
  });
  const { sender, store } = notifications;
  stops.push(sender.start());
  stops.push(await followForNotifications({ events: reader, store, onCollected: sender.kick }));
  tellEvents = async (...list) => {
    await appendEvents(sql, list);
    reader.kick();
  };
}
let tellEvents: (...list: NewEvent[]) => Promise<void>;
const box = createSecretBox(Buffer.alloc(32, 7).toString('base64'));
const close = async (): Promise<void> => {
  for (const stop of stops.splice(0).reverse()) await stop();
};

beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  await close();
  await database?.drop();
});
beforeEach(async () => {
  await close();
  const { sql } = database;
  await sql`truncate notification_deliveries, notifications, notification_destinations, notification_templates, push_answers, alarms`;
  clock = new ManualClock('2026-11-20T15:00:00.000Z');
  told.length = 0;
  endings.clear();
  await open();
});

const add = (place: string, change: Partial<DestinationWish> = {}) =>
  notifications.store.add(
    {
      ...{ name: place, channel: 'test', personId: null, settings: { place }, secretFields: ['place'], place },
      ...{ kinds: [...notificationKinds], quiet: null, enabled: true },
      ...change,
    },
    'Ada',
  );
const modeChanged: NewEvent = {
  kind: 'mode.changed',
  data: { key: 'mode.master', from: 'paper', to: 'production', by: 'Ada' },
};
const places = () => told.map(({ place }) => place).sort();
const logged = async () =>
  (await notifications.store.log({ limit: 100, personId: 'nobody' })).items.map(
    ({ destination, kind, state, tries }) => [destination, kind, state, tries],
  );

describe('what happens', () => {
  it('is told once to each destination that wants its kind, and to no other', async () => {
    await add('wants');
    await add('fills', { kinds: ['order.filled'] });
    await add('off', { enabled: false });
    await tellEvents(modeChanged);
    await expect.poll(places, patience).toEqual(['wants']);
    const { subject, text, link, facts } = told[0]!.message;
    expect({ subject, text }).toEqual({
      subject: 'Switched from paper to production',
      text: expect.stringMatching(
        /^Ada switched the whole system from paper to production at \d\d:\d\d:\d\d New York\.$/,
      ),
    });
    expect(link).toBe('https://box.example.com/');
    expect(facts).toMatchObject({ from: 'paper', to: 'production', by: 'Ada' });
    await expect.poll(logged, patience).toEqual([['wants', 'mode.changed', 'delivered', 1]]);
  });

  it('is told once, though its events are read again after a crash, and though two read them', async () => {
    await add('a');
    await tellEvents(modeChanged);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'delivered', 1]]);
    await close();
    await database.sql`update event_cursors set xid = '0', seq = 0 where reader = 'notifications'`;
    await open();
    await open();
    await tellEvents({ ...modeChanged, data: { ...modeChanged.data, by: 'Ben' } });
    await expect.poll(() => told.map(({ message }) => message.facts.by), patience).toEqual(['Ada', 'Ben']);
    expect(new Set(told.map(({ message }) => message.id)).size).toBe(2);
  });

  it('is no news to a destination that came later', async () => {
    await tellEvents(modeChanged);
    await close();
    await add('later');
    await database.sql`update event_cursors set xid = '0', seq = 0 where reader = 'notifications'`;
    await open();
    await tellEvents({ ...modeChanged, data: { ...modeChanged.data, by: 'Ben' } });
    await expect.poll(() => told.map(({ message }) => message.facts.by), patience).toEqual(['Ben']);
  });

  it('waits over a restart for what could not be told before it', async () => {
    await add('a');
    endings.set('a', busy);
    await tellEvents(modeChanged);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'waiting', 1]]);
    await close();
    endings.clear();
    await clock.advance(60_000);
    await open();
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'delivered', 2]]);
  });
});

describe('a destination that fails', () => {
  it('is tried again later each time, and what waits for it waits as long as it asks', async () => {
    const { id } = await add('a');
    endings.set('a', { ...busy, retryAfterMs: 90_000 });
    await tellEvents(modeChanged);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'waiting', 1]]);
    expect(await notifications.store.find(id)).toMatchObject({ problem: 'It is busy.', failingSince: clock.now() });
    await clock.advance(89_000);
    notifications.sender.kick();
    await clock.advance(500);
    expect(told).toHaveLength(1);
    endings.clear();
    await clock.advance(20_000);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'delivered', 2]]);
    expect(await notifications.store.find(id)).toMatchObject({ problem: null, failingSince: null });
  });

  it('is given up for good at once where trying again would change nothing, with an alarm that ends when it is told again', async () => {
    const { id } = await add('a');
    endings.set('a', { kind: 'failed', answer: 'It knows nobody.', final: true, retryAfterMs: null });
    await tellEvents(modeChanged);
    const openAlarms = async () => (await alarms.open()).map(({ key, severity }) => [key, severity]);
    await expect.poll(openAlarms, patience).toEqual([[`notifications:${id}`, 'warn']]);
    expect(await logged()).toEqual([['a', 'mode.changed', 'failed', 1]]);
    endings.clear();
    await clock.advance(1);
    expect(await notifications.sender.test(id, 'Ada')).toMatchObject({ kind: 'delivered' });
    await expect.poll(openAlarms, patience).toEqual([]);
    expect((await logged())[0]).toEqual(['a', 'test', 'delivered', 1]);
  });

  it('is not told that it cannot be told, and no alarm leads to another without end', async () => {
    const [a, b] = [await add('a'), await add('b')];
    for (const place of ['a', 'b'])
      endings.set(place, { kind: 'failed', answer: 'It knows nobody.', final: true, retryAfterMs: null });
    await tellEvents(modeChanged);
    const keys = async () => (await alarms.open()).map(({ key }) => key).sort();
    await expect.poll(keys, patience).toEqual([`notifications:${a.id}`, `notifications:${b.id}`].sort());
    // Each is told of the other's once, and never of its own.
    await expect
      .poll(
        () =>
          told
            .filter(({ message }) => message.kind === 'alarm.warn')
            .map(({ place }) => place)
            .sort(),
        patience,
      )
      .toEqual(['a', 'b']);
    for (const { place, message } of told.filter(({ message }) => message.kind === 'alarm.warn'))
      expect(message.facts.key).toBe(`notifications:${place === 'a' ? b.id : a.id}`);
    await clock.advance(60_000);
    const [{ count } = { count: 0 }] = await database.sql<{ count: number }[]>`
      select count(*)::int from events where kind = 'alarm.raised' and data ->> 'kind' = 'notification.undelivered' and data ->> 'key' in (${`notifications:${a.id}`}, ${`notifications:${b.id}`})`;
    expect(count).toBe(2);
  });

  it('has a person told after ten minutes, and is given up after two hours', async () => {
    const { id } = await add('a', { kinds: ['mode.changed'] });
    endings.set('a', busy);
    await tellEvents(modeChanged);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'waiting', 1]]);
    const keys = async () => (await alarms.open()).map(({ key }) => key);
    expect(await keys()).toEqual([]);
    await clock.advance(tellAfterMs + 300_000);
    await expect.poll(keys, patience).toEqual([`notifications:${id}`]);
    await clock.advance(giveUpAfterMs);
    await expect.poll(async () => (await logged())[0]![2], patience).toBe('failed');
    const [last] = (await notifications.store.log({ limit: 1, personId: 'nobody' })).items;
    expect(last!.answer).toBe('It is busy. Given up after two hours.');
  });

  it('is sent again when a person says so', async () => {
    await add('a', { kinds: ['mode.changed'] });
    endings.set('a', { kind: 'failed', answer: 'No.', final: true, retryAfterMs: null });
    await tellEvents(modeChanged);
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'failed', 1]]);
    const [{ id } = { id: '' }] = (await notifications.store.log({ limit: 1, personId: 'nobody' })).items;
    expect(await notifications.store.again(id, 'somebody', false)).toBe(false);
    endings.clear();
    expect(await notifications.store.again(id, 'somebody', true)).toBe(true);
    notifications.sender.kick();
    await expect.poll(logged, patience).toEqual([['a', 'mode.changed', 'delivered', 1]]);
  });

  it('is forgotten when its browser has ended the subscription', async () => {
    const { id } = await add('a', {
      channel: 'web-push',
      personId: await somebody('trader'),
      settings: { endpoint: 'e', place: 'a' },
    });
    endings.set('a', { kind: 'gone', answer: 'It answered 410.' });
    await tellEvents(modeChanged);
    await expect.poll(() => notifications.store.find(id), patience).toBeNull();
    expect(await alarms.open()).toEqual([]);
  });
});

describe('quiet hours', () => {
  const quiet: QuietHours = {
    ...{ from: '15:30', to: '17:00', zone: 'Europe/Berlin' },
    ...{ breaksThrough: ['alarm.page'], others: 'later' },
  };
  const page: NewEvent = {
    kind: 'alarm.raised',
    data: { alarmId: systemRandom.id(), key: 'k', kind: 'job.dead', severity: 'page', sentence: 'A job was given up.' },
  };

  it('put off what can wait until they are over, and let through what is to break through', async () => {
    await add('later', { quiet });
    await add('never', { quiet: { ...quiet, others: 'never' } });
    await tellEvents(modeChanged, page);
    await expect.poll(places, patience).toEqual(['later', 'never']);
    expect(told.map(({ message }) => message.kind)).toEqual(['alarm.page', 'alarm.page']);
    await expect
      .poll(async () => (await logged()).filter(([, kind]) => kind === 'mode.changed').sort(), patience)
      .toEqual([
        ['later', 'mode.changed', 'waiting', 0],
        ['never', 'mode.changed', 'skipped', 0],
      ]);
    // 17:00 in Berlin.
    await clock.advance(Date.parse('2026-11-20T16:00:00Z') - clock.now().getTime());
    await expect
      .poll(() => told.map(({ place, message }) => `${place} ${message.kind}`).sort(), patience)
      .toEqual(['later alarm.page', 'later mode.changed', 'never alarm.page']);
  });
});

describe('what is over before it could be told', () => {
  it('is told as over only, where it is an alarm', async () => {
    await add('a', { kinds: ['alarm.page'] });
    await close();
    await alarms.raise({ key: 'k', kind: 'job.dead', severity: 'page', sentence: 'A job was given up.' });
    await alarms.clear('k', 'It was sent again.');
    await open();
    await expect
      .poll(() => told.map(({ message }) => [message.facts.what, message.text]), patience)
      .toEqual([['cleared', 'A job was given up. It was sent again.']]);
    await expect
      .poll(async () => (await logged()).map(([, , state]) => state).sort(), patience)
      .toEqual(['delivered', 'skipped']);
  });

  it('is not told at all, where its time is over', async () => {
    await add('a');
    await tellEvents({
      kind: 'decision.held',
      data: {
        approvalId: systemRandom.id(),
        ticker: 'AAPL',
        side: 'buy',
        quantity: '5',
        expiresAt: '2026-11-20T14:59:00.000Z',
        price: '150',
      },
    });
    await expect.poll(logged, patience).toEqual([['a', 'approval.wanted', 'skipped', 0]]);
    expect(told).toEqual([]);
  });
});

describe('a question on a device', () => {
  const held = (approvalId: string): NewEvent => ({
    kind: 'decision.held',
    data: {
      ...{ approvalId, ticker: 'AAPL', side: 'buy', quantity: '5', price: '150', votesNeeded: 1 },
      ...{ expiresAt: '2026-11-20T15:10:00.000Z', sentence: 'Waits for a person: it is worth a lot.' },
    },
  });
  const device = async (role: string) =>
    add(`device of ${role}`, {
      channel: 'web-push',
      personId: await somebody(role),
      settings: { endpoint: role, place: `device of ${role}` },
    });

  it('brings its answer along for those who may answer, good once, for that person and as long as it stands', async () => {
    const [trader] = [await device('trader'), await device('viewer'), await add('chat')];
    const approvalId = systemRandom.id();
    await tellEvents(held(approvalId));
    await expect.poll(places, patience).toEqual(['chat', 'device of trader', 'device of viewer']);
    const questions = Object.fromEntries(told.map(({ place, message }) => [place, message.question]));
    expect(questions).toMatchObject({
      chat: null,
      'device of viewer': null,
      'device of trader': { approvalId, mayApprove: true },
    });
    const { token } = questions['device of trader']!;
    expect(JSON.stringify(await database.sql`select * from push_answers`)).not.toContain(token);
    expect(await notifications.keys.useAnswer('another')).toBeNull();
    expect(await notifications.keys.useAnswer(token)).toEqual({ approvalId, personId: trader.personId });
    expect(await notifications.keys.useAnswer(token)).toBeNull();
  });

  it('is not brought to somebody whose account was disabled', async () => {
    const { id, personId } = await device('trader');
    await database.sql`update auth_users set disabled_at = now() where id = ${personId}`;
    await tellEvents(held(systemRandom.id()));
    const states = async () =>
      (await notifications.store.log({ limit: 100, personId: personId! })).items.map(({ state }) => state);
    await expect.poll(states, patience).toEqual(['skipped']);
    expect([told, await notifications.store.person(personId!)]).toEqual([[], null]);
    expect(await notifications.store.find(id)).not.toBeNull();
  });

  it('is void when its time is over, and when the device was removed', async () => {
    const trader = await device('trader');
    await tellEvents(held(systemRandom.id()), held(systemRandom.id()));
    await expect.poll(() => told.length, patience).toBe(2);
    const [first, second] = told.map(({ message }) => message.question!.token);
    await clock.advance(600_000);
    expect(await notifications.keys.useAnswer(first!)).toBeNull();
    clock = new ManualClock('2026-11-20T15:00:00.000Z');
    await notifications.store.remove(trader.id, 'Ada');
    await close();
    await open();
    expect(await notifications.keys.useAnswer(second!)).toBeNull();
  });
});

describe('the words', () => {
  it('are a channel’s own where somebody wrote them, and what ships where they were set back', async () => {
    const { store } = notifications;
    await add('a', { kinds: ['mode.changed'] });
    await store.putTemplate('test', 'mode.changed', { subject: 'Now {to}', text: '{by}: {nothing}' }, 'Ada');
    await tellEvents(modeChanged);
    await expect
      .poll(() => told.map(({ message }) => [message.subject, message.text]), patience)
      .toEqual([['Now production', 'Ada:']]);
    await store.removeTemplate('test', 'mode.changed', 'Ada');
    await tellEvents({ ...modeChanged, data: { ...modeChanged.data, by: 'Ben' } });
    await expect.poll(() => told.at(-1)!.message.subject, patience).toBe('Switched from paper to production');
  });
});

describe('what the database keeps', () => {
  it('has no secret in the open, nor in an event, and forgets it with the destination', async () => {
    const { id } = await add('https://hooks.example.com/s3cret', { place: 'hooks.example.com', name: 'desk' });
    const all = async () =>
      JSON.stringify([
        await database.sql`select * from notification_destinations`,
        await database.sql`select data from events`,
      ]);
    expect(await all()).not.toContain('s3cret');
    expect(await notifications.store.settings(id)).toEqual({ place: 'https://hooks.example.com/s3cret' });
    await notifications.store.remove(id, 'Ada');
    expect(await notifications.store.settings(id)).toBeNull();
    const [row] =
      await database.sql`select secrets_encrypted as sealed from notification_destinations where id = ${id}`;
    expect(box.open(row!.sealed, `notification destination ${id}`)).toBe('{}');
  });

  it('has one pair of push keys, whoever makes them first, and says so when they cannot be read', async () => {
    const { keys } = notifications;
    const [a, b] = await Promise.all([keys.vapid(), keys.vapid()]);
    expect(a).toEqual(b);
    await database.sql`update push_keys set private_key_encrypted = 'v1.AAAA'`;
    await expect(keys.vapid()).rejects.toThrow('SIGNALBOX_KEY');
    await database.sql`delete from push_keys`;
  });

  it('brings the destination of the environment in line, and leaves what a person chose of it', async () => {
    const { store } = notifications;
    const wish = (place: string): DestinationWish => ({
      ...{ name: 'GIVEN', channel: 'test', personId: null, settings: { place }, secretFields: ['place'], place },
      ...{ kinds: ['alarm.page'] as NotificationKind[], quiet: null, enabled: true },
    });
    await store.given('GIVEN', wish('one'));
    const [made] = await store.destinations('everybody');
    await store.change(made!.id, { kinds: ['order.filled'] }, 'Ada');
    await Promise.all([store.given('GIVEN', wish('two')), store.given('GIVEN', wish('two'))]);
    expect(await store.destinations('everybody')).toMatchObject([
      { id: made!.id, kinds: ['order.filled'], place: 'two' },
    ]);
    expect(await store.settings(made!.id)).toEqual({ place: 'two' });
    await store.given('GIVEN', null);
    expect(await store.destinations('everybody')).toEqual([]);
  });
});

async function somebody(role: string): Promise<string> {
  const id = systemRandom.id();
  await database.sql`
    insert into auth_users (id, name, email, email_verified, role) values (${id}, ${role}, ${`${id}@example.com`}, true, ${role})`;
  return id;
}
