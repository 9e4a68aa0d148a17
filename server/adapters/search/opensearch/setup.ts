import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, errors } from '@opensearch-project/opensearch';

/** One thing that was looked at, and what had to be done: `as_it_was`, or why it could not be. */
export interface SetupStep {
  readonly kind: 'template' | 'mapping' | 'policy';
  readonly name: string;
  readonly outcome: 'created' | 'changed' | 'as_it_was' | 'not_possible';
  /** For people; empty where the outcome says it all. */
  readonly sentence: string;
}

interface Template {
  readonly index_patterns: readonly string[];
  readonly template: { readonly mappings: { readonly properties: object } };
  readonly _meta: Record<string, unknown>;
}

/**
 * Puts the templates and the retention policy of `folder` (opensearch/) in place, and adds new fields to indices that are there. May be
 * run at any time, by any number of processes: what is right already is left alone. Throws when the node cannot be asked.
 */
export async function setUpSearch(client: Client, folder: string): Promise<SetupStep[]> {
  const steps: SetupStep[] = [];
  for (const [name, template] of read<Template>(join(folder, 'templates'))) {
    steps.push(await putTemplate(client, name, template));
    const mapping = await addFields(client, name, template);
    if (mapping) steps.push(mapping);
  }
  for (const [name, policy] of read<{ policy: { description: string } }>(join(folder, 'policies'))) {
    steps.push(await putPolicy(client, name, policy.policy));
  }
  return steps;
}

function read<T>(folder: string): [string, T][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, file), 'utf8')) as T]);
}

const digestOf = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** The node writes a template in words of its own: whether it is ours is told by the digest it carries. */
async function putTemplate(client: Client, name: string, template: Template): Promise<SetupStep> {
  const digest = digestOf(template);
  const found = await client.indices
    .getIndexTemplate({ name })
    .then(({ body }) => body.index_templates[0]?.index_template as { _meta?: { digest?: string } } | undefined)
    .catch(whenAbsent(undefined));
  if (found?._meta?.digest === digest) return { kind: 'template', name, outcome: 'as_it_was', sentence: '' };
  await client.indices.putIndexTemplate({
    name,
    body: { ...template, _meta: { ...template._meta, digest } } as never,
  });
  return { kind: 'template', name, outcome: found ? 'changed' : 'created', sentence: '' };
}

/** New fields of a template reach the indices that are there; a field whose type changed cannot. */
async function addFields(client: Client, name: string, template: Template): Promise<SetupStep | null> {
  const [pattern] = template.index_patterns;
  const { properties } = template.template.mappings;
  const { body } = await client.indices.getMapping({
    index: pattern!,
    allow_no_indices: true,
    ignore_unavailable: true,
  });
  const lacking = Object.values(body).some((index) =>
    Object.keys(properties).some((field) => !Object.hasOwn(index.mappings.properties ?? {}, field)),
  );
  const differing = Object.entries(body).find(([, index]) =>
    Object.entries(properties).some(([field, wanted]) => {
      const there = index.mappings.properties?.[field] as { type?: string } | undefined;
      return there !== undefined && there.type !== (wanted as { type: string }).type;
    }),
  );
  if (differing) {
    const sentence = `${differing[0]} has a field of another type: run npm run search:rebuild.`;
    return { kind: 'mapping', name, outcome: 'not_possible', sentence };
  }
  if (!lacking) return null;
  await client.indices.putMapping({ index: pattern!, body: { properties: properties as never } });
  return {
    kind: 'mapping',
    name,
    outcome: 'changed',
    sentence: 'New fields were added to the indices that are there.',
  };
}

/** Retention needs the plugin for index management; without it everything works, and nothing is ever removed. */
async function putPolicy(client: Client, name: string, policy: { description: string }): Promise<SetupStep> {
  const path = `/_plugins/_ism/policies/${name}`;
  const described = { ...policy, description: `${policy.description} [${digestOf(policy)}]` };
  const step = (outcome: SetupStep['outcome'], sentence = ''): SetupStep => ({
    kind: 'policy',
    name,
    outcome,
    sentence,
  });
  let found: { _seq_no: number; _primary_term: number; policy: { description: string } } | null;
  try {
    found = (await client.transport.request({ method: 'GET', path })).body as typeof found;
  } catch (error) {
    const status = error instanceof errors.ResponseError ? error.statusCode : undefined;
    if (status === 400) {
      return step('not_possible', 'This node has no plugin for index management: old indices are not removed.');
    }
    if (status !== 404) throw error;
    found = null;
  }
  if (found?.policy.description === described.description) return step('as_it_was');
  const querystring = found ? { if_seq_no: found._seq_no, if_primary_term: found._primary_term } : {};
  await client.transport.request({ method: 'PUT', path, querystring, body: { policy: described } });
  return step(found ? 'changed' : 'created');
}

const whenAbsent =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof errors.ResponseError && error.statusCode === 404) return instead;
    throw error;
  };
