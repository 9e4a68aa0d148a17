/** What one part of the shell asks another to open; that part opens it and takes the wish back. */
class Sheets {
  wanted = $state<'stop' | 'mode' | 'keys' | 'palette' | null>(null);

  /** Whether it is wanted, once. */
  take(sheet: NonNullable<Sheets['wanted']>): boolean {
    if (this.wanted !== sheet) return false;
    this.wanted = null;
    return true;
  }
}

export const sheets = new Sheets();
