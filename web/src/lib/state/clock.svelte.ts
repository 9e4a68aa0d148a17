/** The server's time, ticking once a second: all relative times on a page agree, even where this machine's clock is wrong. */
class ServerClock {
  #skewMs = 0;
  nowMs = $state(Date.now());

  constructor() {
    setInterval(() => {
      // Nobody sees the times of a hidden page.
      if (!document.hidden) this.#tick();
    }, 1000);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  /** Learns the difference from a moment the server just told. */
  synchronise(serverTime: string): void {
    this.#skewMs = Date.parse(serverTime) - Date.now();
    this.#tick();
  }

  #tick(): void {
    this.nowMs = Date.now() + this.#skewMs;
  }
}

export const clock = new ServerClock();
