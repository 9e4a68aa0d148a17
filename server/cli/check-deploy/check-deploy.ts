import { caddyProblems } from './caddy-rules.ts';
import { composeProblems } from './compose-rules.ts';
import { type Compose, readCompose } from './compose-shape.ts';
import { type Exposed, exposedMetrics } from './exposed-metrics.ts';
import type { Files, Problems } from './files.ts';
import { grafanaProblems } from './grafana-rules.ts';
import { nginxPorts, nginxProblems } from './nginx-rules.ts';
import { prometheusProblems } from './prometheus-rules.ts';
import { filledIn, programProblems, settingsProblems } from './settings-rules.ts';

/** Everything that is wrong with what docker compose would start, in sentences; empty when nothing is. */
export async function checkDeploy(files: Files, exposed?: Exposed): Promise<Problems> {
  const text = files.read('docker-compose.yml');
  if (text === null) return ['docker-compose.yml: there is none'];
  const example = files.read('.env.example');
  if (example === null) return ['.env.example: there is none'];
  let compose: Compose;
  try {
    compose = readCompose(text);
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => `docker-compose.yml: ${line}`);
  }
  const ofSettings = settingsProblems(text, compose, example);
  if (ofSettings.length > 0) return ofSettings;
  const settings = filledIn(example);
  const ports = nginxPorts(compose, files);
  const shared = { compose, files, settings, nginxPorts: ports, exposed: exposed ?? (await exposedMetrics()) };
  const prometheus = prometheusProblems(shared);
  return [
    ...composeProblems(shared),
    ...programProblems(compose, files, settings),
    ...nginxProblems(compose, files),
    ...caddyProblems(files),
    ...prometheus.problems,
    ...grafanaProblems({ ...shared, targets: prometheus.targets }),
  ];
}
