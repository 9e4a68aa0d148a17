import { type Compose, isOneShot, readMount, readPort, type Service } from './compose-shape.ts';
import { type Files, fromRoot, type Problems } from './files.ts';
import { interpolate } from './interpolation.ts';
import { environmentOf, listensOn, repositoryOf, unreachable } from './topology.ts';

/** The only service that the world may reach. */
const front = 'nginx';
/** Images that write beside their data as they start. */
const writable = new Set(['opensearchproject/opensearch', 'opensearchproject/opensearch-dashboards']);
/** Of what Docker gives by default; nothing more may be asked for. */
const capabilities = new Set(['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'NET_BIND_SERVICE', 'SETGID', 'SETUID']);
/** What is made on the machine it runs on, and named in that folder's page. */
const secretFolder = 'deploy/secrets/';
const fullVersion = /:v?\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/;

export interface ComposeParts {
  readonly compose: Compose;
  readonly files: Files;
  readonly settings: Readonly<Record<string, string>>;
  readonly nginxPorts: readonly number[];
}

/** What is wrong between the services, and in each by itself. */
export function composeProblems(parts: ComposeParts): Problems {
  const { compose } = parts;
  const problems: Problems = [];
  const seen = new Map<string, string>();
  for (const [name, service] of Object.entries(compose.services)) {
    const say = (sentence: string) => problems.push(`docker-compose.yml: ${name}: ${sentence}`);
    image(service, parts.settings, say);
    confinement(service, say);
    dependencies(compose, name, service, say);
    ports(name, service, parts, seen, say);
    mounts(service, parts, say);
    addresses(name, service, parts, say);
    if (isOneShot(service) === (service.healthcheck !== undefined))
      say(isOneShot(service) ? 'runs once: a health check says nothing' : 'has no health check');
  }
  problems.push(...declarations(compose), ...circles(compose));
  return problems;
}

type Say = (sentence: string) => void;

function image(service: Service, settings: ComposeParts['settings'], say: Say): void {
  const asGiven = interpolate(service.image, settings);
  const byDefault = interpolate(service.image, {});
  for (const one of new Set([asGiven, byDefault]))
    if (!fullVersion.test(one)) say(`the image ${one || service.image} is not pinned by a full version`);
  if (service.build !== undefined && service.build !== '.')
    say(`builds ${service.build}, which is not this repository`);
}

function confinement(service: Service, say: Say): void {
  if (!service.security_opt.includes('no-new-privileges:true')) say('may gain privileges');
  if (!service.cap_drop.includes('ALL')) say('keeps capabilities: drop ALL');
  for (const one of service.cap_add) if (!capabilities.has(one)) say(`asks for the capability ${one}`);
  if (!service.read_only && !writable.has(repositoryOf(interpolate(service.image, {})))) say('is not read_only');
}

function dependencies(compose: Compose, name: string, service: Service, say: Say): void {
  for (const [other, { condition }] of Object.entries(service.depends_on)) {
    const target = compose.services[other];
    if (other === name || !target) {
      say(`depends on ${other}, which there is not`);
      continue;
    }
    const off = service.profiles.filter((profile) => !target.profiles.includes(profile));
    if (off.length > 0) say(`depends on ${other}, which is off in the profile ${off.join(', ')}`);
    if (condition === 'service_healthy' && !target.healthcheck) say(`waits for the health of ${other}, which has none`);
    if (condition === 'service_completed_successfully' && !isOneShot(target))
      say(`waits for the end of ${other}, which has none`);
  }
}

function ports(
  name: string,
  service: Service,
  { compose, nginxPorts }: ComposeParts,
  seen: Map<string, string>,
  say: Say,
): void {
  const listening = listensOn(service, nginxPorts);
  for (const text of service.ports) {
    const port = readPort(text);
    if (!port) {
      say(`the port ${text} is not written as 127.0.0.1:8080:8080`);
      continue;
    }
    if (name === front ? port.address !== null : port.address !== '127.0.0.1')
      say(name === front ? `the port ${text} is for the world` : `the port ${text} is not bound to 127.0.0.1`);
    const other = seen.get(String(port.host));
    if (other) say(`the port ${port.host} is taken by ${other}`);
    seen.set(String(port.host), name);
    if (!listening.includes(port.container)) say(`publishes ${port.container}, and does not listen on it`);
  }
  if (service.ports.length > 0 && service.networks.every((network) => compose.networks[network]?.internal))
    say('publishes ports, but all its networks are internal');
  const test = service.healthcheck?.test.join(' ') ?? '';
  for (const [, port] of test.matchAll(/(?:127\.0\.0\.1|localhost):(\d+)/g))
    if (!listening.includes(Number(port))) say(`its health is asked for at ${port}, where it does not listen`);
}

function mounts(service: Service, { compose, files }: ComposeParts, say: Say): void {
  for (const text of service.volumes) {
    const mount = readMount(text);
    if (!mount) say(`the volume ${text} is not written as ./file:/path:ro or name:/path`);
    else if (mount.isVolume) {
      if (!compose.volumes[mount.source]) say(`mounts the volume ${mount.source}, which there is not`);
    } else {
      if (!mount.readOnly) say(`mounts ${mount.source} to be written to`);
      const problem = absent(files, mount.source);
      if (problem) say(problem);
    }
  }
  for (const [kind, wanted] of [
    ['secret', service.secrets],
    ['config', service.configs],
  ] as const)
    for (const one of wanted) {
      const file = compose[`${kind}s`][one]?.file;
      if (file === undefined) say(`wants the ${kind} ${one}, which there is not`);
      else {
        const problem = absent(files, file);
        if (problem) say(problem);
      }
    }
  for (const network of service.networks)
    if (!compose.networks[network]) say(`is on the network ${network}, which there is not`);
}

/** Why a file cannot be mounted; null when it can. */
function absent(files: Files, path: string): string | null {
  const file = fromRoot(path);
  if (!file.startsWith(secretFolder)) return files.kind(file) ? null : `mounts ${path}, which is not in the repository`;
  const page = files.read(`${secretFolder}README.md`) ?? '';
  const inside = file.slice(secretFolder.length);
  return page.includes(`\`${inside}\``) || page.includes(`\`${inside}/`)
    ? null
    : `mounts ${path}, which ${secretFolder}README.md does not tell how to make`;
}

/** Every address in the environment that names a service must lead to it. */
function addresses(name: string, service: Service, parts: ComposeParts, say: Say): void {
  for (const [variable, value] of Object.entries(environmentOf(service, parts.settings))) {
    for (const [, host, port] of value.matchAll(/[a-z]+:\/\/(?:[^@/\s"]*@)?([a-z][a-z0-9-]*):(\d+)/g)) {
      const problem = unreachable(parts.compose, name, host!, Number(port), parts.nginxPorts);
      if (problem) say(`${variable}: ${problem}`);
    }
  }
}

/** What is declared and not used is a name that was mistyped where it should be. */
function declarations(compose: Compose): Problems {
  const services = Object.values(compose.services);
  const used = {
    volumes: services.flatMap((one) => one.volumes.map((text) => readMount(text)?.source)),
    networks: services.flatMap((one) => one.networks),
    secrets: services.flatMap((one) => one.secrets),
    configs: services.flatMap((one) => one.configs),
  };
  return (['volumes', 'networks', 'secrets', 'configs'] as const).flatMap((kind) =>
    Object.keys(compose[kind])
      .filter((name) => !used[kind].includes(name))
      .map((name) => `docker-compose.yml: ${kind}: ${name} is used by nothing`),
  );
}

function circles(compose: Compose): Problems {
  const settled = new Set<string>();
  const visit = (name: string, path: readonly string[]): string | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name].join(' waits for ');
    if (settled.has(name)) return null;
    for (const other of Object.keys(compose.services[name]?.depends_on ?? {})) {
      const circle = visit(other, [...path, name]);
      if (circle) return circle;
    }
    settled.add(name);
    return null;
  };
  for (const name of Object.keys(compose.services)) {
    const circle = visit(name, []);
    if (circle) return [`docker-compose.yml: ${circle}`];
  }
  return [];
}
