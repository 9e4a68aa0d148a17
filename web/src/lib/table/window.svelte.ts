/** From here on only the rows near the screen exist. */
const fromRows = 60;
const spare = 12;

/**
 * Which rows of a long table stand in its scrolled part, for rows of one height: 32 pixels, 44 under a finger. A table that does not scroll by
 * itself has all of them.
 */
export function createWindow(count: () => number, scrolls: () => boolean) {
  const rowHeight = matchMedia('(pointer: coarse)').matches ? 44 : 32;
  let top = $state(0);
  let height = $state(800);
  const all = $derived(count() <= fromRows || !scrolls());
  // Rounded to a few rows, so that most scrolling changes nothing.
  const from = $derived(all ? 0 : Math.max(0, Math.floor(top / rowHeight / 4) * 4 - spare));
  const to = $derived(all ? count() : Math.min(count(), Math.ceil((top + height) / rowHeight) + spare));

  function attach(element: HTMLElement): () => void {
    const onScroll = (): void => {
      top = element.scrollTop;
    };
    const observer = new ResizeObserver(() => {
      height = element.clientHeight;
    });
    element.addEventListener('scroll', onScroll, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }

  return {
    attach,
    /** Whether some rows do not exist. */
    get partial() {
      return !all;
    },
    get from() {
      return Math.min(from, Math.max(0, count() - 1));
    },
    get to() {
      return to;
    },
    /** The height of the rows that are not there, in pixels. */
    get above() {
      return all ? 0 : from * rowHeight;
    },
    get below() {
      return all ? 0 : Math.max(0, (count() - to) * rowHeight);
    },
  };
}
