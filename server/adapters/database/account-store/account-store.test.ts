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

  it('that a person adds have a name and a number of their own at the broker', async () => {
    const store = storeWith(key);
    const keys = { keyId: 'PK-own', secretKey: 'very secret own' };
    const own = {
      name: 'own',
      broker: 'alpaca',
      venue: 'embedded',
      mode: 'paper',
      keys,
    } as const;
    const made = (await store.create({ ...own, accountNumber: 'PA77' }, 'ada'))!;
    expect(made).toMatchObject({ keysFrom: 'person', accountNumber: 'PA77' });
    expect(await store.keys(made.accountId)).toEqual(keys);
    expect(await store.create({ ...own, accountNumber: 'PA78' }, 'ada')).toBeNull();
    expect(await store.create({ ...own, name: 'other', accountNumber: 'PA77' }, 'ada')).toBeNull();
    expect(await everythingStored()).not.toContain('very secret');
    // Put away, its number may come again.
    await store.archive(made.accountId, 'ada');
    expect(await store.create({ ...own, name: 'other', accountNumber: 'PA77' }, 'ada')).not.toBeNull();
    expect(await store.change(made.accountId, { enabled: true }, 'ada')).toBeNull();
  });

  it('are another way when their keys are replaced, and the same one otherwise', async () => {
    const store = storeWith(key);
    const before = await store.ensureAccount(wish('way'));
    const changed = await store.change(before.accountId, { enabled: false }, 'ada');
    expect(changed).toMatchObject({ enabled: false, wayVersion: before.wayVersion });
    await store.replaceKeys(before.accountId, { keyId: 'PK-new', secretKey: 'very secret new' }, 'PA9', 'ada');
    const after = await store.find(before.accountId);
    expect(after!.wayVersion).not.toBe(before.wayVersion);
    const events = await database.sql`
      select data from events where account_id = ${before.accountId} order by xid, seq`;
    expect(events.slice(1)).toMatchObject([{ data: { enabled: false, by: 'ada' } }, { data: { keysReplaced: true } }]);
    expect(JSON.stringify(events)).not.toMatch(/PK-new|very secret/);
  });

  it('are off while the environment does not give their keys, and on again with them, but not against a person', async () => {
    const store = storeWith(key);
    const { accountId } = await store.ensureAccount(wish('given'));
    const state = async () => {
      const now = await store.find(accountId);
      return [now!.enabled, now!.keysFrom];
    };
    await store.setGiven(accountId, false);
    expect(await state()).toEqual([false, 'missing']);
    await store.setGiven(accountId, true);
    expect(await state()).toEqual([true, 'environment']);
    await store.change(accountId, { enabled: false }, 'ada');
    await store.setGiven(accountId, true);
    expect(await state()).toEqual([false, 'environment']);
  });

  it('say what they still have to do with', async () => {
    const store = storeWith(key);
    const { accountId } = await store.ensureAccount(wish('busy'));
    expect(await store.holdings(accountId)).toEqual({ positions: 0, openOrders: 0, strategies: [] });
    await database.sql`
      with owned as (insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
        values (${accountId}, 'default', 'AAPL', 3, 450, now()))
      insert into positions (account_id, symbol, quantity, cost, updated_at) values (${accountId}, 'AAPL', 3, 450, now())`;
    await database.sql`
      insert into strategies (key, settings) values ('routed', ${database.sql.json({ routes: [{ account: accountId, weight: '1' }] })})`;
    expect(await store.holdings(accountId)).toEqual({ positions: 1, openOrders: 0, strategies: ['routed'] });
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
