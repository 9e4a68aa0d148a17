import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Puts values in the address without a step in the history, so that a link shows what is seen. */
export function setAddress(values: Record<string, string | null>): void {
  const url = new URL(page.url.href);
  for (const [key, value] of Object.entries(values)) {
    if (value) url.searchParams.set(key, value);
    else url.searchParams.delete(key);
  }
  void goto(url, { replace: true, reset: false });
}
