/**
 * The release that tests run against. Central lists newer ones, but this is the newest of which every part is there; log4j-core has
 * to be the very version that this release's own pom names.
 */
export const release = '3.8.0';

/** Something that Maven Central has. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  /** Dependencies to leave out, as group:name. */
  readonly without?: readonly string[];
}

/** A module of the node: a folder with its jars and a descriptor, loaded by a class loader of its own. */
export interface Module {
  readonly folder: string;
  readonly artifact: Artifact;
  readonly pluginClass: string;
}

const ofRelease = (group: string, name: string): Artifact => ({ group, name, version: release });

/** What stands on the class path itself: the core, and what its pom leaves for the distribution to add. */
export const core: readonly Artifact[] = [
  ofRelease('org.opensearch', 'opensearch'),
  ofRelease('org.opensearch', 'opensearch-plugin-classloader'),
  ofRelease('org.opensearch', 'opensearch-agent-bootstrap'),
  { group: 'org.apache.logging.log4j', name: 'log4j-core', version: '2.25.4' },
  { group: 'net.java.dev.jna', name: 'jna', version: '5.16.0' },
];

/**
 * What Signalbox uses beyond the core: HTTP, the analysers of a real node, scripts in aggregations, and delete by query. The
 * distribution has a dozen more, which would only make the node larger and its start slower.
 */
export const modules: readonly Module[] = [
  {
    folder: 'transport-netty4',
    artifact: {
      ...ofRelease('org.opensearch.plugin', 'transport-netty4-client'),
      // HTTP/3, which is off unless asked for: native libraries for five platforms.
      without: ['io.netty:netty-codec-native-quic'],
    },
    pluginClass: 'org.opensearch.transport.Netty4ModulePlugin',
  },
  {
    folder: 'lang-painless',
    artifact: ofRelease('org.opensearch.plugin', 'lang-painless'),
    pluginClass: 'org.opensearch.painless.PainlessModulePlugin',
  },
  {
    folder: 'analysis-common',
    artifact: ofRelease('org.opensearch.plugin', 'analysis-common'),
    pluginClass: 'org.opensearch.analysis.common.CommonAnalysisModulePlugin',
  },
  {
    folder: 'reindex',
    artifact: ofRelease('org.opensearch.plugin', 'reindex-client'),
    pluginClass: 'org.opensearch.index.reindex.ReindexModulePlugin',
  },
];
