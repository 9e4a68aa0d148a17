import { sentenceOf } from '../api/client.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'said' | 'failed';
  readonly text: string;
  readonly link: { readonly href: string; readonly text: string } | null;
}

const shownMs = 6000;

/** Short answers to what somebody just did. What failed stays until it is closed. */
class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #last = 0;

  say(text: string, link: Toast['link'] = null): void {
    const id = this.#add({ tone: 'said', text, link });
    setTimeout(() => this.close(id), shownMs);
  }

  fail(error: unknown): void {
    this.#add({ tone: 'failed', text: sentenceOf(error), link: null });
  }

  close(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = ++this.#last;
    this.items = [...this.items.slice(-3), { ...toast, id }];
    return id;
  }
}

export const toasts = new Toasts();
