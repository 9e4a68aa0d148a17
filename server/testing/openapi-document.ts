/** A JSON schema as far as the API's description uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A request that a route's description says it takes. */
export interface SampleRequest {
  /** As the permission table writes it: `GET /api/v1/orders/:id`. */
  readonly line: string;
  readonly method: string;
  readonly path: string;
  readonly body: { readonly type: string; readonly text: string } | null;
}

/** What texts of our patterns look like; the first that fits is taken. */
const texts = [
  'AAPL',
  'text',
  '1',
  '150.25',
  '2026-11-20',
  '09:30',
  'tradingview',
  'https://example.com/x',
  'name@example.com',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b',
];
const formats: Readonly<Record<string, string>> = {
  uuid: '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b',
  'date-time': '2026-11-20T15:00:00.000Z',
  date: '2026-11-20',
  time: '15:00:00',
  email: 'name@example.com',
  uri: 'https://example.com/x',
};

/** A value that a schema takes, the smallest that comes to hand: of an object what is required, of a choice the first. */
export function sampleOf(document: OpenApiDocument, schema: Schema, depth = 0): unknown {
  if (depth > 12) return null;
  const inner = (one: Schema): unknown => sampleOf(document, one, depth + 1);
  if (schema.$ref) return inner(document.components.schemas[schema.$ref.split('/').at(-1)!] ?? {});
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.length) return schema.examples[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return inner(choice[0]!);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(inner));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, inner(schema.properties?.[name] ?? {})]));
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => inner(schema.items ?? {}));
    case 'integer':
    case 'number':
      return schema.default ?? schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema);
  }
}

function textOf({ format, pattern, minLength = 0 }: Schema): string {
  const known = format && formats[format];
  if (known) return known;
  const fits = (text: string) =>
    text.length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return texts.find(fits) ?? 'x'.repeat(Math.max(1, minLength));
}

/** A request for every route that the API's description has, with what the route says it asks for. */
export function sampleRequests(document: OpenApiDocument): SampleRequest[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const query = new URLSearchParams();
      let filled = path;
      for (const parameter of operation.parameters ?? []) {
        const value = String(sampleOf(document, parameter.schema));
        if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
        else if (parameter.in === 'query' && parameter.required) query.set(parameter.name, value);
      }
      const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
      const sample = content && sampleOf(document, content.schema);
      return {
        line: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        method: method.toUpperCase(),
        path: query.size === 0 ? filled : `${filled}?${query}`,
        body:
          type === undefined
            ? null
            : { type, text: typeof sample === 'string' ? sample : JSON.stringify(sample ?? {}) },
      };
    }),
  );
}
