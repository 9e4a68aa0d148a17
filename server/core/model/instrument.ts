/** What a symbol stands for. */
export interface Instrument {
  /** As `instrumentSymbol` writes it. */
  readonly symbol: string;
  readonly name: string;
  /** One of `sectorNames`. */
  readonly sector: string;
  readonly industry: string;
}

/** Where a symbol counts: limits by sector and by industry go by these names. */
export interface Classification {
  /** As `instrumentSymbol` writes it. */
  readonly symbol: string;
  /** One of `sectorNames`; `Unknown` where nobody has classified it. */
  readonly sector: string;
  /** `Unknown` where the sector is. */
  readonly industry: string;
}

/** Whose word it is: a table that ships with the project, or a person's. */
export const instrumentSources = ['s-and-p-500-companies', 'signalbox', 'import'] as const;
export type InstrumentSource = (typeof instrumentSources)[number];

/** An instrument as it is kept. */
export interface InstrumentRecord extends Instrument {
  readonly source: InstrumentSource;
  /** Null: it ships. */
  readonly importedAt: Date | null;
  readonly importedBy: string | null;
  /** What ships under what a person imported; null: nothing, or nobody imported it. */
  readonly shipped: Omit<Instrument, 'symbol'> | null;
}
