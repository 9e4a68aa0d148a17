import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { alwaysSent } from './always-sent.ts';

const document = JSON.parse(readFileSync(new URL('trading-api.json', import.meta.url), 'utf8')) as {
  $defs: Record<string, { required?: string[]; properties?: Record<string, unknown> }>;
};
for (const [name, fields] of Object.entries(alwaysSent)) {
  const schema = document.$defs[name]!;
  schema.required = [...new Set([...(schema.required ?? []), ...fields])];
}
// A day, as the specification's own example has it and as clients parse it; its format says a moment.
document.$defs.NonTradeActivities!.properties!.date = { type: 'string', format: 'date' };
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/);
ajv.addSchema(document);

/** What is wrong with a value by a schema of the specification, with the stricter required lists; empty: nothing. */
export function faultsOf(schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(`alpaca-trading-api#/$defs/${schema}`);
  if (!validate) throw new RangeError(`the specification has no ${schema}`);
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message}`);
}
