import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What the official specification says of a request to the Market Data API. */
export interface DataOperation {
  readonly path: string;
  /** Of a good answer. */
  readonly schema: string;
  /** By the parameter's name: the values that it may have, or its format. */
  readonly query: Readonly<Record<string, readonly string[] | string>>;
  readonly required?: readonly string[];
}

const document = JSON.parse(readFileSync(new URL('market-data-api.json', import.meta.url), 'utf8')) as {
  operations: readonly DataOperation[];
  $defs: Record<string, { required?: readonly string[]; properties?: Readonly<Record<string, unknown>> }>;
};

/** All about stocks and crypto. */
export const dataOperations = document.operations;

// Snapshots have no required field, and clients read all five.
for (const name of ['stock_snapshot', 'crypto_snapshot']) {
  document.$defs[name]!.required = Object.keys(document.$defs[name]!.properties!);
}
// Nothing may be sent that the specification does not know. A snapshot may be part of a larger whole.
for (const [name, schema] of Object.entries(document.$defs)) {
  if (schema.properties && !name.endsWith('_snapshot')) Object.assign(schema, { unevaluatedProperties: false });
}
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
for (const format of ['uint32', 'uint64']) {
  ajv.addFormat(format, { type: 'number', validate: (value: number) => Number.isSafeInteger(value) && value >= 0 });
}
ajv.addSchema(document);

/** What is wrong with a value by a schema of the specification; empty: nothing. */
export function dataFaultsOf(schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(`alpaca-market-data-api#/$defs/${schema}`);
  if (!validate) throw new RangeError(`the specification has no ${schema}`);
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message}`);
}
