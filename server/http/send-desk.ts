import type { SamplesJson, SendWish, SentJson } from '../contract/send.ts';
import type { Caller } from '../platform/access/roles.ts';

/** Who sends. */
export interface Sender {
  readonly caller: Caller;
  /** Of the connection. */
  readonly remoteAddress: string | null;
}

/** Alerts that a person sends by hand. */
export interface SendDesk {
  samples(): Promise<SamplesJson>;
  /** Throws an `HttpProblem` for what may not be sent; what intake says of it is the answer, whatever it is. */
  send(wish: SendWish, sender: Sender): Promise<SentJson>;
}
