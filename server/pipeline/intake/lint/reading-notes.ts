import type { FieldWatch } from '../field-reader.ts';
import type { ReadingWatch } from '../read-alert.ts';
import { type JsonPlace, JsonPlaces } from './json-places.ts';

/** What is noted while an alert is read: where its fields stand, and which of them its dialect asked for. */
export class ReadingNotes implements ReadingWatch, FieldWatch {
  readonly json = new JsonPlaces();
  readonly fields: FieldWatch = this;
  readonly names = new Map<string, 'number' | 'other'>();

  asked(field: string, as: 'number' | 'other'): void {
    if (as === 'number' || !this.names.has(field)) this.names.set(field, as);
  }

  /** The names that were asked for within an object; '' is the whole alert. */
  within(parent: string): readonly string[] {
    const start = parent === '' ? '' : `${parent}.`;
    return [...this.names.keys()].flatMap((name) => {
      const rest = name.startsWith(start) ? name.slice(start.length) : '';
      return rest === '' || /[.[]/.test(rest) ? [] : [rest];
    });
  }

  /** Fields that stand in the alert and that nothing asked for; of those, none that is within another. */
  ignored(): readonly JsonPlace[] {
    const read = new Set([
      '',
      ...[...this.names.keys()].map((name) => name.replace(/\.[^.]*$/, '')).filter((one) => one !== ''),
    ]);
    return this.json.all.filter(
      ({ field, parent, key }) => key.until > key.from && !this.names.has(field) && (parent === '' || read.has(parent)),
    );
  }
}
