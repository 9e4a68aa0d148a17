import { instrumentSymbol } from '../../core/instruments/symbols.ts';

const read = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether a list that a person wrote names a symbol, however either is spelled: BRK.B, BRK/B or brk-b. */
export function lists(names: readonly string[], symbol: string): boolean {
  let symbols = read.get(names);
  if (symbols === undefined) {
    symbols = new Set(names.map(instrumentSymbol));
    read.set(names, symbols);
  }
  return symbols.has(symbol) || symbols.has(instrumentSymbol(symbol));
}
