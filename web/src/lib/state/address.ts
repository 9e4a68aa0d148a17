import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Sets values in the address, removing those that are empty, without leaving the page: a link shows what was seen. */
export function setAddress(values: Readonly<Record<string, string | null>>): void {
  const url = new URL(page.url.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (url.href === page.url.href) return;
  void goto(url, { replace: true, reset: false });
}
