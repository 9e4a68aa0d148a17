/** Randomness, as everything outside `adapters` sees it. */
export interface Random {
  /** A new random id: a UUID version 7, so that ids sort by time. */
  id(): string;
  /** `length` random bytes as URL-safe text, for tokens and passwords. */
  token(length?: number): string;
  /** From 0 up to, but not including, 1: for pauses that must not fall together. Nothing secret may be made of it. */
  fraction(): number;
}
