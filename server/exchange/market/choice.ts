import type { Sessions } from '../calendar/sessions.ts';
import { readBars } from './csv-bars.ts';
import { cryptoPairs, type Instrument, instruments as wellKnown } from './instruments.ts';
import type { Market } from './market.ts';
import { ReplayMarket } from './replay.ts';
import { ScriptedMarket } from './scripted.ts';
import { SimMarket } from './sim.ts';

/** Which market the venue trades on. */
export type MarketChoice =
  | { readonly kind: 'sim' }
  | { readonly kind: 'scripted' }
  | {
      readonly kind: 'replay';
      /** OHLCV bars with a line of names. */
      readonly csv: string;
      /** What errors call it. */
      readonly file: string;
      /** The symbol of a file that names none. */
      readonly symbol?: string | undefined;
      /** Market time over real time. */
      readonly speed: number;
    };

export interface MarketSettings {
  readonly choice: MarketChoice;
  readonly sessions: Sessions;
  readonly seed: number;
  /** Trades of each symbol a second; 0: the market stands still but for what is scripted. */
  readonly pace: number;
  readonly instruments?: readonly Instrument[] | undefined;
}

/** Makes the market that was chosen. Throws an `Error` about a file that cannot be read as bars. */
export function openMarket({ choice, sessions, seed, pace, instruments }: MarketSettings): Market {
  const listed = instruments ?? [...wellKnown, ...cryptoPairs];
  switch (choice.kind) {
    case 'sim':
      return new SimMarket({ instruments: listed, sessions, seed, pace });
    case 'scripted':
      return new ScriptedMarket(listed);
    case 'replay': {
      const file = readBars(choice.csv, sessions, choice);
      return new ReplayMarket({ file, speed: choice.speed, pace, seed });
    }
  }
}
