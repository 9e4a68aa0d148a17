import { spawn } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRoot, withinReach } from './java.ts';
import { underLock } from './lock.ts';
import { type Artifact, core, type Module, modules, release } from './modules.ts';

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The folder that the node's files stay in from one run to the next. */
export function cacheFolder(): string {
  const beside = join(projectRoot, 'node_modules', '.cache', 'opensearch-node');
  return withinReach(beside) ? beside : join(tmpdir(), `signalbox-opensearch-node-${process.getuid?.()}`);
}

/** Where the node's files are, once they have been put together. */
export const nodeFolder = (): string => join(cacheFolder(), release);

/** Whether the node's files are there already, so that nothing is needed from Maven. */
export const isAssembled = (): boolean => existsSync(nodeFolder());

/**
 * Puts the node together unless it is there, and returns its folder, which is there whole or not at all. Fetches 80 MB, Maven's own
 * plugins included, the first time on a machine. Rejects with Maven's own words when something cannot be fetched.
 */
export async function assembleNode(): Promise<string> {
  await openCache();
  if (!isAssembled()) {
    await inCache(async (building) => {
      if (isAssembled()) return;
      await assembleInto(building);
      await rename(join(building, 'node'), nodeFolder());
    });
  }
  return nodeFolder();
}

/**
 * Runs `work` while no other process changes the cache. It is given a folder on the cache's own disk, so that what it makes there
 * can be moved into the cache at once; what is left of it goes, after a killed process's work too.
 */
export async function inCache<T>(work: (building: string) => Promise<T>): Promise<T> {
  const cache = cacheFolder();
  return underLock(join(cache, 'lock'), async () => {
    const building = join(cache, 'building');
    await rm(building, { recursive: true, force: true });
    try {
      await mkdir(building);
      return await work(building);
    } finally {
      await rm(building, { recursive: true, force: true });
    }
  });
}

/** Makes the cache unless it is there, whatever the umask, so that the node's user may enter it and only ours may write in it. */
async function openCache(): Promise<void> {
  const cache = cacheFolder();
  for (const folder of [dirname(cache), cache]) {
    if (existsSync(folder)) continue;
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  // Anybody may have put one into the shared temporary folder, and what is in it gets run.
  const { uid, mode } = lstatSync(cache);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) throw new Error(`${cache} can be written by somebody else`);
}

async function assembleInto(building: string): Promise<void> {
  const node = join(building, 'node');
  // An empty bin/ is looked for at the start.
  for (const folder of ['bin', 'modules', 'plugins']) await mkdir(join(node, folder), { recursive: true });
  await writePoms(join(building, 'poms'));
  const jars = join(building, 'jars');
  await maven(join(building, 'poms'), jars);
  const lib = join(node, 'lib');
  await rename(join(jars, 'lib'), lib);
  const inCore = new Set(await readdir(lib));
  for (const { folder, pluginClass } of modules) {
    const target = join(node, 'modules', folder);
    await rename(join(jars, folder), target);
    // A class that both the core and a module bring makes the node refuse to start.
    for (const jar of await readdir(target)) if (inCore.has(jar)) await rm(join(target, jar));
    await writeFile(join(target, 'plugin-descriptor.properties'), descriptor(folder, pluginClass));
  }
  await makeReadable(node);
}

const descriptor = (name: string, pluginClass: string): string =>
  Object.entries({
    name,
    description: name,
    version: release,
    'opensearch.version': release,
    'java.version': '21',
    classname: pluginClass,
    'extended.plugins': '',
    'has.native.controller': 'false',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

/** One Maven project a folder of jars, below one that names them all: a single run of Maven then fetches everything. */
async function writePoms(folder: string): Promise<void> {
  const parts: [name: string, artifacts: readonly Artifact[]][] = [
    ['lib', core],
    ...modules.map((module: Module): [string, Artifact[]] => [module.folder, [module.artifact]]),
  ];
  const self = '<groupId>signalbox</groupId><artifactId>opensearch-node</artifactId><version>1</version>';
  const project = (inner: string): string =>
    `<project><modelVersion>4.0.0</modelVersion>${inner}<packaging>pom</packaging></project>\n`;
  for (const [name, artifacts] of parts) {
    await mkdir(join(folder, name), { recursive: true });
    const inner = `<parent>${self}</parent><artifactId>${name}</artifactId>`;
    const dependencies = `<dependencies>${artifacts.map(dependency).join('')}</dependencies>`;
    await writeFile(join(folder, name, 'pom.xml'), project(inner + dependencies));
  }
  const list = parts.map(([name]) => `<module>${name}</module>`).join('');
  await writeFile(join(folder, 'pom.xml'), project(`${self}<modules>${list}</modules>`));
}

function dependency({ group, name, version, without = [] }: Artifact): string {
  const exclusions = without
    .map((left) => left.split(':'))
    .map(([of, which]) => `<exclusion><groupId>${of}</groupId><artifactId>${which}</artifactId></exclusion>`);
  return (
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>` +
    `<exclusions>${exclusions.join('')}</exclusions></dependency>`
  );
}

/** Copies each project's jars into the folder of its name; a download whose checksum is wrong is an error. */
function maven(poms: string, target: string): Promise<void> {
  const options = ['-q', '-B', '-C', '-Dstyle.color=never', copyDependencies, '-DincludeScope=runtime'];
  const args = [...options, `-DoutputDirectory=${target}/\${project.artifactId}`];
  // Ends with this process, so that it never writes where the next one builds.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'mvn', ...args], {
    cwd: poms,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-4_000);
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Maven could not fetch OpenSearch ${release}:\n${said}`));
    });
  });
}

/** Root's umask may keep others out; the node runs as one of them. */
async function makeReadable(folder: string): Promise<void> {
  if (!isRoot()) return;
  const child = spawn('chmod', ['-R', 'a+rX', folder], { stdio: 'inherit' });
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
}
