import webPush from 'web-push';
import type { NotificationStore } from '../core/ports/notification-store.ts';
import type { Notifier } from '../core/ports/notifier.ts';

/** A pair of keys by which push services know this server (VAPID, RFC 8292). */
export const makePushKeys = (): { publicKey: string; privateKey: string } => webPush.generateVAPIDKeys();

/** Who push services may ask when something is wrong with what we send; some refuse names of this machine. */
export const pushContactOf = (baseUrl: string): string =>
  baseUrl.startsWith('https:') ? baseUrl : 'mailto:operator@signalbox.invalid';

/** The destination that the environment names, as it says now. What a person has chosen of it (kinds, quiet hours) stays. */
export async function adoptAlarmWebhook(
  url: string | undefined,
  { notifications, channels }: { readonly notifications: NotificationStore; readonly channels: readonly Notifier[] },
): Promise<void> {
  const webhook = channels.find(({ key }) => key === 'webhook');
  if (!webhook) throw new Error('there is no channel webhook');
  await notifications.given(
    'ALARM_WEBHOOK_URL',
    url === undefined
      ? null
      : {
          name: 'ALARM_WEBHOOK_URL',
          channel: webhook.key,
          personId: null,
          settings: { url },
          secretFields: ['url'],
          place: webhook.place({ url }),
          kinds: ['alarm.page', 'approval.wanted'],
          quiet: null,
          enabled: true,
        },
  );
}
