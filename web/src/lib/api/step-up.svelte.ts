/** Requests that wait until whoever sits there has proved again who it is. One sheet serves all of them. */
class StepUp {
  /** Whether a proof is asked for. */
  asking = $state(false);
  #waiting: ((proved: boolean) => void)[] = [];

  /** Opens the sheet. True: it was proved. False: the sheet was put away. */
  ask(): Promise<boolean> {
    this.asking = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  settle(proved: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.asking = false;
    for (const resolve of waiting) resolve(proved);
  }
}

export const stepUp = new StepUp();
