import { clockTime } from '../format/time.ts';

/** Whether what is shown was kept on this device, as the server does not answer. */
class Offline {
  /** Of what moment it is; null: it comes from the server. */
  asOf = $state<string | null>(null);

  /** Why nothing can be done; null: it can. */
  get reason(): string | null {
    if (this.asOf === null) return null;
    return 'The server is not reached, and what is shown is old: nothing was sent. It can be done when the server answers again.';
  }

  /** "14:03:22", in the zone in which times are shown. */
  clock(zone: string): string | null {
    return this.asOf === null ? null : clockTime(this.asOf, zone);
  }
}

export const offline = new Offline();
