import { dirname, posix } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the root, with forward slashes: server/core/decimal.ts. */
  readonly path: string;
  readonly code: string;
}

const inward = ['server/core/', 'server/contract/', 'server/pipeline/', 'server/platform/'];
const everything = ['server/'];

/** What each part may import of ours. A file belongs to the part with the longest prefix that matches. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'server/core/': ['server/core/'],
  'server/contract/': ['server/contract/', 'server/core/'],
  'server/pipeline/': ['server/core/'],
  'server/exchange/': ['server/core/', 'server/exchange/'],
  'server/research/': ['server/core/', 'server/pipeline/', 'server/exchange/', 'server/research/'],
  'server/platform/': ['server/core/', 'server/contract/', 'server/platform/'],
  'server/adapters/': [...inward, 'server/exchange/'],
  'server/http/': [...inward, 'server/http/'],
  'server/environment.ts': ['server/core/'],
  'server/build.ts': [...inward, 'server/exchange/', 'server/http/', 'server/build/'],
  'server/build/': [...inward, 'server/exchange/', 'server/http/', 'server/build/'],
  'server/cli/': everything,
  'server/main.ts': everything,
  'server/main/': everything,
  // Pine is written in the browser as well as by the command, so it stands on nothing that is the server's alone.
  'pine/': ['pine/', 'server/core/'],
  'web/': ['web/', 'server/contract/', 'pine/'],
};

/** Tests and what serves them may look anywhere. */
const isTest = (path: string): boolean => /\.test\.ts$|^server\/(testing|system)\/|\/testing\//.test(path);

/** `server/pipeline/risk/` for anything inside it; null for files that stand above the stages. */
function folderWithin(path: string, parent: string): string | null {
  if (!path.startsWith(parent)) return null;
  const rest = path.slice(parent.length);
  return rest.includes('/') ? `${parent}${rest.split('/')[0]}/` : null;
}

/** The TypeScript in a file: all of it, or what stands in the script tags of a component. */
const scriptOf = ({ path, code }: Source): string =>
  path.endsWith('.svelte')
    ? [...code.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : code;

/** The files of ours that a file imports, exports from, or imports later; types too. */
function imports(source: Source): string[] {
  return ts
    .preProcessFile(scriptOf(source), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.normalize(posix.join(dirname(source.path), name)));
}

/** What a file imports against the rules, in sentences. */
export function wrongImports(source: Source): string[] {
  const { path } = source;
  if (isTest(path)) return [];
  const part = Object.keys(mayImport)
    .filter((prefix) => path.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];
  if (!part) return [`${path} belongs to no part of the house`];
  const stage = folderWithin(path, 'server/pipeline/');
  const adapter = folderWithin(path, 'server/adapters/');
  const may = (target: string): boolean => {
    // What runs for a user must not stand on what is there for tests.
    if (isTest(target)) return false;
    // Stages and adapters may use what is in their own folder; a file above the stages may join them.
    if (stage !== null && target.startsWith(stage)) return true;
    if (adapter !== null && target.startsWith(adapter)) return true;
    if (part === 'server/pipeline/' && stage === null && target.startsWith(part)) return true;
    return mayImport[part]!.some((allowed) => target.startsWith(allowed));
  };
  return imports(source)
    .filter((target) => !may(target))
    .map((target) => `${path} may not import ${target}`);
}

/** Wherever these names stand, time or chance is taken from the machine. */
const ambientNames = new Set([
  'setTimeout',
  'setInterval',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
  'hrtime',
]);
const ambientMembers = new Set(['Date.now', 'Math.random', 'performance.now', 'AbortSignal.timeout', 'Temporal.Now']);

/** Adapters, and the two that run a process: they begin before there is a clock to give, and must end even if it fails. */
const outermost = /^server\/(adapters\/|cli\/|main\/|main\.ts$)/;

/** The uses of the machine's time and chance in a file that must take them from ports. */
export function ambientUses(source: Source): string[] {
  const { path } = source;
  if (!path.startsWith('server/') || outermost.test(path) || isTest(path)) return [];
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && ambientNames.has(node.text)) found.add(node.text);
    if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && !node.arguments?.length)
      found.add('new Date()');
    if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) found.add('Date()');
    const member = memberName(node);
    if (member && ambientMembers.has(member)) found.add(member);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source.code, ts.ScriptTarget.Latest));
  return [...found].map((word) => `${path} uses ${word}: take a Clock or a Random`);
}

const isNamed = (node: ts.Node, name: string): boolean => ts.isIdentifier(node) && node.text === name;

/** `Date.now` for `Date.now`, `Date['now']` and `globalThis.Date.now`. */
function memberName(node: ts.Node): string | null {
  const member = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)
      ? node.argumentExpression.text
      : null;
  if (member === null) return null;
  const { expression } = node as ts.PropertyAccessExpression | ts.ElementAccessExpression;
  if (ts.isIdentifier(expression)) return `${expression.text}.${member}`;
  return ts.isPropertyAccessExpression(expression) ? `${expression.name.text}.${member}` : null;
}

/** Who may make an ApprovedOrder: the risk gate, and the stores that read back what it approved. */
export function wrongSeals({ path, code }: Source): string[] {
  const allowed =
    /^server\/(core\/model\/approved-order|pipeline\/risk\/|adapters\/database\/(order|decision)-store\/)/;
  if (!path.startsWith('server/') || allowed.test(path) || isTest(path) || !code.includes('sealApproval')) return [];
  let seals = false;
  const visit = (node: ts.Node): void => {
    if (isNamed(node, 'sealApproval')) seals = true;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest));
  return seals ? [`${path} may not approve orders`] : [];
}

/** Names that could hold anything, and so soon do. */
export const wrongNames = (path: string): string[] =>
  path.split('/').some((part) => /^(utils?|helpers?|common|manager|base)(\.|$)/i.test(part))
    ? [`${path} has a name that says nothing`]
    : [];

const mostLines = 500;

export const tooLong = ({ path, code }: Source): string[] => {
  const lines = code.replace(/\n$/, '').split('\n').length;
  return lines > mostLines ? [`${path} has ${lines} lines; ${mostLines} are the most`] : [];
};
