import { createHmac } from 'node:crypto';
import type { ChannelMaker } from '../channel.ts';
import { hostOf, post, secretsIn, urlProblem } from '../http-post.ts';

/** The least of a secret that a signature is made with. */
const leastSecret = 16;

/** HMAC-SHA-256 over `timestamp.body`, in lower-case hex: what a receiver computes as well. The timestamp is Unix time in seconds. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** Any program: JSON, signed. */
export const channel: ChannelMaker = () => ({
  key: 'webhook',
  personal: false,
  fields: [
    { key: 'url', secret: true, required: true },
    { key: 'secret', secret: true, required: true },
  ],
  check: ({ url = '', secret = '' }) => {
    const wrong = urlProblem(url);
    return [
      ...(wrong === null ? [] : [{ field: 'url', message: wrong }]),
      ...(secret.length >= leastSecret
        ? []
        : [{ field: 'secret', message: `expected ${leastSecret} characters or more, by which the receiver knows us` }]),
    ];
  },
  place: ({ url = '' }) => hostOf(url),
  tell({ url = '', secret = '' }, { id, kind, subject, text, at, link, urgent, facts }) {
    // Facts first: none of them can stand in for what every message has.
    const body = JSON.stringify({ ...facts, id, notification: kind, subject, text, at, link, urgent });
    const timestamp = String(Math.floor(Date.now() / 1000));
    return post({
      url,
      who: `The webhook at ${hostOf(url)}`,
      secrets: [...secretsIn(url), secret],
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        // One that the environment names has no secret to sign with.
        ...(secret === ''
          ? {}
          : {
              'x-signalbox-timestamp': timestamp,
              'x-signalbox-signature': `sha256=${signatureOf(secret, timestamp, body)}`,
            }),
      },
      body,
    });
  },
});
