import type {
  DeliveryState,
  NewNotification,
  NotificationKind,
  NotificationTemplate,
  QuietHours,
} from '../model/notification.ts';
import type { ChannelSettings, Told } from './notifier.ts';
import type { Page, PageQuery } from './paging.ts';

/** Somewhere people are told, without its secrets. */
export interface NotificationDestination {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  /** Whose device it is; null: it is everybody's, and an admin sets it. */
  readonly personId: string | null;
  /** The settings that are no secret. */
  readonly settings: ChannelSettings;
  /** Where it goes, without a secret. */
  readonly place: string;
  readonly kinds: readonly NotificationKind[];
  readonly quiet: QuietHours | null;
  readonly enabled: boolean;
  /** The variable of the environment that sets it; null: a person did. */
  readonly given: string | null;
  /** When it was told something last; null: never. */
  readonly toldAt: Date | null;
  /** Why it cannot be told; null: it can, as far as is known. */
  readonly problem: string | null;
  readonly failingSince: Date | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

export interface DestinationWish {
  readonly name: string;
  readonly channel: string;
  readonly personId: string | null;
  /** All of them, and which are to be encrypted. */
  readonly settings: ChannelSettings;
  readonly secretFields: readonly string[];
  readonly place: string;
  readonly kinds: readonly NotificationKind[];
  readonly quiet: QuietHours | null;
  readonly enabled: boolean;
}

/** A delivery that is due, with all that is needed to make it. */
export interface DueDelivery {
  readonly id: string;
  readonly destination: NotificationDestination;
  readonly notification: {
    readonly id: string;
    readonly kind: NotificationKind;
    readonly at: Date;
    readonly facts: Readonly<Record<string, string>>;
    readonly path: string;
    readonly live: boolean;
    readonly expiresAt: Date | null;
  };
  /** Tries before this one. */
  readonly tries: number;
  /** From when on the time is counted after which it is given up. */
  readonly since: Date;
  /** Why there is no use in telling it any more; null: there is. */
  readonly stale: 'removed' | 'switched_off' | 'answered' | 'over' | 'person_gone' | null;
}

/** What became of a delivery after a try, or instead of one. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered' | 'failed' | 'skipped'; readonly answer: string }
  /** It is tried again. `hold`: the others of its destination wait as long. `since`: the time after which it is given up begins then. */
  | {
      readonly kind: 'again';
      readonly answer: string | null;
      readonly dueAt: Date;
      readonly hold: boolean;
      readonly since?: Date;
    };

/** A line of the log. */
export interface DeliveryRecord {
  readonly id: string;
  readonly kind: NotificationKind | 'test';
  readonly destinationId: string;
  readonly destination: string;
  readonly channel: string;
  readonly personId: string | null;
  readonly state: DeliveryState;
  readonly at: Date;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly doneAt: Date | null;
  readonly tries: number;
  /** As it was sent last; null: it was not yet. */
  readonly subject: string | null;
  readonly text: string | null;
  readonly answer: string | null;
  readonly path: string;
}

export interface DeliveryQuery extends PageQuery {
  readonly state?: DeliveryState | undefined;
  readonly kind?: string | undefined;
  readonly destinationId?: string | undefined;
  /** Whose own devices are among them, beside what is everybody's. */
  readonly personId: string;
}

export interface StoredTemplate extends NotificationTemplate {
  readonly channel: string;
  readonly kind: NotificationKind;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** Somebody who may be told, as they are now. */
export interface NotifiedPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'trader' | 'analyst' | 'viewer';
}

/** Destinations, notifications and what became of them. Each change by a person is an event, without a secret. */
export interface NotificationStore {
  /** Those of everybody, or of one person; the removed ones are not among them. */
  destinations(of: 'everybody' | { readonly personId: string }): Promise<readonly NotificationDestination[]>;
  find(id: string): Promise<NotificationDestination | null>;
  /** All settings, the secret ones too. Throws when the instance's key is not the one they were encrypted with. */
  settings(id: string): Promise<ChannelSettings | null>;
  /** A device that is there already is changed and keeps its id, whosever it was. */
  add(wish: DestinationWish, by: string): Promise<NotificationDestination>;
  /** Null: there is none. Without settings, those there are stay. */
  change(
    id: string,
    wish: Partial<Omit<DestinationWish, 'channel' | 'personId'>>,
    by: string,
  ): Promise<NotificationDestination | null>;
  /** Its log stays. False: there was none. */
  remove(id: string, by: string): Promise<boolean>;
  /** Brings the destination that a variable of the environment names in line with it; null: the variable is not set. */
  given(variable: string, wish: DestinationWish | null): Promise<void>;

  /** Stores a notification for an event, and a delivery for each destination that wants it. Once, however often it is called. True: some were new. */
  collect(event: { readonly id: string; readonly at: Date }, notification: NewNotification): Promise<boolean>;
  /** Takes deliveries that are due, for `leaseMs`: nobody else makes them meanwhile. */
  claim(limit: number, leaseMs: number): Promise<readonly DueDelivery[]>;
  /** Keeps what became of one; `sent`: what was said. */
  settle(
    delivery: Pick<DueDelivery, 'id' | 'destination'>,
    outcome: DeliveryOutcome,
    sent: NotificationTemplate | null,
  ): Promise<void>;
  /** Gives one back that was taken and not tried. */
  release(id: string): Promise<void>;
  /** Keeps a try that a person asked for. */
  recordTest(destination: NotificationDestination, sent: NotificationTemplate, told: Told): Promise<void>;
  log(query: DeliveryQuery): Promise<Page<DeliveryRecord>>;
  /** Has one sent again from the start. False: there is none that has ended, or its destination is gone. */
  again(id: string, personId: string, everybodys: boolean): Promise<boolean>;

  templates(): Promise<readonly StoredTemplate[]>;
  putTemplate(channel: string, kind: NotificationKind, template: NotificationTemplate, by: string): Promise<void>;
  /** What ships holds again. */
  removeTemplate(channel: string, kind: NotificationKind, by: string): Promise<void>;

  /** Null: there is nobody of that id, or no longer. */
  person(id: string): Promise<NotifiedPerson | null>;
}

/** Keys and tokens of web push. */
export interface PushStore {
  /** Made at the first call, and the same ever after. Throws a sentence when they were encrypted with another key. */
  vapid(): Promise<{ readonly publicKey: string; readonly privateKey: string }>;
  /** A token by which one person answers one approval from one device; those before it for the same are void. */
  issueAnswer(about: {
    readonly approvalId: string;
    readonly personId: string;
    readonly destinationId: string;
    readonly expiresAt: Date;
  }): Promise<string>;
  /** Uses a token up. Null: there is no such token, its time is over, or it was used. */
  useAnswer(token: string): Promise<{ readonly approvalId: string; readonly personId: string } | null>;
}
