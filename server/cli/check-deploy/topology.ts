import { type Compose, readPort, type Service } from './compose-shape.ts';
import { interpolate } from './interpolation.ts';

/** What the images that are not ours listen on. */
const portsOfImages: Readonly<Record<string, readonly number[]>> = {
  postgres: [5432],
  'opensearchproject/opensearch': [9200],
  'opensearchproject/opensearch-dashboards': [5601],
  'prom/prometheus': [9090],
  'grafana/grafana': [3000],
};

export const repositoryOf = (image: string): string => image.replace(/:[^/]*$/, '');

/** A container's environment as it will be. */
export const environmentOf = (
  service: Service,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, interpolate(value, settings)]));

/** The ports that a service listens on inside; those of nginx are in its own file, and given. */
export function listensOn(service: Service, nginx: readonly number[]): readonly number[] {
  const repository = repositoryOf(service.image);
  if (repository === 'nginx') return nginx;
  const known = portsOfImages[repository];
  if (known) return known;
  const { PORT, METRICS_PORT, EXCHANGE_PORT } = service.environment;
  return [PORT, METRICS_PORT, EXCHANGE_PORT].flatMap((port) => (port === undefined ? [] : [Number(port)]));
}

/** Why one service cannot reach another at a port; null when it can. */
export function unreachable(
  compose: Compose,
  from: string,
  host: string,
  port: number,
  nginx: readonly number[],
): string | null {
  const asking = compose.services[from];
  const asked = compose.services[host];
  if (!asked) return `there is no service ${host}`;
  if (!listensOn(asked, nginx).includes(port)) return `${host} does not listen on ${port}`;
  if (from !== host && !asking?.networks.some((network) => asked.networks.includes(network)))
    return `${from} and ${host} share no network`;
  return null;
}

/** Published ports by the container's side. */
export const publishedBy = (service: Service): number[] =>
  service.ports.flatMap((text) => readPort(text)?.container ?? []);
