import { parse } from 'yaml';
import { z } from 'zod';
import { type Compose, readMount } from './compose-shape.ts';
import type { Exposed } from './exposed-metrics.ts';
import { type Files, fromRoot, type Problems } from './files.ts';
import { queryProblems, type TargetLabels } from './promql.ts';
import { issuesOf } from './settings-rules.ts';
import { unreachable } from './topology.ts';

const time = z.string().regex(/^\d+[smhd]$/);
const config = z.strictObject({
  global: z.strictObject({ scrape_interval: time, scrape_timeout: time, evaluation_interval: time }),
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.strictObject({
      job_name: z.string(),
      metrics_path: z.string().startsWith('/').optional(),
      authorization: z.strictObject({ type: z.literal('Bearer'), credentials_file: z.string() }).optional(),
      static_configs: z.array(
        z.strictObject({ targets: z.array(z.string()).min(1), labels: z.record(z.string(), z.string()).optional() }),
      ),
    }),
  ),
});
const alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^[A-Z]\w+$/),
          expr: z.string(),
          for: time.optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(20) }),
        }),
      ),
    }),
  ),
});

interface Parts {
  readonly compose: Compose;
  readonly files: Files;
  readonly exposed: Exposed;
  readonly nginxPorts: readonly number[];
}

const service = 'prometheus';
/** Those that are our program, whose figures need a token. */
const isOurs = (compose: Compose, host: string): boolean => compose.services[host]?.build !== undefined;

/** The file of the repository that is mounted at a path in a container; null: none is. */
export function mountedAt(compose: Compose, name: string, path: string): string | null {
  for (const text of compose.services[name]?.volumes ?? []) {
    const mount = readMount(text);
    if (!mount || mount.isVolume) continue;
    if (mount.target === path) return fromRoot(mount.source);
    if (path.startsWith(`${mount.target}/`)) return fromRoot(mount.source) + path.slice(mount.target.length);
  }
  return null;
}

/** What is wrong with Prometheus' settings and its alarms; and the labels that it puts on what it scrapes, for whoever else asks. */
export function prometheusProblems(parts: Parts): { problems: Problems; targets: TargetLabels } {
  const { compose, files, exposed } = parts;
  const file = mountedAt(compose, service, '/etc/prometheus/prometheus.yml') ?? '';
  const read = config.safeParse(parse(files.read(file) ?? ''));
  if (!read.success) return { problems: issuesOf(file || 'prometheus.yml', read.error), targets: new Map() };
  const problems: Problems = [];
  const targets = new Map<string, Set<string>>();
  const label = (name: string, value: string) => targets.set(name, (targets.get(name) ?? new Set()).add(value));
  for (const job of read.data.scrape_configs) {
    const say = (sentence: string) => problems.push(`${file}: ${job.job_name}: ${sentence}`);
    label('job', job.job_name);
    for (const { targets: hosts, labels } of job.static_configs) {
      for (const [name, value] of Object.entries(labels ?? {})) label(name, value);
      for (const target of hosts) {
        label('instance', target);
        const [host = '', port] = target.split(':');
        if (host === '127.0.0.1') continue;
        const problem = unreachable(compose, service, host, Number(port), parts.nginxPorts);
        if (problem) say(problem);
        if (isOurs(compose, host) && (!job.authorization || job.metrics_path !== '/metrics'))
          say(`${host} is not asked at /metrics with a token`);
      }
    }
    const [, secret] = /^\/run\/secrets\/(.+)$/.exec(job.authorization?.credentials_file ?? '') ?? [];
    if (job.authorization && !compose.services[service]?.secrets.includes(secret ?? ''))
      say(`the token ${job.authorization.credentials_file} is not given to the container`);
  }
  for (const path of read.data.rule_files) {
    const rules = mountedAt(compose, service, path);
    const text = rules && files.read(rules);
    if (!rules || text === null) problems.push(`${file}: ${path} is not mounted`);
    else problems.push(...alertProblems(rules, text, exposed, targets));
  }
  return { problems, targets };
}

function alertProblems(file: string, text: string, exposed: Exposed, targets: TargetLabels): Problems {
  const read = alerts.safeParse(parse(text));
  if (!read.success) return issuesOf(file, read.error);
  const problems: Problems = [];
  const names = new Set<string>();
  for (const { alert, expr, annotations } of read.data.groups.flatMap((group) => group.rules)) {
    const say = (sentence: string) => problems.push(`${file}: ${alert}: ${sentence}`);
    if (names.has(alert)) say('is there twice');
    names.add(alert);
    for (const problem of queryProblems(expr, exposed, targets)) say(problem);
    if (!/[<>=]|absent/.test(expr)) say('compares with nothing: it would fire always');
    for (const [, name] of Object.values(annotations)
      .join(' ')
      .matchAll(/\{\{ *\$labels\.(\w+) *\}\}/g))
      if (!new RegExp(`by \\([^)]*\\b${name}\\b`).test(expr) && !(/^up\b/.test(expr) && targets.has(name!)))
        say(`tells the label ${name}, which its query does not keep`);
  }
  return problems;
}
