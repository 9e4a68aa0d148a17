const fan = 1024;
const mapWords = 33;
/** Where a node's summary of its 32 words stands. */
const summaryAt = 32;
const deepest = 4;

/**
 * A sorted map from whole numbers (0 to 2^40 - 1) to whole numbers (0 to 2^31 - 2), as a tree of 1024 branches a node: each node has a bit for
 * each branch in use and a bit for each word of those, so that a neighbour is found with a few count-leading-zeros instructions. It is as
 * deep as its largest key needs, and nodes come from a pool: nothing is allocated once it has grown to its size.
 */
export class RadixIndex {
  #children: Int32Array;
  #maps: Int32Array;
  // Node 0 is never used, so that a child of 0 means none.
  #root = 1;
  #used = 2;
  #free: number[] = [];
  #depth = 2;
  /** Pages of 1024 keys that the present depth reaches. */
  #pages = fan;
  #cachedPage = -1;
  #cachedLeaf = 0;
  readonly #path = new Int32Array(deepest);
  /** A leaf that is empty and still there, for the key that comes next is often its own; 0: none. */
  #emptyLeaf = 0;
  #emptyPage = 0;

  constructor() {
    this.#children = new Int32Array(4 * fan);
    this.#maps = new Int32Array(4 * mapWords);
  }

  /** The value under a key; -1 where there is none. */
  get(key: number): number {
    const leaf = this.#leaf(pageOf(key));
    return leaf === 0 ? -1 : this.#children[leaf * fan + (key & 1023)]! - 1;
  }

