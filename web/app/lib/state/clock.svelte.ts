/** The server's time, once a second: one timer for every "12 s ago" on the page. */
class PageClock {
  #aheadMs = 0;
  nowMs = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.nowMs = Date.now() + this.#aheadMs;
    }, 1000);
  }

  /** The browser's clock may be wrong; the server's is what the times shown were taken from. */
  synchronise(serverTime: string): void {
    const ahead = Date.parse(serverTime) - Date.now();
    this.#aheadMs = Math.abs(ahead) < 1500 ? 0 : ahead;
  }
}

export const clock = new PageClock();
