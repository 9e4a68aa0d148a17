import type {
  ExchangeBookJson,
  ExchangeJson,
  ExchangeTradeJson,
  FaultRequestJson,
  TradeTermsJson,
} from '../../contract/index.ts';
import type { BrokerKeys } from '../../core/ports/account-store.ts';

/** The embedded exchange, for whoever makes it misbehave. It may run in another process. */
export interface ExchangeAdmin {
  /** What it is and what is on; null: it does not answer. */
  look(): Promise<ExchangeJson | null>;
  /** Turns a fault on; answers a sentence when it was refused. */
  add(fault: FaultRequestJson): Promise<string | null>;
  /** Turns one off; false when it was not on. */
  remove(id: string): Promise<boolean>;
  /** Turns everything off. */
  clear(): Promise<void>;
  /** The newest trades in it, newest first; null: it does not answer. */
  trades(): Promise<readonly ExchangeTradeJson[] | null>;
  /** The book of a symbol; 'unlisted': it has none; null: it does not answer. */
  book(symbol: string): Promise<ExchangeBookJson | 'unlisted' | null>;
  /** Takes a trade back (null) or changes its terms, as a venue does after an erroneous one; answers a sentence when it was refused. */
  correct(tradeId: string, terms: TradeTermsJson | null): Promise<string | null>;
  /** Opens one more account with play money in whole dollars (null: as the exchange does); throws an `Error` with a sentence. */
  openAccount(cash: number | null): Promise<BrokerKeys>;
}
