import { ApiProblem } from '../api/client.ts';

export type Notice = { id: number; kind: 'done' | 'problem'; text: string };

/** Short messages at the edge of the page. What went wrong stays until it is put away. */
class Notices {
  items = $state<Notice[]>([]);
  #next = 1;

  done(text: string): void {
    const id = this.#add('done', text);
    setTimeout(() => this.dismiss(id), 5000);
  }

  problem(error: unknown): void {
    this.#add('problem', error instanceof ApiProblem || error instanceof Error ? error.message : String(error));
  }

  dismiss(id: number): void {
    this.items = this.items.filter((notice) => notice.id !== id);
  }

  #add(kind: Notice['kind'], text: string): number {
    const id = this.#next++;
    this.items = [...this.items.slice(-3), { id, kind, text }];
    return id;
  }
}

export const notices = new Notices();
