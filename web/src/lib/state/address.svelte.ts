import { goto } from '$app/navigation';
import { page } from '$app/state';

/** A page's state as it stands in its address, so that a link shows what was seen. */
export const address = {
  get: (name: string): string => page.url.searchParams.get(name) ?? '',

  /** Sets and removes (empty) values without leaving the page; Back undoes `push`, not a change of a filter. */
  set(values: Readonly<Record<string, string | null>>, how: 'replace' | 'push' = 'replace'): void {
    const url = new URL(page.url);
    for (const [name, value] of Object.entries(values)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href === page.url.href) return;
    void goto(url, { replaceState: how === 'replace', noScroll: true, keepFocus: true });
  },

  /** The address with one value changed, for links. */
  with(name: string, value: string): string {
    const search = new URLSearchParams(page.url.searchParams);
    if (value) search.set(name, value);
    else search.delete(name);
    const text = search.toString();
    return text ? `${page.url.pathname}?${text}` : page.url.pathname;
  },
};
