import type { Setup } from '../contract/index.ts';
import { type Block, isWithin, readAddress, readBlock } from '../core/net/address.ts';

const blocks = (...texts: string[]): Block[] => texts.map((text) => readBlock(text)!);
const machine = blocks('127.0.0.0/8', '0.0.0.0/32', '::1', '::');
/** RFC 1918, RFC 3927, RFC 6598 (carriers and tailnets), RFC 4193 and RFC 4291: not routed on the internet. */
const network = blocks(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
);
/** Names that no server of the internet knows: RFC 6761, RFC 6762, and what home networks use. */
const localName = /(^|\.)localhost$/;
const networkName = /(^[^.]+$)|\.(local|lan|home|internal|home\.arpa)$/;

/** From where an address like this can be reached, going by its name alone: whether it answers there, nobody here can know. */
export function reachOf(url: string): Setup['reach'] {
  const { origin, protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const address = readAddress(host);
  const where = address
    ? isWithin(address, machine)
      ? 'machine'
      : isWithin(address, network)
        ? 'network'
        : 'internet'
    : localName.test(host)
      ? 'machine'
      : networkName.test(host)
        ? 'network'
        : 'internet';
  return { base: origin, https: protocol === 'https:', where };
}
