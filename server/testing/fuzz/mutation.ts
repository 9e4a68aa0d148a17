import type { Draw } from '../torture/draw.ts';

/** A change to a body, by name. Pure but for what it draws. */
export interface Mutation {
  readonly name: string;
  apply(body: Buffer, about: { readonly draw: Draw; another(): Buffer }): Buffer;
}

/** As long as the longest body that is read at all, and a little more: what is beyond is tried by a mutation of its own. */
export const longest = 66_000;

/** A body cut to what can be sent in numbers. */
export const cut = (body: Buffer): Buffer => (body.length > longest ? body.subarray(0, longest) : body);

/** A mutation of the text; bytes that are no text go through it as Latin-1 and come out as they were. */
export const onText = (name: string, change: (text: string, draw: Draw) => string): Mutation => ({
  name,
  apply: (body, { draw }) => cut(Buffer.from(change(body.toString('utf8'), draw), 'utf8')),
});
