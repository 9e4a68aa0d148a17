import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, inCache } from './assemble.ts';
import type { Java } from './java.ts';
import { release } from './modules.ts';
import { end, launch, prepareDataDir, untilReadable, urlOf } from './process.ts';

/** A dump takes as long as a slow start. */
const dumpTimeoutMs = 60_000;

/**
 * The JVM options with which a node starts in a third of the time: the classes that a first one loaded, parsed and verified, for this
 * Java and these files. Made once, by running a node; the JVM passes over one that does not suit it.
 */
export async function classArchive(java: Java, home: string): Promise<string[]> {
  const archive = join(cacheFolder(), `${release}-java-${java.version.replaceAll(/[^\w.+-]/g, '_')}.jsa`);
  if (!existsSync(archive)) {
    await inCache(async (building) => {
      if (existsSync(archive)) return;
      const made = join(building, 'classes.jsa');
      await dump(java, home, made);
      await rename(made, archive);
    });
  }
  return [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', '-Xlog:disable', '-Xlog:all=error:stderr'];
}

async function dump(java: Java, home: string, target: string): Promise<void> {
  const dataDir = await prepareDataDir();
  try {
    // The node's user may write nowhere else.
    const written = join(dataDir, 'classes.jsa');
    const jvmOptions = [`-XX:ArchiveClassesAtExit=${written}`];
    const node = await launch({ java, home, dataDir, heapMb: 512, port: 0, settings: {}, jvmOptions });
    await exercise(urlOf(node));
    await end(node.child, dumpTimeoutMs);
    await copyFile(written, target);
    // It comes with its owner; the node's user is to read what is in the cache, not to change it.
    await chown(target, process.getuid!(), process.getgid!());
    await chmod(target, 0o644);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Has the node load what its first user would otherwise wait for. */
async function exercise(url: string): Promise<void> {
  await untilReadable(url);
  const send = async (path: string, body: string): Promise<void> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    });
    await answer.text();
  };
  const action = { index: { _id: '1', version: 1, version_type: 'external' } };
  const document = { '@timestamp': '2026-01-02T03:04:05Z', ticker: 'AAPL', quantity: 1.5 };
  await send('/warm/_bulk?refresh=true', `${JSON.stringify(action)}\n${JSON.stringify(document)}\n`);
  const quantity = { sum: { field: 'quantity' } };
  const time = { date_histogram: { field: '@timestamp', fixed_interval: '1h' }, aggs: { quantity } };
  const aggs = { ticker: { terms: { field: 'ticker.keyword' }, aggs: { time } } };
  const query = { simple_query_string: { query: 'AAPL' } };
  await send('/warm/_search', JSON.stringify({ query, aggs, sort: [{ '@timestamp': 'desc' }] }));
}
