import { readFileSync } from 'node:fs';

/** What the official specification says of a request. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  /** By the parameter's name: the values that it may have, or its format. */
  readonly query: Readonly<Record<string, readonly string[] | string>>;
  /** The body's fields, those of an object in it as `take_profit.limit_price`. */
  readonly body: readonly string[];
}

const document = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8')) as {
  operations: readonly (Omit<Operation, 'body'> & { readonly body?: readonly string[] })[];
};

export const operations: readonly Operation[] = document.operations.map((one) => ({ body: [], ...one }));

/** Parts of the specification that this venue is not; docs/exchange.md names each by this path. */
export const elsewhere: readonly string[] = [
  '/v1/locates',
  '/v2/tokenization',
  '/v2/wallets',
  '/v2beta1/events/activities',
];

export const served: readonly Operation[] = operations.filter(
  ({ path }) => !elsewhere.some((prefix) => path.startsWith(prefix)),
);

/** One of them. */
export function operation(method: string, path: string): Operation {
  const found = operations.find((one) => one.method === method && one.path === path);
  if (!found) throw new RangeError(`the specification has no ${method} ${path}`);
  return found;
}
