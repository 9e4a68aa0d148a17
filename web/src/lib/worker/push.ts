import type { LastingEvent, WorkerScope } from './scope.ts';

/** What the server says in a push; see docs/notifications.md. */
interface Said {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly at: string;
  readonly link: string;
  readonly urgent: boolean;
  readonly question?: { readonly approvalId: string; readonly token: string; readonly mayApprove: boolean };
}

export interface PushedEvent extends LastingEvent {
  readonly data: { json(): unknown } | null;
}
export interface ClickedEvent extends LastingEvent {
  readonly action: string;
  readonly notification: { readonly data: unknown; readonly title: string; close(): void };
}
export interface SubscriptionEvent extends LastingEvent {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

const icon = '/icons/icon-192.png';

/** Of an address of the dashboard what follows the host: it may be open under another name of the same server. */
const pathOf = (link: string, worker: WorkerScope): string => {
  const { pathname, search } = new URL(link, worker.location.origin);
  return pathname + search;
};

/** Shows what was pushed. A browser takes a push that shows nothing amiss, so what cannot be read is shown as such. */
export async function handlePush(worker: WorkerScope, event: PushedEvent): Promise<void> {
  let said: Said;
  try {
    said = event.data?.json() as Said;
    if (typeof said.title !== 'string') throw new TypeError('no title');
  } catch {
    await worker.registration.showNotification('Signalbox', {
      body: 'Something happened, and the message could not be read. Look at the dashboard.',
      data: { path: '/' },
      icon,
    });
    return;
  }
  const { question } = said;
  await worker.registration.showNotification(said.title, {
    body: said.body,
    // The same message again takes the place of the first.
    tag: question ? tagOf(question.approvalId) : said.id,
    data: { path: pathOf(said.link, worker), question },
    icon,
    badge: icon,
    timestamp: Date.parse(said.at),
    requireInteraction: said.urgent,
    actions: question
      ? [
          question.mayApprove ? { action: 'approve', title: 'Approve' } : { action: 'open', title: 'Open to approve' },
          { action: 'reject', title: 'Reject' },
        ]
      : [],
  });
}

const tagOf = (approvalId: string): string => `approval:${approvalId}`;

interface Kept {
  readonly path?: string;
  readonly question?: Said['question'];
}

/** Answers the question with the action that was pressed, and says what came of it; anything else opens the page it is about. */
export async function handleNotificationClick(worker: WorkerScope, event: ClickedEvent): Promise<void> {
  const { action, notification } = event;
  const { path = '/', question } = (notification.data ?? {}) as Kept;
  notification.close();
  if (question && (action === 'approve' || action === 'reject'))
    await answer(worker, { question, verdict: action, title: notification.title, path });
  else await openPage(worker, path);
}

async function answer(
  worker: WorkerScope,
  about: { question: NonNullable<Said['question']>; verdict: 'approve' | 'reject'; title: string; path: string },
): Promise<void> {
  const { question, verdict, title, path } = about;
  const say = (body: string, kept: Kept) =>
    worker.registration.showNotification(title, { body, tag: tagOf(question.approvalId), data: kept, icon });
  let response: Response;
  try {
    response = await fetch('/api/v1/push/answers', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: question.token, verdict }),
    });
  } catch {
    await say(
      'The server could not be reached, so it is not known whether your answer arrived. Look at the approvals.',
      { path },
    );
    return;
  }
  const told = (await response.json().catch(() => ({}))) as { sentence?: string; detail?: string; code?: string };
  await say(
    told.sentence ?? told.detail ?? `The server answered ${response.status}. Look at the approvals in the dashboard.`,
    { path },
  );
  // Where the dashboard asks for a proof, it is opened for that.
  if (told.code === 'STEP_UP_REQUIRED') await openPage(worker, path);
}

async function openPage(worker: WorkerScope, path: string): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [first] = windows;
  if (!first) {
    await worker.clients.openWindow(path);
    return;
  }
  await first.focus();
  // A window that another version or nobody controls cannot be led anywhere.
  const led = await first.navigate(path).catch(() => null);
  if (led === null) await worker.clients.openWindow(path);
}

/** The push service has ended what was subscribed: it is subscribed anew under the same settings, or the person is told that it could not be. */
export async function handleSubscriptionChange(worker: WorkerScope, event: SubscriptionEvent): Promise<void> {
  try {
    const next = event.newSubscription ?? (await subscribeAnew(worker));
    const { endpoint, keys } = next.toJSON();
    const replaces = event.oldSubscription?.endpoint;
    const response = await fetch('/api/v1/push/devices', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'A browser that was subscribed anew',
        kinds: ['approval.wanted', 'stop.hit', 'alarm.page', 'kill_switch.changed'],
        ...{ endpoint, keys },
        ...(replaces === undefined ? {} : { replaces }),
      }),
    });
    if (!response.ok) throw new Error(String(response.status));
  } catch {
    await worker.registration.showNotification('Signalbox', {
      body: 'This device cannot be told any more: open the dashboard, and switch its notifications on again.',
      data: { path: '/notifications' },
      icon,
    });
  }
}

async function subscribeAnew(worker: WorkerScope): Promise<PushSubscription> {
  const response = await fetch('/api/v1/notifications');
  if (!response.ok) throw new Error(String(response.status));
  const { pushKey } = (await response.json()) as { pushKey: string | null };
  return worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey });
}
