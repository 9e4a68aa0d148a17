import type { JsonWatch } from '../json-text.ts';

/** Where a field of a JSON text stands. Offsets count UTF-16 units. */
export interface JsonPlace {
  /** As problems call it: `takeProfits[0].price`; empty for the whole value. */
  readonly field: string;
  /** RFC 6901. */
  readonly pointer: string;
  /** The field that it is in, as problems call it. */
  readonly parent: string;
  readonly name: string;
  /** Of its name, with the quotes; nothing for an item of a list. */
  readonly key: { readonly from: number; readonly until: number };
  readonly value: { readonly from: number; readonly until: number };
}

interface Open {
  readonly field: string;
  readonly pointer: string;
  readonly name: string;
  readonly key: { readonly from: number; readonly until: number };
  from: number;
}

/** Notes where each field of a JSON text stands, each time that it is written. */
export class JsonPlaces implements JsonWatch {
  readonly all: JsonPlace[] = [];
  readonly #open: Open[] = [{ field: '', pointer: '', name: '', key: { from: 0, until: 0 }, from: 0 }];

  enter(step: string | number, keyFrom: number, keyUntil: number): void {
    const { field, pointer } = this.#open.at(-1)!;
    const within = field === '' ? '' : `${field}.`;
    this.#open.push({
      field: typeof step === 'number' ? `${field}[${step}]` : `${within}${step}`,
      pointer: `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      name: String(step),
      key: { from: keyFrom, until: keyUntil },
      from: keyUntil,
    });
  }

  begin(from: number): void {
    this.#open.at(-1)!.from = from;
  }

  leave(until: number): void {
    const { from, ...place } = this.#open.pop()!;
    this.all.push({ ...place, parent: this.#open.at(-1)!.field, value: { from, until } });
  }

  /** Every time that a field is written, in the order of the text. */
  of(field: string): readonly JsonPlace[] {
    return this.all.filter((place) => place.field === field);
  }
}
