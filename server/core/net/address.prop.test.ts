// Invariants: an address is within a block exactly when node's own list says so; what is written is read back the same; what node does
// not take as an address, we do not take either; an IPv4 address and its mapped form are one.
import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressText, isWithin, readAddress, readBlock } from './address.ts';

const four = fc.ipV4();
const six = fc.ipV6();

const blockOf = (host: string, prefix: number): string => {
  const { bits, value } = readAddress(host)!;
  const behind = BigInt(bits - Math.min(prefix, bits));
  return `${addressText({ bits, value: (value >> behind) << behind })}/${Math.min(prefix, bits)}`;
};

test('membership is that of node:net, for IPv4', () => {
  fc.assert(
    fc.property(four, four, fc.integer({ min: 0, max: 32 }), fc.boolean(), (host, other, prefix, near) => {
      const block = blockOf(host, prefix);
      const list = new BlockList();
      list.addSubnet(block.split('/')[0]!, prefix, 'ipv4');
      const asked = near ? host : other;
      expect(isWithin(readAddress(asked)!, [readBlock(block)!])).toBe(list.check(asked, 'ipv4'));
    }),
  );
});

test('membership is that of node:net, for IPv6', () => {
  const plain = six.filter((text) => readAddress(text)?.bits === 128);
  fc.assert(
    fc.property(plain, plain, fc.integer({ min: 1, max: 128 }), fc.boolean(), (host, other, prefix, near) => {
      const block = blockOf(host, prefix);
      const list = new BlockList();
      list.addSubnet(block.split('/')[0]!, prefix, 'ipv6');
      const asked = near ? host : other;
      expect(isWithin(readAddress(asked)!, [readBlock(block)!])).toBe(list.check(asked, 'ipv6'));
    }),
  );
});

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(fc.oneof(four, six), (text) => {
      const read = readAddress(text)!;
      expect(readAddress(addressText(read))).toEqual(read);
    }),
  );
});

test('an IPv4 address and its mapped form are one', () => {
  fc.assert(
    fc.property(four, (text) => {
      expect(readAddress(`::ffff:${text}`)).toEqual(readAddress(text));
      expect(readBlock(`::ffff:${text}/128`)).toEqual(readBlock(text));
    }),
  );
});

test('what node takes for no address is none', () => {
  const nearly = fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:/ '), maxLength: 24 });
  fc.assert(
    fc.property(nearly, (text) => {
      expect(readAddress(text) !== null).toBe(isIP(text) !== 0);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '10.0.0.1/8',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '010.0.0.1',
  '1.2.3',
  '::1/129',
  '',
  'localhost',
  '2001:db8::1/64',
  '::ffff:10.0.0.0/8',
])('%j is no block', (text) => expect(readBlock(text)).toBeNull());

test.each(['10.0.0.0/8', '127.0.0.1', '::1', '2001:db8::/32', '0.0.0.0/0', '::/0'])('%j is one', (text) =>
  expect(readBlock(text)).not.toBeNull(),
);
