import { type Address, addressText, type Block, isWithin, readAddress } from '../../../core/net/address.ts';

/** More hops than anybody has proxies; a longer list is one that somebody made up. */
const maxHops = 32;

/**
 * From where an alert was really sent: the address of the connection, unless that is a trusted proxy's. Then each proxy has written whom it
 * heard to the right of what it was told, so that the right-most one that is no trusted proxy is the sender; all that is left of it is hearsay.
 * Null: a trusted proxy says something that is no address.
 */
export function senderAddress(
  remote: string | null,
  forwardedFor: string | undefined,
  trusted: readonly Block[],
): Address | null {
  const connected = remote === null ? null : readAddress(remote);
  if (connected === null || !isWithin(connected, trusted)) return connected;
  let sender = connected;
  const hops = (forwardedFor ?? '').split(',', maxHops + 1);
  if (hops.length > maxHops) return null;
  if (hops.length === 1 && hops[0]!.trim() === '') return sender;
  for (const hop of hops.reverse()) {
    const address = readAddress(withoutPort(hop.trim()));
    if (address === null) return null;
    sender = address;
    if (!isWithin(address, trusted)) return sender;
  }
  return sender;
}

/** Whether the connection itself is a trusted proxy's, so that its headers are its own. */
export function isTrustedProxy(remote: string | null, trusted: readonly Block[]): boolean {
  const connected = remote === null ? null : readAddress(remote);
  return connected !== null && isWithin(connected, trusted);
}

/** An address as it is shown; null for none. */
export const shownAddress = (address: Address | null): string | null => address && addressText(address);

/** Some proxies write the port as well: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function withoutPort(hop: string): string {
  return /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(hop)?.[1] ?? hop;
}
