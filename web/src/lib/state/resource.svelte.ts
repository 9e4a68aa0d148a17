import { api, sentenceOf } from '../api/client.ts';
import { live } from './live.svelte.ts';

/** One document of the API: read when its address changes, and anew after a lost connection. */
export class Resource<T> {
  data = $state.raw<T | null>(null);
  problem = $state<string | null>(null);
  loading = $state(true);
  #path: string | null = null;

  constructor(path: () => string | null) {
    $effect(() => {
      const now = path();
      if (now !== this.#path) this.data = null;
      this.#path = now;
      if (now) void this.load();
      return live.onReload(() => void this.load());
    });
  }

  async load(): Promise<void> {
    const path = this.#path;
    if (!path) return;
    this.loading = true;
    try {
      const data = await api.get<T>(path);
      if (path !== this.#path) return;
      this.data = data;
      this.problem = null;
    } catch (error) {
      if (path === this.#path) this.problem = sentenceOf(error);
    } finally {
      if (path === this.#path) this.loading = false;
    }
  }
}
