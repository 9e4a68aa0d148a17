import type { NotificationDeliveryJson, NotificationDestinationJson, QuietHoursJson } from '../api/contract.ts';
import { words } from '../format/words.ts';

export type NotificationKind = NotificationDestinationJson['kinds'][number];

/** Every kind, in the order in which it is shown. */
export const everyKind: readonly NotificationKind[] = [
  'approval.wanted',
  'order.filled',
  'stop.hit',
  'order.refused',
  'kill_switch.changed',
  'mode.changed',
  'alarm.page',
  'alarm.warn',
  'report.ready',
];

export function kindName(kind: NotificationDeliveryJson['kind']): string {
  switch (kind) {
    case 'approval.wanted':
      return 'Approval wanted';
    case 'order.filled':
      return 'Fills';
    case 'stop.hit':
      return 'Stop hit';
    case 'order.refused':
      return 'Refusals';
    case 'kill_switch.changed':
      return 'Kill switch';
    case 'mode.changed':
      return 'Paper or production';
    case 'alarm.page':
      return 'Alarms: now';
    case 'alarm.warn':
      return 'Alarms: today';
    case 'report.ready':
      return 'Report ready';
    case 'test':
      return 'Test';
  }
}

export function channelName(channel: string): string {
  switch (channel) {
    case 'email':
      return 'Mail';
    case 'telegram':
      return 'Telegram';
    case 'discord':
      return 'Discord';
    case 'slack':
      return 'Slack';
    case 'webhook':
      return 'Webhook';
    case 'web-push':
      return 'Web push';
    default:
      return words(channel);
  }
}

export interface FieldWords {
  readonly label: string;
  readonly hint?: string;
}

/** What a setting of a channel is called; of a channel that is not known here, its key. */
export function fieldWords(channel: string, key: string): FieldWords {
  switch (`${channel} ${key}`) {
    case 'email host':
      return { label: 'Mail server', hint: 'Such as smtp.example.com' };
    case 'email port':
      return { label: 'Port', hint: '465 for TLS, 587 for STARTTLS' };
    case 'email security':
      return { label: 'Encryption' };
    case 'email authority':
      return { label: 'Certificate of its own authority (PEM)', hint: 'Empty: one that is known publicly' };
    case 'email user':
      return { label: 'User' };
    case 'email password':
      return { label: 'Password', hint: 'For this program alone, where the server offers it' };
    case 'email from':
      return { label: 'From' };
    case 'email to':
      return { label: 'To', hint: 'Up to 20 addresses, with commas' };
    case 'telegram token':
      return { label: 'Token of the bot', hint: 'From @BotFather' };
    case 'telegram chat':
      return { label: 'Chat', hint: 'Its number, such as -1001234567890, or @channel. The bot must be in it' };
    case 'telegram server':
      return { label: 'Server', hint: 'Only where you run a Bot API server of your own' };
    case 'discord url':
    case 'slack url':
      return {
        label: 'Address of the incoming webhook',
        hint: 'Whoever knows it can write there: it is kept encrypted',
      };
    case 'webhook url':
      return { label: 'Address', hint: 'Each message is POSTed there as JSON' };
    case 'webhook secret':
      return { label: 'Secret', hint: '16 characters or more; by its signature the receiver knows us' };
    default:
      return { label: words(key) };
  }
}

export function optionName(option: string): string {
  switch (option) {
    case 'tls':
      return 'TLS';
    case 'starttls':
      return 'STARTTLS';
    case 'none':
      return 'None: on this machine only';
    default:
      return words(option);
  }
}

export function stateName(state: NotificationDeliveryJson['state']): string {
  switch (state) {
    case 'waiting':
      return 'Waiting';
    case 'delivered':
      return 'Told';
    case 'failed':
      return 'Given up';
    case 'skipped':
      return 'Not told';
  }
}

/** Quiet hours in a sentence. */
export function quietWords(quiet: QuietHoursJson | null): string {
  if (quiet === null) return 'No quiet hours';
  const { from, to, zone, others } = quiet;
  return others === 'later'
    ? `Quiet from ${from} to ${to} (${zone}): told afterwards`
    : `Quiet from ${from} to ${to} (${zone}): only logged`;
}
