/** Randomness, as everything outside `adapters` sees it. */
export interface Random {
  /** A new random id: a UUID version 7, so that ids sort by time. */
  id(): string;
  /** `length` random bytes as URL-safe text, for tokens and passwords. */
  token(length?: number): string;
}
