import { parse } from 'yaml';
import { z } from 'zod';
import type { Compose } from './compose-shape.ts';
import type { Exposed } from './exposed-metrics.ts';
import type { Files, Problems } from './files.ts';
import { mountedAt } from './prometheus-rules.ts';
import { queryProblems, type TargetLabels } from './promql.ts';
import { issuesOf } from './settings-rules.ts';
import { unreachable } from './topology.ts';

const sources = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string(),
      type: z.literal('prometheus'),
      access: z.literal('proxy'),
      url: z.string(),
      isDefault: z.boolean(),
      editable: z.literal(false),
      jsonData: z.strictObject({ timeInterval: z.string() }),
    }),
  ),
});
const providers = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.literal('file'),
      allowUiUpdates: z.literal(false),
      options: z.strictObject({ path: z.string() }),
    }),
  ),
});
const source = z.looseObject({ type: z.string(), uid: z.string() });
const panel = z.looseObject({
  id: z.int(),
  type: z.enum(['row', 'stat', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  datasource: source.optional(),
  targets: z
    .array(z.looseObject({ refId: z.string(), expr: z.string().min(1), datasource: source }))
    .min(1)
    .optional(),
});
const dashboard = z.looseObject({
  uid: z.string().min(1).max(40),
  title: z.string().min(1),
  schemaVersion: z.int(),
  panels: z.array(panel).min(1),
});
type Panel = z.infer<typeof panel>;

const service = 'grafana';
const columns = 24;
const provisioning = '/etc/grafana/provisioning';

/** What is wrong with what Grafana is given: its data source, where it finds dashboards, and each of their queries. */
export function grafanaProblems(parts: {
  readonly compose: Compose;
  readonly files: Files;
  readonly exposed: Exposed;
  readonly targets: TargetLabels;
  readonly nginxPorts: readonly number[];
}): Problems {
  const { compose, files } = parts;
  const problems: Problems = [];
  const folder = mountedAt(compose, service, provisioning);
  if (folder === null) return [`docker-compose.yml: ${service}: nothing is mounted at ${provisioning}`];

  const known = new Map<string, string>();
  for (const [path, text] of yamlIn(files, `${folder}/datasources`)) {
    const read = sources.safeParse(parse(text));
    if (!read.success) problems.push(...issuesOf(path, read.error));
    for (const { uid, url, type } of read.data?.datasources ?? []) {
      known.set(uid, type);
      const { hostname, port } = new URL(url);
      const problem = unreachable(compose, service, hostname, Number(port), parts.nginxPorts);
      if (problem) problems.push(`${path}: ${problem}`);
    }
  }
  if (known.size === 0) problems.push(`${folder}: there is no data source`);
  for (const [path, text] of yamlIn(files, `${folder}/dashboards`)) {
    const read = providers.safeParse(parse(text));
    if (!read.success) problems.push(...issuesOf(path, read.error));
    for (const { options } of read.data?.providers ?? []) {
      const boards = mountedAt(compose, service, options.path);
      const found = boards === null ? [] : files.list(boards).filter((file) => file.endsWith('.json'));
      if (found.length === 0) problems.push(`${path}: there are no dashboards at ${options.path}`);
      for (const file of found) problems.push(...boardProblems(`${boards}/${file}`, parts, known));
    }
  }
  return problems;
}

const yamlIn = (files: Files, folder: string): [string, string][] =>
  files
    .list(folder)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => [`${folder}/${file}`, files.read(`${folder}/${file}`) ?? '']);

function boardProblems(
  path: string,
  { files, exposed, targets }: Parameters<typeof grafanaProblems>[0],
  known: ReadonlyMap<string, string>,
): Problems {
  let json: unknown;
  try {
    json = JSON.parse(files.read(path) ?? '');
  } catch (error) {
    return [`${path}: ${(error as Error).message}`];
  }
  const read = dashboard.safeParse(json);
  if (!read.success) return issuesOf(path, read.error);
  const problems: Problems = [];
  const ids = new Set<number>();
  const { panels } = read.data;
  for (const [at, one] of panels.entries()) {
    const say = (sentence: string) => problems.push(`${path}: ${one.title}: ${sentence}`);
    if (ids.has(one.id)) say(`has the number ${one.id}, as another has`);
    ids.add(one.id);
    if (one.gridPos.x + one.gridPos.w > columns) say(`is wider than the ${columns} columns there are`);
    for (const other of panels.slice(at + 1)) if (overlap(one, other)) say(`lies over ${other.title}`);
    if (one.type !== 'row' && !one.targets) say('asks for nothing');
    for (const { expr, datasource } of one.targets ?? []) {
      if (known.get(datasource.uid) !== datasource.type) say(`asks ${datasource.uid}, which is no data source here`);
      const query = expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h');
      for (const problem of queryProblems(query, exposed, targets)) say(problem);
    }
  }
  return problems;
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
