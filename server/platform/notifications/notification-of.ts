import type { StoredEvent } from '../../core/model/event.ts';
import type { NewNotification } from '../../core/model/notification.ts';
import { marketZone } from '../../core/zoned-day.ts';

type Told = Pick<NewNotification, 'kind' | 'facts' | 'path'> & Partial<NewNotification>;

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: marketZone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** A moment as people at a desk read it. */
export const clockInWords = (at: Date): string => `${clock.format(at)} New York`;

/** What people are to be told of an event; null: nothing. */
export function notificationOf(event: StoredEvent): NewNotification | null {
  const told = tell(event);
  return (
    told && {
      accountId: event.accountId ?? null,
      orderId: null,
      expiresAt: null,
      aboutDestination: null,
      ...told,
    }
  );
}

function tell(event: StoredEvent): Told | null {
  const { data } = event;
  const word = (name: string): string => {
    const value = data[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (event.kind) {
    case 'decision.held': {
      if (data.shadow || word('approvalId') === '') return null;
      const until = new Date(word('expiresAt'));
      return {
        kind: 'approval.wanted',
        path: '/approvals',
        expiresAt: until,
        facts: {
          ...{ side: word('side'), quantity: word('quantity'), symbol: word('ticker'), price: word('price') },
          ...{ strategy: word('strategy'), why: withoutWaiting(word('sentence')), votes: word('votesNeeded') },
          ...{ until: clockInWords(until), approvalId: word('approvalId') },
        },
      };
    }
    case 'order.filled':
    case 'order.canceled':
    case 'order.expired':
    case 'order.rejected':
      return ofOrder(event, word);
    case 'decision.denied':
      // A shadow's refusal, and of what nobody asked to buy, is no news.
      if (data.shadow) return null;
      return {
        kind: 'order.refused',
        path: event.signalId ? `/signals/${event.signalId}` : '/decisions',
        facts: {
          ...{ side: word('side'), quantity: word('quantity'), symbol: word('ticker'), code: word('code') },
          why: word('sentence'),
        },
      };
    case 'kill_switch.engaged':
    case 'kill_switch.released':
      return {
        kind: 'kill_switch.changed',
        path: '/',
        facts: {
          what: event.kind === 'kill_switch.engaged' ? 'engaged' : 'released',
          ...{ target: word('target'), by: word('by'), why: word('reason'), entries: word('entriesOpen') },
        },
      };
    case 'mode.changed':
      return { kind: 'mode.changed', path: '/', facts: { from: word('from'), to: word('to'), by: word('by') } };
    case 'alarm.raised':
    case 'alarm.cleared':
      return ofAlarm(event, word);
    case 'risk.reported':
      if (data.final !== true) return null;
      return {
        kind: 'report.ready',
        path: '/risk/reports',
        facts: { day: word('day'), breaches: word('breaches') },
      };
    default:
      return null;
  }
}

type Word = (name: string) => string;

/** What was filled of an order is told when it has ended, once: a large one may have a hundred fills. */
function ofOrder(event: StoredEvent, word: Word): Told | null {
  const filled = word('filledQuantity');
  const nothing = filled === '' || /^0(\.0*)?$/.test(filled);
  const path = `/orders?row=${event.orderId}`;
  const about = { side: word('side'), symbol: word('symbol') };
  if (nothing) {
    if (event.kind !== 'order.rejected') return null;
    const why = word('problem') || 'The broker refused the order.';
    return {
      kind: 'order.refused',
      path,
      facts: { ...about, quantity: word('quantity'), code: 'BROKER', why },
    };
  }
  const role = word('role');
  return {
    kind: role === 'stop_loss' ? 'stop.hit' : 'order.filled',
    path,
    orderId: event.orderId ?? null,
    facts: {
      ...about,
      quantity: filled,
      price: word('averagePrice'),
      strategy: '',
      role: role.replaceAll('_', ' '),
      profit: '',
    },
  };
}

function ofAlarm(event: StoredEvent, word: Word): Told | null {
  // The question itself is told, with its answers.
  if (word('kind') === 'approval.open') return null;
  const severity = word('severity');
  const inner = event.data.data as Readonly<Record<string, unknown>> | undefined;
  const about = word('kind') === 'notification.undelivered' ? /:([0-9a-f-]{36})$/.exec(word('key'))?.[1] : undefined;
  return {
    kind: severity === 'page' ? 'alarm.page' : 'alarm.warn',
    path: `/alarms?row=${word('alarmId')}`,
    aboutDestination: typeof inner?.destinationId === 'string' ? inner.destinationId : (about ?? null),
    facts: {
      what: event.kind === 'alarm.raised' ? 'raised' : 'cleared',
      ...{ severity, kind: word('kind'), alarmId: word('alarmId'), key: word('key') },
      why: word('sentence'),
      ended: word('clearedSentence'),
    },
  };
}

const withoutWaiting = (sentence: string): string =>
  sentence.replace(/^Waits for a person: /, '').replace(/^./, (one) => one.toUpperCase());
