import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money, text } from '../../../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createAccountStore } from './account-store.ts';
import { createSecretBox } from './secret-box.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const key = Buffer.alloc(32, 1).toString('base64');
const otherKey = Buffer.alloc(32, 2).toString('base64');
const storeWith = (encryptionKey: string) =>
  createAccountStore({
    sql: database.sql,
    clock: new ManualClock(),
    random: systemRandom,
    secretBox: createSecretBox(encryptionKey),
  });
const wish = (name: string) => ({
  name,
  broker: 'alpaca',
  venue: 'embedded' as const,
  mode: 'paper' as const,
  keyId: `PK-${name}`,
  secretKey: `very secret ${name}`,
});
const everythingStored = async () => {
  const rows = await database.sql`
    select row_to_json(a)::text as text from accounts a union all select row_to_json(e)::text from events e`;
  return rows.map((row) => row.text).join('\n');
};

describe('accounts', () => {
  it('are made once, by whoever comes first, and can say their keys again', async () => {
    const store = storeWith(key);
    const made = await Promise.all(Array.from({ length: 5 }, () => store.ensureAccount(wish('once'))));
    expect(new Set(made.map((account) => account.accountId)).size).toBe(1);
    const { accountId } = made[0]!;
    expect(await storeWith(key).keys(accountId)).toEqual({ keyId: 'PK-once', secretKey: 'very secret once' });
    expect(made[0]).toMatchObject({ name: 'once', venue: 'embedded', enabled: true, reconciledAt: null });
    const events = await database.sql`select kind from events where account_id = ${accountId}`;
    expect(events).toEqual([{ kind: 'account.changed' }]);
  });

  it('never show a secret in a row or an event, nor a key in an event or a record', async () => {
    const store = storeWith(key);
    const account = await store.ensureAccount(wish('hidden'));
    await store.ensureAccount({ ...wish('hidden'), secretKey: 'very secret other' });
    expect(await everythingStored()).not.toContain('very secret');
    const events = await database.sql`select data::text as text from events where account_id = ${account.accountId}`;
    expect(events.map((event) => event.text).join()).not.toContain('PK-hidden');
    expect(JSON.stringify(await store.list())).not.toContain('PK-hidden');
  });

  it('take new keys under the name they have', async () => {
    const store = storeWith(key);
    const before = await store.ensureAccount(wish('rotated'));
    const after = await store.ensureAccount({ ...wish('rotated'), keyId: 'PK-new', secretKey: 'new' });
    expect(after.accountId).toBe(before.accountId);
    expect(await store.keys(after.accountId)).toEqual({ keyId: 'PK-new', secretKey: 'new' });
  });

  it('say what to do when the instance has another key, and are mended by entering the keys again', async () => {
    const { accountId } = await storeWith(key).ensureAccount(wish('locked'));
    await expect(storeWith(otherKey).keys(accountId)).rejects.toThrow(/another key.*SIGNALBOX_KEY/);
    await storeWith(otherKey).ensureAccount(wish('locked'));
    expect(await storeWith(otherKey).keys(accountId)).toMatchObject({ secretKey: 'very secret locked' });
  });

  it('keep what the broker last said, and not what it said before', async () => {
    const store = storeWith(key);
    const { accountId } = await store.ensureAccount(wish('seen'));
    const say = (cash: string, at: string) =>
      store.recordBrokerAccount(
        accountId,
        {
          accountNumber: 'PA1',
          currency: 'USD',
          cash: money(cash),
          equity: money('2'),
          buyingPower: money('4'),
          tradingBlocked: false,
        },
        new Date(at),
      );
    await say('100.00', '2026-11-20T15:00:02Z');
    await say('90', '2026-11-20T15:00:01Z');
    await store.markReconciled(accountId, new Date('2026-11-20T15:00:03Z'));
    const seen = await store.find(accountId);
    expect(text(seen!.brokerCash!)).toBe('100');
    expect(seen?.reconciledAt).toEqual(new Date('2026-11-20T15:00:03Z'));
  });

  it('are switched off with an event', async () => {
    const store = storeWith(key);
    const { accountId } = await store.ensureAccount(wish('switched'));
    await store.setEnabled(accountId, false, 'ada');
    await store.setEnabled(accountId, false, 'ada');
    expect((await store.find(accountId))?.enabled).toBe(false);
    const events = await database.sql`select data from events where account_id = ${accountId} order by xid, seq`;
    expect(events.slice(1)).toMatchObject([{ data: { enabled: false, by: 'ada' } }]);
  });
});

describe('a secret box', () => {
  it('binds a secret to its owner, and notices every changed character', () => {
    const box = createSecretBox(key);
    const sealed = box.seal('s3cret', 'one');
    expect(box.open(sealed, 'one')).toBe('s3cret');
    expect(() => box.open(sealed, 'two')).toThrow('another key');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = changed[i]! ^ 1;
      expect(() => box.open(`v1.${changed.toString('base64url')}`, 'one')).toThrow('another key');
    }
  });

  it('never seals the same secret to the same text', () => {
    const box = createSecretBox(key);
    expect(box.seal('s3cret', 'one')).not.toBe(box.seal('s3cret', 'one'));
  });

  it('refuses a key of the wrong length', () => {
    expect(() => createSecretBox('c2hvcnQ=')).toThrow('32 bytes');
  });
});
