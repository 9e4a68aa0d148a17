const everyMs = 200;

/** How far it is, on one line of a terminal; nothing where standard error is none. */
export function createProgress(whole: number): { show(done: number): void; clear(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show() {}, clear() {} };
  let lastMs = 0;
  let shown = false;
  return {
    show(done) {
      const nowMs = performance.now();
      if (nowMs - lastMs < everyMs) return;
      lastMs = nowMs;
      shown = true;
      const share = whole === 0 ? 100 : Math.min(100, Math.floor((done / whole) * 100));
      stderr.write(`\r\u001b[K${done} of ${whole} decisions (${share} %)`);
    },
    clear() {
      if (shown) stderr.write('\r\u001b[K');
      shown = false;
    },
  };
}
