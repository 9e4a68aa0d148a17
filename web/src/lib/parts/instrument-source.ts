import type { InstrumentJson } from '../api/contract.ts';

const names: Readonly<Record<InstrumentJson['source'], string>> = {
  import: 'Imported',
  none: 'Nobody',
  's-and-p-500-companies': 'S&P 500 table',
  signalbox: 'Signalbox',
};

/** Whose word a sector is. */
export const sourceName = (source: InstrumentJson['source']): string => names[source];
