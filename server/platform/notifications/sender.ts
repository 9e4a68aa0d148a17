import { fullJitterMs, spreadMs } from '../../core/backoff.ts';
import type { NotificationKind, NotificationTemplate } from '../../core/model/notification.ts';
import type { AlarmDelivery, Alarms } from '../../core/ports/alarms.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type {
  DeliveryOutcome,
  DueDelivery,
  NotificationDestination,
  NotificationStore,
  PushStore,
  StoredTemplate,
} from '../../core/ports/notification-store.ts';
import type { ApprovalQuestion, Notifier, NotifierMessage, Told } from '../../core/ports/notifier.ts';
import type { Random } from '../../core/ports/random.ts';
import { mayDo } from '../access/roles.ts';
import { clockInWords } from './notification-of.ts';
import { quietUntil } from './quiet-hours.ts';
import { render, shippedTemplate } from './templates.ts';

export interface SenderParts {
  readonly store: NotificationStore;
  readonly push: Pick<PushStore, 'issueAnswer'>;
  readonly channels: readonly Notifier[];
  readonly alarms: Pick<Alarms, 'raise' | 'clear'> & Pick<AlarmDelivery, 'recordDelivery'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id' | 'fraction'>;
  readonly log: Log;
  /** Where the dashboard is reached, without a slash at the end. */
  readonly dashboardUrl: string;
}

/** Makes the deliveries that are due. */
export interface Sender {
  /** Looks for deliveries now. */
  kick(): void;
  /** Begins, and looks every second as well. Answers what stops it. */
  start(): () => Promise<void>;
  /** Tells a destination now that it is a test, and says what came of it. Null: there is no such destination. */
  test(destinationId: string, by: string): Promise<Told | null>;
}

const lookEveryMs = 1000;
/** Taken at a time: with a quarter of a minute each at the very most, within the lease. */
const atATime = 8;
const leaseMs = 150_000;
/** The first pause after a failure is up to this, doubled each time. */
const retries = { firstMs: 4000, longestMs: 300_000 };
/** What cannot be told for so long is given up: it is old news then, and stands in the dashboard. */
export const giveUpAfterMs = 2 * 3_600_000;
/** When a destination has failed for so long, a person is told, though it is tried on. */
export const tellAfterMs = 10 * 60_000;

const urgentKinds: ReadonlySet<NotificationKind> = new Set([
  'approval.wanted',
  'alarm.page',
  'kill_switch.changed',
  'stop.hit',
]);

const staleWords: Readonly<Record<NonNullable<DueDelivery['stale']>, string>> = {
  removed: 'Not told: the destination was removed.',
  switched_off: 'Not told: the destination is switched off.',
  answered: 'Not told: it was answered before.',
  over: 'Not told: it was over before anybody could be told.',
  person_gone: 'Not told: the person has no account any more, or it is disabled.',
};

export const alarmKeyOf = (destinationId: string): string => `notifications:${destinationId}`;

