import { expect, it } from 'vitest';
import type { AccountRecord } from '../core/ports/account-store.ts';
import type { BarFeed } from '../core/ports/bar-feed.ts';
import type { Broker } from '../core/ports/broker.ts';
import type { MarketData } from '../core/ports/market-data.ts';
import { createRecordedLog } from '../testing/recorded-log.ts';
import { createAccountLinks, type Link } from './account-links.ts';

const account = (name: string, change: Partial<AccountRecord> = {}): AccountRecord => ({
  accountId: `id of ${name}`,
  name,
  broker: 'alpaca',
  venue: 'embedded',
  mode: 'paper',
  enabled: true,
  accountNumber: null,
  keysFrom: 'person',
  archivedAt: null,
  wayVersion: '1',
  brokerCash: null,
  brokerEquity: null,
  brokerBuyingPower: null,
  brokerSeenAt: null,
  reconciledAt: null,
  createdAt: new Date(0),
  ...change,
});

function opened() {
  const log = createRecordedLog();
  const told: string[] = [];
  const list: AccountRecord[] = [];
  const links = createAccountLinks({
    accounts: {
      list: async () => list,
      keys: async (accountId) => ({ keyId: accountId, secretKey: 'the secret key' }),
    },
    connect(record): Link {
      if (record.name === 'unreachable') throw new Error('no way');
      const marketData = { close: async () => void told.push(`market of ${record.name}`) } as unknown as MarketData;
      return { account: record, broker: {} as Broker, marketData, bars: {} as BarFeed };
    },
    log,
  });
  links.follow({
    opened: (link) => void told.push(`+ ${link.account.name}`),
    closed: async (link) => void told.push(`- ${link.account.name}`),
  });
  return { links, list, told, log };
}

it('opens the way to what is added, and closes it to what is switched off or put away', async () => {
  const { links, list, told } = opened();
  list.push(account('b'), account('off', { enabled: false }), account('a'));
  await links.refresh();
  expect(links.all().map((link) => link.account.name)).toEqual(['a', 'b']);
  list[0] = account('b', { archivedAt: new Date(0) });
  list[1] = account('off');
  await links.refresh();
  expect(told).toEqual(['+ b', '+ a', '- b', 'market of b', '+ off']);
  expect(links.find('id of b')).toBeNull();
});

it('opens it anew where keys were replaced, and not where something else was changed', async () => {
  const { links, list, told } = opened();
  list.push(account('a'));
  await links.refresh();
  list[0] = account('a', { mode: 'production' });
  await links.refresh();
  expect(told).toEqual(['+ a']);
  expect(links.find('id of a')!.account.mode).toBe('production');
  list[0] = account('a', { wayVersion: '2' });
  await links.refresh();
  expect(told).toEqual(['+ a', '- a', 'market of a', '+ a']);
});

it('leaves the others alone when one cannot be reached, and tells nothing of its keys', async () => {
  const { links, list, log } = opened();
  list.push(account('unreachable'), account('a'));
  await Promise.all([links.refresh(), links.refresh()]);
  expect(links.all().map((link) => link.account.name)).toEqual(['a']);
  expect(log.lines.some((line) => line.level === 'error')).toBe(true);
  expect(JSON.stringify(log.lines)).not.toContain('the secret key');
});

it('stays closed once it is closed', async () => {
  const { links, list } = opened();
  list.push(account('a'));
  await links.close();
  await links.refresh();
  expect(links.all()).toEqual([]);
});
