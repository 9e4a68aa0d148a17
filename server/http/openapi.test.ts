// The description of the API: valid by its own version's rules, and of every route that there is.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from '../testing/api.ts';
import { routePermissions } from './permissions.ts';

interface Schema {
  $ref?: string;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
interface Operation {
  summary: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { type: string }> };
}

let api: Api;
let description: Document;
beforeAll(async () => {
  api = await openApi();
  description = (await (await api.request('/api/v1/openapi.json')).json()) as Document;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, line: `${method} ${path}` })),
  );

/** All the places where a schema names another. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

/** What a browser is led to, and the description itself. */
const notDescribed = ['GET /api/v1/openapi.json', 'GET /api/auth/magic-link/verify', 'POST /api/auth/sign-out'];

describe('the description', () => {
  it('is OpenAPI 3.1 with a title and a version', () => {
    expect(description.openapi).toBe('3.1.0');
    expect(description.info).toMatchObject({ title: 'Signalbox', version: expect.any(String) });
  });

  it('has every route of the API and the webhook, and no other', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const routes = Object.keys(routePermissions)
      .filter((line) => /\/(api\/v1|api\/auth|hooks|healthz|readyz)/.test(line) && !notDescribed.includes(line))
      .map((line) => line.replace(/:(\w+)/g, '{$1}'));
    expect(described.sort()).toEqual(routes.sort());
  });

  it('describes every parameter of a path, as required, and no other of that kind', () => {
    for (const { path, line, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(described.map((parameter) => parameter.name).sort(), line).toEqual(inPath.sort());
      expect(
        described.every((parameter) => parameter.required),
        line,
      ).toBe(true);
    }
  });

  it('says of every route what it answers, and that a problem is problem+json', () => {
    for (const { line, operation } of operations()) {
      expect(operation.summary, line).toBeTruthy();
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => /^20\d$/.test(status)),
        line,
      ).toBe(true);
      for (const response of Object.values(operation.responses)) expect(response.description, line).toBeTruthy();
      if (line.includes('/api/v1/')) {
        expect(operation.responses.default?.content, line).toHaveProperty(['application/problem+json']);
        // An answer from a notification brings its own proof: permissions.test.ts names what is open.
        const open = line.toUpperCase().endsWith('/API/V1/PUSH/ANSWERS');
        expect(operation.security, line).toEqual(open ? [] : [{ bearer: [] }, { session: [] }]);
      }
    }
  });

  it('names only what it holds', () => {
    const held = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
    const named = new Set(references(description));
    expect([...named].filter((reference) => !held.includes(reference))).toEqual([]);
    expect(named.size).toBeGreaterThan(10);
    const schemes = Object.keys(description.components.securitySchemes);
    for (const { operation } of operations())
      for (const needed of operation.security ?? [])
        expect(schemes).toEqual(expect.arrayContaining(Object.keys(needed)));
  });

  it('holds schemas of JSON Schema 2020-12, as 3.1 asks, that take the API’s answers', async () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema({ $id: 'api.json', components: description.components });
    for (const name of Object.keys(description.components.schemas))
      expect(() => ajv.compile({ $ref: `api.json#/components/schemas/${name}` }), name).not.toThrow();
    for (const [path, name] of [
      ['/api/v1/status', 'Status'],
      ['/api/v1/settings', 'Settings'],
      ['/api/v1/me', 'Me'],
    ] as const) {
      const check = ajv.compile({ $ref: `api.json#/components/schemas/${name}` });
      const answer = await (await api.as('admin', path)).json();
      expect([path, check(answer), check.errors]).toEqual([path, true, null]);
      expect(check({ nothing: 'of it' })).toBe(false);
    }
  });
});

describe('the page to browse it', () => {
  it('fetches nothing from anywhere else', async () => {
    const page = await (await api.request('/docs')).text();
    expect(page).toContain('spec-url="/api/v1/openapi.json"');
    expect(page).toContain('load-fonts="false"');
    expect(page).not.toMatch(/https?:\/\//);
  });
});
