/** An address of the Internet Protocol. An IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A block of addresses: those whose first `prefix` bits are those of `value`. */
export interface Block extends Address {
  readonly prefix: number;
}

const mapped = 0xffffn;

/** Reads one address, without port, zone or prefix. Null for what is none; octets with leading zeros are none, for some read them as octal. */
export function readAddress(text: string): Address | null {
  const four = readFour(text);
  if (four !== null) return { bits: 32, value: four };
  const six = readSix(text);
  if (six === null) return null;
  return six >> 32n === mapped ? { bits: 32, value: six & 0xffff_ffffn } : { bits: 128, value: six };
}

/** Reads `address/prefix`, or an address on its own. Null for what is none, and for a block whose address has bits set behind its prefix. */
export function readBlock(text: string): Block | null {
  const [host = '', length, ...more] = text.split('/');
  if (more.length > 0) return null;
  const address = readAddress(host);
  if (address === null) return null;
  if (length === undefined) return { ...address, prefix: address.bits };
  if (!/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  // The prefix of a mapped block counts from the start of IPv6.
  const written = host.includes(':') ? 128 : 32;
  const prefix = Number(length) - (written - address.bits);
  if (prefix < 0 || prefix > address.bits) return null;
  const block = { ...address, prefix };
  return lowest(block) === address.value ? block : null;
}

/** Whether an address is within one of the blocks. */
export function isWithin(address: Address, blocks: readonly Block[]): boolean {
  return blocks.some(
    (block) => block.bits === address.bits && lowest({ ...block, value: address.value }) === block.value,
  );
}

/** The shortest way to write it that everybody reads alike: dotted for IPv4, eight groups without leading zeros for IPv6. */
export function addressText({ bits, value }: Address): string {
  const [groups, width, radix, mark] = bits === 32 ? ([4, 8n, 10, '.'] as const) : ([8, 16n, 16, ':'] as const);
  return Array.from({ length: groups }, (_, at) =>
    ((value >> (width * BigInt(groups - 1 - at))) & ((1n << width) - 1n)).toString(radix),
  ).join(mark);
}

function lowest({ bits, value, prefix }: Block): bigint {
  const behind = BigInt(bits - prefix);
  return (value >> behind) << behind;
}

function readFour(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256))
    return null;
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function readSix(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, at) => groupsOf(half, at === halves.length - 1));
  if (head === null || head === undefined || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? joined(head) : null;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? null : joined([...head, ...Array<bigint>(missing).fill(0n), ...tail]);
}

const joined = (groups: readonly bigint[]): bigint => groups.reduce((value, group) => (value << 16n) | group, 0n);

/** Groups of 16 bits; the last two of an address may be written as IPv4. */
function groupsOf(text: string, isLast: boolean): bigint[] | null {
  if (text === '') return [];
  const words = text.split(':');
  const groups: bigint[] = [];
  for (const [at, word] of words.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(word)) groups.push(BigInt(`0x${word}`));
    else {
      const four = isLast && at === words.length - 1 ? readFour(word) : null;
      if (four === null) return null;
      groups.push(four >> 16n, four & 0xffffn);
    }
  }
  return groups;
}