  set(key: number, value: number): void {
    const page = pageOf(key);
    let leaf = this.#leaf(page);
    if (leaf === 0) leaf = this.#grow(page);
    if (leaf === this.#emptyLeaf) this.#emptyLeaf = 0;
    this.#children[leaf * fan + (key & 1023)] = value + 1;
    this.#mark(leaf, key & 1023);
  }

  /** Takes a key out; it must be there. */
  delete(key: number): void {
    const page = pageOf(key);
    const leaf = this.#leaf(page);
    const at = key & 1023;
    this.#children[leaf * fan + at] = 0;
    if (!this.#unmark(leaf, at)) return;
    this.#prune();
    this.#emptyLeaf = leaf;
    this.#emptyPage = page;
  }

  /** The smallest key that is not below this one; -1 where there is none. */
  ceiling(key: number): number {
    this.#prune();
    const page = pageOf(key);
    if (page === this.#cachedPage) {
      const at = this.#bitFrom(this.#cachedLeaf, key & 1023);
      if (at >= 0) return page * fan + at;
    }
    if (page >= this.#pages) return -1;
    let level = this.#descend(page);
    let node = this.#path[level]!;
    let at = this.#bitFrom(node, this.#digit(key, page, level));
    while (at < 0) {
      level -= 1;
      if (level < 0) return -1;
      node = this.#path[level]!;
      at = this.#bitFrom(node, this.#digit(key, page, level) + 1);
    }
    let found = Math.floor(key / fan ** (this.#depth - level)) * fan + at;
    for (; level < this.#depth - 1; level += 1) {
      node = this.#children[node * fan + at]!;
      at = this.#bitFrom(node, 0);
      found = found * fan + at;
    }
    return found;
  }

  /** The largest key that is not above this one; -1 where there is none. */
  floor(key: number): number {
    this.#prune();
    let page = pageOf(key);
    if (page === this.#cachedPage) {
      const at = this.#bitTo(this.#cachedLeaf, key & 1023);
      if (at >= 0) return page * fan + at;
    }
    let from = key;
    if (page >= this.#pages) {
      page = this.#pages - 1;
      from = page * fan + 1023;
    }
    let level = this.#descend(page);
    let node = this.#path[level]!;
    let at = this.#bitTo(node, this.#digit(from, page, level));
    while (at < 0) {
      level -= 1;
      if (level < 0) return -1;
      node = this.#path[level]!;
      at = this.#bitTo(node, this.#digit(from, page, level) - 1);
    }
    let found = Math.floor(from / fan ** (this.#depth - level)) * fan + at;
    for (; level < this.#depth - 1; level += 1) {
      node = this.#children[node * fan + at]!;
      at = this.#bitTo(node, 1023);
      found = found * fan + at;
    }
    return found;
  }

  /** The leaf of a page; 0 where there is none. */
  #leaf(page: number): number {
    if (page === this.#cachedPage) return this.#cachedLeaf;
    if (page >= this.#pages) return 0;
    let node = this.#root;
    for (let shift = (this.#depth - 2) * 10; shift >= 0; shift -= 10) {
      node = this.#children[node * fan + ((page >>> shift) & 1023)]!;
      if (node === 0) return 0;
    }
    this.#cachedPage = page;
    this.#cachedLeaf = node;
    return node;
  }

  /** Follows a page's path as far as it exists, noting the nodes; answers the level it came to. */
  #descend(page: number): number {
    let node = this.#root;
    this.#path[0] = node;
    let level = 0;
    for (let shift = (this.#depth - 2) * 10; shift >= 0; shift -= 10) {
      node = this.#children[node * fan + ((page >>> shift) & 1023)]!;
      if (node === 0) break;
      level += 1;
      this.#path[level] = node;
    }
    return level;
  }

  #digit(key: number, page: number, level: number): number {
    const above = this.#depth - 2 - level;
    return above < 0 ? key & 1023 : (page >>> (above * 10)) & 1023;
  }

  #grow(page: number): number {
    while (page >= this.#pages) {
      // An empty root serves at any depth.
      if (this.#maps[this.#root * mapWords + summaryAt] !== 0) {
        const root = this.#allocate();
        this.#children[root * fan] = this.#root;
        this.#mark(root, 0);
        this.#root = root;
      }
      this.#depth += 1;
      this.#pages *= fan;
    }
    let node = this.#root;
    for (let shift = (this.#depth - 2) * 10; shift >= 0; shift -= 10) {
      const at = (page >>> shift) & 1023;
      let child = this.#children[node * fan + at]!;
      if (child === 0) {
        child = this.#allocate();
        this.#children[node * fan + at] = child;
        this.#mark(node, at);
      }
      node = child;
    }
    this.#cachedPage = page;
    this.#cachedLeaf = node;
    return node;
  }

  /** Gives the empty leaf back, and the nodes above that it leaves empty. */
  #prune(): void {
    const leaf = this.#emptyLeaf;
    if (leaf === 0) return;
    this.#emptyLeaf = 0;
    const page = this.#emptyPage;
    this.#descend(page);
    this.#cachedPage = -1;
    this.#free.push(leaf);
    for (let level = this.#depth - 2; level >= 0; level -= 1) {
      const node = this.#path[level]!;
      const at = this.#digit(0, page, level);
      this.#children[node * fan + at] = 0;
      if (!this.#unmark(node, at) || level === 0) return;
      this.#free.push(node);
    }
  }

  #allocate(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if ((this.#used + 1) * fan > this.#children.length) {
      const children = new Int32Array(this.#children.length * 2);
      children.set(this.#children);
      this.#children = children;
      const maps = new Int32Array(this.#maps.length * 2);
      maps.set(this.#maps);
      this.#maps = maps;
    }
    this.#used += 1;
    return this.#used - 1;
  }

  #mark(node: number, at: number): void {
    const maps = this.#maps;
    const word = node * mapWords + (at >>> 5);
    maps[word] = maps[word]! | (1 << (at & 31));
    const summary = node * mapWords + summaryAt;
    maps[summary] = maps[summary]! | (1 << (at >>> 5));
  }

  /** True when the node has no branch left. */
  #unmark(node: number, at: number): boolean {
    const maps = this.#maps;
    const word = node * mapWords + (at >>> 5);
    const left = maps[word]! & ~(1 << (at & 31));
    maps[word] = left;
    if (left !== 0) return false;
    const summary = node * mapWords + summaryAt;
    maps[summary] = maps[summary]! & ~(1 << (at >>> 5));
    return maps[summary] === 0;
  }

  #bitFrom(node: number, from: number): number {
    if (from > 1023) return -1;
    const word = from >>> 5;
    const bits = this.#maps[node * mapWords + word]! & (-1 << (from & 31));
    if (bits !== 0) return word * 32 + lowest(bits);
    if (word === 31) return -1;
    const summary = this.#maps[node * mapWords + summaryAt]! & (-1 << (word + 1));
    if (summary === 0) return -1;
    const next = lowest(summary);
    return next * 32 + lowest(this.#maps[node * mapWords + next]!);
  }

  #bitTo(node: number, to: number): number {
    if (to < 0) return -1;
    const word = to >>> 5;
    const bits = this.#maps[node * mapWords + word]! & (-1 >>> (31 - (to & 31)));
    if (bits !== 0) return word * 32 + 31 - Math.clz32(bits);
    if (word === 0) return -1;
    const summary = this.#maps[node * mapWords + summaryAt]! & (-1 >>> (32 - word));
    if (summary === 0) return -1;
    const next = 31 - Math.clz32(summary);
    return next * 32 + 31 - Math.clz32(this.#maps[node * mapWords + next]!);
  }
}

const pageOf = (key: number): number => (key < 0x7fff_ffff ? key >>> 10 : Math.floor(key / fan));
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);
