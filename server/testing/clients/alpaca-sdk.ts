import { Alpaca, type AlpacaClientOptions } from '@alpacahq/alpaca-trade-api';

/** The official npm client, unmodified, pointed at a venue the way its documentation says: by a fetch of its own. */
export function alpacaAt(
  venue: { readonly url: string; readonly keyId: string; readonly secretKey: string },
  options: Partial<AlpacaClientOptions> = {},
): Alpaca {
  return new Alpaca({
    keyId: venue.keyId,
    secret: venue.secretKey,
    paper: true,
    rateLimit: false,
    fetchApi: (url, init) => {
      const { pathname, search } = new URL(String(url));
      return fetch(`${venue.url}${pathname}${search}`, init);
    },
    ...options,
  });
}

type Callable = (...words: unknown[]) => unknown;

const isAccessor = (value: unknown): value is object => typeof value === 'object' && value !== null;
/** The generated form of each method that gives the HTTP answer itself, and the one that only prepares the request. */
const isTwin = (name: string): boolean => /(Raw|RequestOpts)$/.test(name);

/** Own methods and accessors of a class, of its parents too, down to (and without) `base`. */
function described(value: object, base: object | null): [string, PropertyDescriptor][] {
  const found = new Map<string, PropertyDescriptor>();
  let prototype: object | null = Object.getPrototypeOf(value);
  while (prototype && prototype !== base && prototype !== Object.prototype) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== 'constructor' && !found.has(name)) found.set(name, descriptor);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return [...found];
}

/** Every method that a part of the client has, `orders.market` and `closeAllPositions` alike, read from the client itself. */
export function methodsOf(client: object): string[] {
  const names: string[] = [];
  for (const [name, { get, value }] of described(client, null)) {
    if (typeof value === 'function') names.push(name);
    const api: unknown = get?.call(client);
    if (!isAccessor(api)) continue;
    // What the generated classes stand on (middleware, configuration) is no method of Alpaca's.
    const base = generatedBase(api);
    for (const [method, inner] of described(api, base)) {
      if (typeof inner.value === 'function' && !isTwin(method)) names.push(`${name}.${method}`);
    }
  }
  return names.sort();
}

function generatedBase(api: object): object {
  let prototype = Object.getPrototypeOf(api) as object;
  while (Object.getPrototypeOf(prototype) !== Object.prototype) {
    const parent = Object.getPrototypeOf(prototype) as object;
    if (Object.hasOwn(parent, 'withMiddleware')) return parent;
    prototype = parent;
  }
  return prototype;
}

/** The same part of the client, with the names of its methods written down as they are called. */
export function recorded<T extends object>(client: T, called: Set<string>, path = ''): T {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof name !== 'string') return value;
      if (typeof value === 'function') {
        return (...words: unknown[]) => {
          called.add(path + name);
          return (value as Callable).apply(target, words);
        };
      }
      return path === '' && isAccessor(value) ? recorded(value, called, `${name}.`) : value;
    },
  });
}
