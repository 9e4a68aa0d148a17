/** What Chromium gives a page that may be installed. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Putting the dashboard on a phone's or a desk's home screen, and new versions of it. */
class AppInstall {
  /** The browser would install it now. */
  offered = $state(false);
  /** It runs in a window of its own. */
  installed = $state(false);
  /** A new version is on this device, and waits to be loaded. */
  newVersion = $state(false);
  #prompt: InstallPrompt | null = null;
  #registration: ServiceWorkerRegistration | null = null;
  #asked = false;

  /** Whether the browser can keep the dashboard at all: only pages that came by TLS, or from this machine, may be kept. */
  get possible(): boolean {
    return 'serviceWorker' in navigator;
  }

  /** Listens to what the browser offers. Answers how to stop. */
  listen(): () => void {
    const own = matchMedia('(display-mode: standalone)');
    const look = (): void => {
      this.installed = own.matches || (navigator as { standalone?: boolean }).standalone === true;
    };
    const offer = (event: Event): void => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
      this.offered = true;
    };
    const done = (): void => {
      this.offered = false;
      this.installed = true;
    };
    const shown = (): void => {
      if (document.visibilityState === 'visible') void this.look();
    };
    look();
    own.addEventListener('change', look);
    addEventListener('beforeinstallprompt', offer);
    addEventListener('appinstalled', done);
    document.addEventListener('visibilitychange', shown);
    return () => {
      own.removeEventListener('change', look);
      removeEventListener('beforeinstallprompt', offer);
      removeEventListener('appinstalled', done);
      document.removeEventListener('visibilitychange', shown);
    };
  }

  async install(): Promise<void> {
    await this.#prompt?.prompt();
    this.#prompt = null;
    this.offered = false;
  }

  /** Keeps the dashboard on this device. Meant for when the first page is there, as it asks for every part. */
  async register(): Promise<void> {
    if (!this.possible || import.meta.env.DEV) return;
    const registration = await navigator.serviceWorker.register('/service-worker.js');
    this.#registration = registration;
    if (registration.waiting && navigator.serviceWorker.controller) this.newVersion = true;
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        // The first one ever is no news: the page is of that version.
        if (coming.state === 'installed' && navigator.serviceWorker.controller) this.newVersion = true;
      });
    });
    // Other windows go on with what they show; only the one in which it was asked for loads anew.
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (this.#asked) location.reload();
    });
  }

  /** Asks the server whether there is a new version. That it does not answer is said elsewhere. */
  async look(): Promise<void> {
    await this.#registration?.update().catch(() => {});
  }

  /** Loads the new version in this window. */
  loadNewVersion(): void {
    this.#asked = true;
    const waiting = this.#registration?.waiting;
    if (waiting) waiting.postMessage('load-new-version');
    else location.reload();
  }
}

export const appInstall = new AppInstall();
