import { ApiProblem, api } from '../api/client.ts';
import type { NotificationDestinationJson, NotificationsJson } from '../api/contract.ts';

/** How this browser stands with being told. `off`: it could be. */
export type PushStanding = 'looking' | 'insecure' | 'home_screen' | 'impossible' | 'denied' | 'off' | 'on';

/** What a device is told at first: what cannot wait. */
const firstKinds = ['approval.wanted', 'stop.hit', 'alarm.page', 'kill_switch.changed'] as const;
const storedAs = 'signalbox.push-device';
/** A browser may wait for its push service for as long as it likes. */
const patienceMs = 20_000;

const apple = (): boolean =>
  /iP(hone|ad|od)/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** A name by which its person knows it among others: "Chrome on Android". */
export function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /Firefox\//.test(agent)
      ? 'Firefox'
      : /Chrome\//.test(agent)
        ? 'Chrome'
        : 'Safari';
  const system =
    /iPhone|iPad/.exec(agent)?.[0] ?? /Android|Windows|Linux/.exec(agent)?.[0] ?? (/Mac/.test(agent) ? 'Mac' : '');
  return system === '' ? browser : `${browser} on ${system}`;
}

/** This browser's own way of being told. */
export class PushDevice {
  standing = $state<PushStanding>('looking');
  /** Which of the person's devices this is; null: none. */
  id = $state<string | null>(null);

  async #subscription(): Promise<PushSubscription | null> {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription()) ?? null;
  }

  /** Looks how it stands, given the devices the server knows. */
  async look(devices: readonly NotificationDestinationJson[]): Promise<void> {
    this.id = null;
    if (!isSecureContext) this.standing = 'insecure';
    else if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
      this.standing = apple() ? 'home_screen' : 'impossible';
    else if (Notification.permission === 'denied') this.standing = 'denied';
    else {
      const stored = localStorage.getItem(storedAs);
      const known = devices.find((device) => device.id === stored);
      const there = known !== undefined && (await this.#subscription()) !== null;
      this.id = there ? known.id : null;
      this.standing = there ? 'on' : 'off';
    }
  }

  /** Asks the browser and has the server tell it. Throws an `ApiProblem` with a sentence. */
  async switchOn({ pushKey, pushProblem }: NotificationsJson): Promise<void> {
    if (pushKey === null) throw new ApiProblem({ detail: pushProblem ?? 'Web push cannot be used now.' });
    if ((await Notification.requestPermission()) !== 'granted')
      throw new ApiProblem({ detail: 'The browser was not given leave to show notifications. Nothing was changed.' });
    const registration =
      (await navigator.serviceWorker.getRegistration()) ??
      (await navigator.serviceWorker.register('/service-worker.js'));
    let subscription: PushSubscription;
    try {
      subscription = await within(
        patienceMs,
        registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey }),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ApiProblem({
        detail: `The browser could not subscribe at its push service: ${why}. Nothing was changed.`,
      });
    }
    const { endpoint, keys } = subscription.toJSON();
    const device = await api.post<NotificationDestinationJson>('/push/devices', {
      ...{ name: deviceName(navigator.userAgent), endpoint, kinds: firstKinds },
      keys: { p256dh: keys?.p256dh, auth: keys?.auth },
    });
    localStorage.setItem(storedAs, device.id);
  }

  /** Has the server tell one of the person's devices nothing any more; this one's browser forgets its subscription as well. */
  async remove(id: string): Promise<void> {
    await api.delete(`/push/devices/${id}`);
    if (localStorage.getItem(storedAs) !== id) return;
    localStorage.removeItem(storedAs);
    await (await this.#subscription())?.unsubscribe();
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