/** At least once each: what is sent and not noted, as the process ended between, is sent again under the same id. */
export function createSender(parts: SenderParts): Sender {
  const { store, push, channels, alarms, clock, random, log, dashboardUrl } = parts;
  let working: Promise<void> | null = null;
  let again = false;
  let stopped = true;

  const channelOf = (key: string): Notifier | null => channels.find((one) => one.key === key) ?? null;

  async function work(): Promise<void> {
    do {
      again = false;
      const due = await store.claim(atATime, leaseMs);
      if (due.length === 0) continue;
      const templates = await store.templates();
      const lines = Map.groupBy(due, (delivery) => delivery.destination.id);
      await Promise.all([...lines.values()].map((line) => workOff(line, templates)));
      again ||= due.length === atATime;
    } while (again && !stopped);
  }

  /** Those of one destination one after the other, until it fails. */
  async function workOff(line: readonly DueDelivery[], templates: readonly StoredTemplate[]): Promise<void> {
    let failed = false;
    for (const delivery of line) {
      if (failed || stopped) await store.release(delivery.id);
      else failed = await deliver(delivery, templates);
    }
  }

  /** True: the destination cannot be told now. */
  async function deliver(delivery: DueDelivery, templates: readonly StoredTemplate[]): Promise<boolean> {
    const { destination, notification } = delivery;
    const now = clock.now();
    const instead = insteadOf(delivery, now);
    if (instead) {
      await store.settle(delivery, instead, null);
      return false;
    }
    const facts = factsOf(delivery, dashboardUrl);
    const template = templates.find((one) => one.channel === destination.channel && one.kind === notification.kind);
    const said = render(template ?? shippedTemplate(notification.kind), facts);
    const told = await tell(destination, {
      ...said,
      ...{ id: delivery.id, kind: notification.kind, at: notification.at.toISOString(), link: facts.link ?? '' },
      ...{ urgent: urgentKinds.has(notification.kind), facts, expiresAt: notification.expiresAt },
      question: await questionFor(delivery),
    });
    const outcome = outcomeOf(delivery, told, now);
    await store.settle(delivery, outcome, said);
    await followUp(delivery, told, outcome, now);
    return told.kind !== 'delivered';
  }

  async function tell(destination: NotificationDestination, message: NotifierMessage): Promise<Told> {
    const final = (answer: string): Told => ({ kind: 'failed', answer, final: true, retryAfterMs: null });
    const channel = channelOf(destination.channel);
    if (!channel) return final(`There is no channel ${destination.channel} any more.`);
    let settings: Awaited<ReturnType<typeof store.settings>>;
    try {
      settings = await store.settings(destination.id);
    } catch (error) {
      return final(error instanceof Error ? error.message : 'Its settings cannot be read.');
    }
    if (settings === null) return final(staleWords.removed);
    try {
      return await channel.tell(settings, message);
    } catch (error) {
      // The port says that this does not happen; its message might hold anything.
      log.error({ channel: channel.key, error: error instanceof Error ? error.name : 'unknown' }, 'a channel failed');
      return { kind: 'failed', answer: 'The channel failed by a fault of ours.', final: false, retryAfterMs: null };
    }
  }

  /** What a person may answer from the device itself, as they are now. */
  async function questionFor({ destination, notification }: DueDelivery): Promise<ApprovalQuestion | null> {
    const { approvalId } = notification.facts;
    if (notification.kind !== 'approval.wanted' || !approvalId || !destination.personId || !notification.expiresAt)
      return null;
    const person = await store.person(destination.personId);
    if (!person || !mayDo(person.role, notification.live ? 'admin' : 'trader')) return null;
    const about = { approvalId, personId: person.id, destinationId: destination.id };
    const token = await push.issueAnswer({ ...about, expiresAt: notification.expiresAt });
    return { approvalId, token, mayApprove: !notification.live };
  }

  function outcomeOf({ tries, since }: DueDelivery, told: Told, now: Date): DeliveryOutcome {
    const { answer } = told;
    if (told.kind === 'delivered') return { kind: 'delivered', answer };
    if (told.kind === 'gone' || told.final) return { kind: 'failed', answer };
    if (now.getTime() - since.getTime() >= giveUpAfterMs)
      return { kind: 'failed', answer: `${answer} Given up after two hours.` };
    const pauseMs =
      told.retryAfterMs === null ? fullJitterMs(random, tries + 1, retries) : spreadMs(random, told.retryAfterMs);
    return { kind: 'again', answer, dueAt: new Date(now.getTime() + pauseMs), hold: true };
  }

  async function followUp(
    { destination, notification }: DueDelivery,
    told: Told,
    outcome: DeliveryOutcome,
    now: Date,
  ): Promise<void> {
    const { alarmId } = notification.facts;
    if (alarmId) await alarms.recordDelivery(alarmId, told.kind === 'delivered' ? null : told.answer);
    const key = alarmKeyOf(destination.id);
    if (told.kind === 'delivered') return alarms.clear(key, `${destination.name} was told again.`);
    if (told.kind === 'gone') {
      await store.remove(destination.id, 'the push service');
      return alarms.clear(key, `${destination.name} is gone: its browser has ended the subscription.`);
    }
    const failingMs = destination.failingSince === null ? 0 : now.getTime() - destination.failingSince.getTime();
    if (outcome.kind === 'again' && failingMs < tellAfterMs) return;
    await alarms.raise({
      key,
      kind: 'notification.undelivered',
      severity: 'warn',
      sentence: `${destination.name} (${destination.channel}) cannot be told: ${told.answer} Trading is not affected; nobody learns there of what happens.`,
      data: { destinationId: destination.id },
    });
  }

  const run = (): void => {
    if (stopped) return;
    if (working) {
      again = true;
      return;
    }
    working = work()
      .catch((error: unknown) => log.warn({ err: error }, 'notifications could not be sent; they will be tried again'))
      .finally(() => {
        working = null;
      });
  };

  return {
    kick: run,
    start() {
      stopped = false;
      const timer = clock.every(lookEveryMs, run);
      run();
      return async () => {
        stopped = true;
        timer.cancel();
        await working;
      };
    },
    async test(destinationId, by) {
      const destination = await store.find(destinationId);
      if (!destination) return null;
      const said = {
        subject: 'Signalbox: a test',
        text: `${by} sent this to see whether ${destination.name} can be told. Nothing has happened.`,
      } satisfies NotificationTemplate;
      const now = clock.now();
      const told = await tell(destination, {
        ...said,
        ...{ id: random.id(), kind: 'test', at: now.toISOString(), link: `${dashboardUrl}/notifications` },
        ...{ urgent: false, facts: {}, expiresAt: null, question: null },
      });
      await store.recordTest(destination, said, told);
      if (told.kind === 'delivered')
        await alarms.clear(alarmKeyOf(destination.id), `${destination.name} was told again.`);
      if (told.kind === 'gone') await store.remove(destination.id, 'the push service');
      return told;
    },
  };
}

/** What becomes of a delivery without a try; null: it is to be tried. */
function insteadOf({ stale, notification, destination }: DueDelivery, now: Date): DeliveryOutcome | null {
  if (stale !== null) return { kind: 'skipped', answer: staleWords[stale] };
  const { expiresAt, kind } = notification;
  if (expiresAt !== null && expiresAt.getTime() <= now.getTime())
    return { kind: 'skipped', answer: 'Not told: its time was over before.' };
  const until = quietUntil(now, destination.quiet, kind);
  if (until === null) return null;
  if (destination.quiet?.others === 'never') return { kind: 'skipped', answer: 'Not told: it came in quiet hours.' };
  return {
    kind: 'again',
    answer: 'It waits for the end of the quiet hours.',
    dueAt: until,
    hold: false,
    since: until,
  };
}

const factsOf = ({ notification }: DueDelivery, dashboardUrl: string): Record<string, string> => ({
  ...notification.facts,
  mode: notification.live ? 'LIVE' : 'PAPER',
  time: clockInWords(notification.at),
  link: `${dashboardUrl}${notification.path}`,
});
