import type { Context } from 'hono';
import { senderAddress, shownAddress } from '../pipeline/intake/proofs/sender-address.ts';
import type { HttpParts } from './parts.ts';

/** Where a request comes from, as people and counts know it: behind trusted proxies, whom they heard. Null: it is not known. */
export const clientAddress = (c: Context, parts: Pick<HttpParts, 'connectionOf' | 'trustedProxies'>): string | null =>
  shownAddress(
    senderAddress(parts.connectionOf(c).remote.address ?? null, c.req.header('x-forwarded-for'), parts.trustedProxies),
  );
