import { expect, test } from 'vitest';
import { readBlock } from '../../../core/net/address.ts';
import { isTrustedProxy, senderAddress, shownAddress } from './sender-address.ts';

const blocks = (...texts: string[]) => texts.map((text) => readBlock(text)!);
const tradingView = '52.89.214.238';

// What is told, by whom, and who is believed.
test.each<[string, string, string | undefined, string[], string | null]>([
  ['no proxy is trusted: the header is hearsay', '203.0.113.9', tradingView, [], '203.0.113.9'],
  ['the connection is not the proxy', '203.0.113.9', tradingView, ['10.0.0.0/8'], '203.0.113.9'],
  ['not even from this machine, unless it is said', '127.0.0.1', tradingView, [], '127.0.0.1'],
  ['one proxy', '10.0.0.1', tradingView, ['10.0.0.0/8'], tradingView],
  ['the sender put an address in front', '10.0.0.1', `${tradingView}, 203.0.113.9`, ['10.0.0.0/8'], '203.0.113.9'],
  ['two proxies', '10.0.0.1', `${tradingView}, 10.0.0.2`, ['10.0.0.0/8'], tradingView],
  ['two proxies and a forged one', '10.0.0.1', `${tradingView}, 203.0.113.9, 10.0.0.2`, ['10.0.0.0/8'], '203.0.113.9'],
  ['the sender names a proxy', '10.0.0.1', `${tradingView}, 10.0.0.2, 203.0.113.9`, ['10.0.0.0/8'], '203.0.113.9'],
  ['a proxy outside the block is a sender', '10.0.0.1', `${tradingView}, 192.168.0.2`, ['10.0.0.0/8'], '192.168.0.2'],
  ['the proxy says nothing', '10.0.0.1', undefined, ['10.0.0.0/8'], '10.0.0.1'],
  ['the proxy says a name', '10.0.0.1', 'unknown', ['10.0.0.0/8'], null],
  ['the last hop is no address', '10.0.0.1', `${tradingView}, `, ['10.0.0.0/8'], null],
  ['what is left of the sender is not read', '10.0.0.1', `<script>, ${tradingView}`, ['10.0.0.0/8'], tradingView],
  ['with a port', '10.0.0.1', `${tradingView}:61234`, ['10.0.0.0/8'], tradingView],
  ['IPv6 with a port', '::1', '[2001:db8::1]:443', ['::1'], '2001:db8:0:0:0:0:0:1'],
  ['a mapped connection', '::ffff:10.0.0.1', `::ffff:${tradingView}`, ['10.0.0.0/8'], tradingView],
  ['an octal look-alike', '10.0.0.1', '052.89.214.238', ['10.0.0.0/8'], null],
  ['more hops than there can be', '10.0.0.1', Array(40).fill(tradingView).join(','), ['10.0.0.0/8'], null],
  ['everybody is trusted', '10.0.0.1', '10.1.1.1, 10.0.0.2', ['10.0.0.0/8'], '10.1.1.1'],
])('%s', (_, remote, header, trusted, sender) => {
  expect(shownAddress(senderAddress(remote, header, blocks(...trusted)))).toBe(sender);
});

test('without a connection nobody is a proxy', () => {
  expect(senderAddress(null, tradingView, blocks('0.0.0.0/0'))).toBeNull();
  expect(isTrustedProxy(null, blocks('0.0.0.0/0'))).toBe(false);
  expect(isTrustedProxy('10.0.0.1', blocks('10.0.0.0/8'))).toBe(true);
});
