import { problemOf } from '../api/client.ts';

type Notice = { id: number; tone: 'done' | 'problem'; sentence: string };

/** What just happened, said at the foot of the page until it is read or dismissed. */
class Notices {
  items = $state<Notice[]>([]);
  #next = 1;

  done(sentence: string): void {
    const id = this.#add('done', sentence);
    setTimeout(() => this.dismiss(id), 6000);
  }

  problem(error: unknown): void {
    this.#add('problem', problemOf(error).detail);
  }

  dismiss(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
  }

  #add(tone: Notice['tone'], sentence: string): number {
    const id = this.#next++;
    this.items = [...this.items.slice(-3), { id, tone, sentence }];
    return id;
  }
}

export const notices = new Notices();
