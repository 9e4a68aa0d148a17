/** What people outside the dashboard can be told of. The code of an alarm's kind is its urgency. */
export const notificationKinds = [
  /** An entry waits for a person. */
  'approval.wanted',
  /** An order ended with something filled. */
  'order.filled',
  /** A stop did: a position was left with what protects it. */
  'stop.hit',
  /** An alert was not traded, or the broker refused its order. */
  'order.refused',
  'kill_switch.changed',
  'mode.changed',
  'alarm.page',
  'alarm.warn',
  'report.ready',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** By each kind, the facts a template may name, with a value each for a preview. All are text; what is not known is empty. */
export const notificationFacts = {
  'approval.wanted': {
    side: 'buy',
    quantity: '57',
    symbol: 'AAPL',
    price: '150.25',
    strategy: 'opening range',
    why: 'Worth more than 5,000 USD.',
    votes: '1',
    until: '14:35:00 New York',
    approvalId: '019aa2f4-0000-7000-8000-000000000001',
  },
  'order.filled': {
    side: 'buy',
    quantity: '57',
    symbol: 'AAPL',
    price: '150.25',
    strategy: 'opening range',
    role: 'entry',
    profit: '',
  },
  'stop.hit': {
    side: 'sell',
    quantity: '57',
    symbol: 'AAPL',
    price: '147.10',
    strategy: 'opening range',
    role: 'stop_loss',
    profit: '-179.55',
  },
  'order.refused': {
    side: 'buy',
    quantity: '57',
    symbol: 'AAPL',
    code: 'RISK_MAX_POSITION',
    why: 'Not sent: AAPL would be 23.4 % of equity, the limit is 20 %.',
  },
  'kill_switch.changed': { what: 'engaged', target: 'everything', by: 'Ada', why: 'news', entries: '3' },
  'mode.changed': { from: 'paper', to: 'production', by: 'Ada' },
  'alarm.page': {
    what: 'raised',
    severity: 'page',
    kind: 'position.unprotected',
    why: '57 AAPL have no stop.',
    ended: '',
    alarmId: '019aa2f4-0000-7000-8000-000000000002',
    key: 'unprotected:AAPL',
  },
  'alarm.warn': {
    what: 'raised',
    severity: 'warn',
    kind: 'mailbox.unread',
    why: 'The mailbox of momentum cannot be read.',
    ended: '',
    alarmId: '019aa2f4-0000-7000-8000-000000000003',
    key: 'mailbox:momentum',
  },
  'report.ready': { day: '2026-11-20', breaches: '2' },
} as const satisfies Readonly<Record<NotificationKind, Readonly<Record<string, string>>>>;

/** Facts that every notification has. `mode` is PAPER or LIVE; where no account is meant, it is the master switch's. */
export const sharedFacts = {
  mode: 'PAPER',
  account: 'paper',
  time: '14:30:00 New York',
  link: 'https://box.example.com/approvals',
} as const;

/** Every name that may stand in braces in a template of this kind. */
export const placeholdersOf = (kind: NotificationKind): readonly string[] => [
  ...Object.keys(notificationFacts[kind]),
  ...Object.keys(sharedFacts),
];

/** Something that has happened and is to be told, before anybody is chosen to be told. */
export interface NewNotification {
  readonly kind: NotificationKind;
  /** Those of its kind, without the shared ones. */
  readonly facts: Readonly<Record<string, string>>;
  readonly accountId: string | null;
  /** Of an order, whose strategy and profit are looked up. */
  readonly orderId: string | null;
  /** The page that shows it, without the host: `/approvals`. */
  readonly path: string;
  /** After this there is no use in telling it; null: it does not go stale. */
  readonly expiresAt: Date | null;
  /** The destination it is about, which is not told of itself; null: none. */
  readonly aboutDestination: string | null;
}

/** Hours in which a destination is left alone. */
export interface QuietHours {
  /** By the clocks of the zone, `22:00`; the end is not part of it, and may be on the next day. */
  readonly from: string;
  readonly to: string;
  /** IANA. */
  readonly zone: string;
  /** Kinds that come all the same. */
  readonly breaksThrough: readonly NotificationKind[];
  /** What becomes of the others: told when the hours are over, or only kept in the log. */
  readonly others: 'later' | 'never';
}

export const deliveryStates = ['waiting', 'delivered', 'failed', 'skipped'] as const;
/** `failed`: it was given up. `skipped`: there was no use in telling it any more, or it came in quiet hours. */
export type DeliveryState = (typeof deliveryStates)[number];

/** Subject and text of a message, with placeholders in braces. */
export interface NotificationTemplate {
  readonly subject: string;
  readonly text: string;
}
