import type { Notifier } from '../../core/ports/notifier.ts';

/** What channels are made with. */
export interface ChannelParts {
  /** Keys under which push services know this server. Throws a sentence when they cannot be read. */
  readonly vapid: () => Promise<{ readonly publicKey: string; readonly privateKey: string }>;
  /** Who push services may write to: a `https:` or `mailto:` address. */
  readonly pushContact: string;
  /** Hosts, or whole origins, of push services that are written to beside the known ones. */
  readonly pushServices: readonly string[];
}

/** Each file in `notifiers/` exports one, as `channel`. */
export type ChannelMaker = (parts: ChannelParts) => Notifier;
