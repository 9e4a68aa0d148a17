import webPush from 'web-push';
import type { ChannelSettings, SettingProblem, Told } from '../../../core/ports/notifier.ts';
import type { ChannelMaker } from '../channel.ts';
import { hostOf, post, secretsIn } from '../http-post.ts';

/** The push services of the browsers there are, by host; those of a `.` with whatever stands before it. */
const knownServices = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
] as const;

/** Where nothing says otherwise, a push that cannot be brought within a day is not worth bringing. */
const longestSeconds = 86_400;
/** What fits in one record (RFC 8188), less what encryption adds; services take 4096 bytes (RFC 8030, 7.2). */
const mostText = 600;

const base64url = (text: string, bytes: number): boolean =>
  /^[A-Za-z0-9_-]+={0,2}$/.test(text) && Buffer.from(text, 'base64url').length === bytes;

/** A browser of one person: encrypted to it (RFC 8291), and signed by this server (VAPID, RFC 8292). */
export const channel: ChannelMaker = ({ vapid, pushContact, pushServices }) => {
  /** Anybody who is signed in can name an address here: only push services are written to. */
  function isService(endpoint: string): boolean {
    let url: URL;
    try {
      url = new URL(endpoint);
    } catch {
      return false;
    }
    if (url.username !== '' || url.password !== '') return false;
    if (pushServices.includes(url.origin)) return true;
    if (url.protocol !== 'https:' || url.port !== '') return false;
    return [...knownServices, ...pushServices].some((known) =>
      known.startsWith('.') ? url.hostname.endsWith(known) : url.hostname === known,
    );
  }

  return {
    key: 'web-push',
    personal: true,
    fields: [
      { key: 'endpoint', secret: true, required: true },
      { key: 'p256dh', secret: true, required: true },
      { key: 'auth', secret: true, required: true },
    ],
    check({ endpoint = '', p256dh = '', auth = '' }): SettingProblem[] {
      return [
        ...(isService(endpoint)
          ? []
          : [
              {
                field: 'endpoint',
                message:
                  'expected an address of a browser’s push service (Mozilla, Google, Apple, Microsoft); others are named in PUSH_SERVICES',
              },
            ]),
        ...(base64url(p256dh, 65) ? [] : [{ field: 'p256dh', message: 'expected the browser’s public key, 65 bytes' }]),
        ...(base64url(auth, 16) ? [] : [{ field: 'auth', message: 'expected the browser’s secret, 16 bytes' }]),
      ];
    },
    place: ({ endpoint = '' }) => hostOf(endpoint),
    async tell(settings: ChannelSettings, message): Promise<Told> {
      const { endpoint = '', p256dh = '', auth = '' } = settings;
      // Looked at again: the list of the environment may be another than when it was subscribed.
      if (!isService(endpoint))
        return failed(`${hostOf(endpoint)} is no push service that may be written to (PUSH_SERVICES).`);
      let keys: Awaited<ReturnType<typeof vapid>>;
      try {
        keys = await vapid();
      } catch (error) {
        return failed(error instanceof Error ? error.message : 'The push keys cannot be read.');
      }
      const { id, kind, subject, text, at, link, urgent, question, expiresAt } = message;
      const leftSeconds = expiresAt === null ? longestSeconds : Math.ceil((expiresAt.getTime() - Date.now()) / 1000);
      const body = JSON.stringify({
        ...{ id, kind, title: subject, body: text.slice(0, mostText), at, link, urgent },
        ...(question === null ? {} : { question }),
      });
      let request: ReturnType<typeof webPush.generateRequestDetails>;
      try {
        request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, body, {
          TTL: Math.max(0, Math.min(longestSeconds, leftSeconds)),
          urgency: urgent ? 'high' : 'normal',
          contentEncoding: 'aes128gcm',
          vapidDetails: { subject: pushContact, ...keys },
        });
      } catch {
        return failed('The keys of this device cannot be used: switch notifications off and on again on it.');
      }
      return post({
        url: endpoint,
        who: `The push service ${hostOf(endpoint)}`,
        secrets: [...secretsIn(endpoint), auth, p256dh],
        headers: Object.fromEntries(
          Object.entries(request.headers)
            // The length is counted by whoever sends.
            .filter(([name]) => name.toLowerCase() !== 'content-length')
            .map(([name, value]) => [name, String(value)]),
        ),
        body: request.body ?? '',
        // RFC 8030, 7.3: a subscription that has ended.
        gone: [404, 410],
      });
    },
  };
};

const failed = (answer: string): Told => ({ kind: 'failed', answer, final: true, retryAfterMs: null });
